import Synchronization

/// A loop's time that goes on only when the test says so.
final class ManualClock: Sendable {
    private let time = Atomic<UInt64>(1_000_000_000)

    var now: UInt64 { time.load(ordering: .sequentiallyConsistent) }

    /// Unit: nanoseconds.
    func advance(_ nanoseconds: UInt64) { time.add(nanoseconds, ordering: .sequentiallyConsistent) }
}
