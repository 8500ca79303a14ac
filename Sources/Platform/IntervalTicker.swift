internal import CPlatform
internal import Glibc

/// Becomes readable again and again, at an interval finer than a loop's timers have.
public struct IntervalTicker: ~Copyable, Sendable {
    public let descriptor: FileDescriptor

    /// Ticks every `interval` nanoseconds, for the first time then.
    public init(interval: UInt64) throws(SystemError) {
        let number = hostelry_ticker(interval)
        guard number >= 0 else { throw SystemError("timerfd_create") }
        descriptor = FileDescriptor(owning: number)
    }

    /// Takes note of the ticks so far; the next is reported again.
    public borrowing func clear() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor.number, &count, MemoryLayout<UInt64>.size)
    }
}
