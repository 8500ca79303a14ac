internal import EventLoop

/// The time of day, looked up a few times a second.
final class WallTime {
    private let loop: EventLoop
    private let clock: () -> Int64
    private var known: Int64 = 0
    private var checkedAt: UInt64?
    /// How long a look at the clock holds. Unit: nanoseconds.
    private static let validity: UInt64 = 50_000_000

    /// `clock` tells whole seconds since 1970, UTC.
    init(_ loop: EventLoop, _ clock: @escaping () -> Int64) {
        self.loop = loop
        self.clock = clock
    }

    /// Whole seconds since 1970, UTC.
    var seconds: Int64 {
        if let checkedAt, loop.now - checkedAt <= Self.validity { return known }
        checkedAt = loop.now
        known = clock()
        return known
    }
}
