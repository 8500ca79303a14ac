import EventLoop

/// How a request waits for room among the connections that a Unix socket's listener has not accepted yet: connecting does
/// not wait there as it does for TCP, and nobody tells when there is room.
struct Queueing {
    /// Unit: nanoseconds.
    private static let firstPause: UInt64 = 2_000_000
    private static let longestPause: UInt64 = 64_000_000

    let timer = Timer()
    private let since: UInt64
    private var pause = Queueing.firstPause

    init(since: UInt64) { self.since = since }

    /// - Parameter limit: how long connecting may take; 0: as long as it takes. Unit: seconds.
    func isWorthIt(_ now: UInt64, limit: Int) -> Bool {
        limit == 0 || now &- since < UInt64(limit) * 1_000_000_000
    }

    /// Before it is tried again; longer each time.
    mutating func nextPause() -> UInt64 {
        defer { pause = min(2 * pause, Self.longestPause) }
        return pause
    }
}
