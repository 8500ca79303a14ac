internal import CPlatform
internal import Glibc
internal import Synchronization

/// A call that may never return, as those to a network file system may: waited for no longer than a limit.
///
/// It runs on a thread of its own. One that is given up on keeps its thread until the system lets go of it, and what it
/// returns then is dropped.
public enum BoundedCall {
    /// What `body` returned; nil where it had not within `limit`. Throws where no thread can be had.
    public static func run<Result: Sendable>(
        limit: Duration, _ body: @escaping @Sendable () -> Result
    ) throws(SystemError) -> Result? {
        let number = eventfd(0, Int32(EFD_CLOEXEC))
        guard number >= 0 else { throw SystemError("eventfd") }
        let outcome = Outcome<Result>(FileDescriptor(owning: number))
        try Thread.start { outcome.put(body()) }
        let (seconds, attoseconds) = limit.components
        _ = outcome.arrival.waitForInput(timeout: Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000))
        return outcome.value.withLock { $0 }
    }

    private final class Outcome<Result: Sendable>: Sendable {
        let value = Mutex<Result?>(nil)
        let arrival: FileDescriptor

        init(_ arrival: consuming FileDescriptor) { self.arrival = arrival }

        func put(_ result: Result) {
            value.withLock { $0 = result }
            eventfd_write(arrival.number, 1)
        }
    }
}
