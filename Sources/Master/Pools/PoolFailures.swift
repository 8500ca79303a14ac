/// What rapid-fail protection knows of a pool's failures, and how far apart starts of a failing pool are kept.
struct PoolFailures: Equatable, Sendable {
    /// A worker that was ready for so long has not failed at once. Unit: nanoseconds.
    private static let quickly: UInt64 = 10_000_000_000
    /// So many quick failures in a row delay nothing: whoever kills a worker gets the next one at once, and where
    /// rapid-fail protection is as IIS has it the pool is offline long before.
    private static let freeFailures = 20
    private static let firstDelay = Duration.milliseconds(100)
    private static let longestDelay = Duration.seconds(30)

    private(set) var isOffline = false
    /// When workers failed within the interval of rapid-fail protection, in nanoseconds.
    private var times: [UInt64] = []
    private var quickOnes = 0
    /// No worker is started before, in nanoseconds.
    private(set) var earliestStart: UInt64 = 0

    /// Starting workers makes no sense.
    mutating func takeOffline() { isOffline = true }

    /// Answers how many there were within the interval when this one takes the pool offline.
    ///
    /// - Parameters:
    ///   - readySince: nil for a worker that never was ready.
    ///   - limit: nil where failures take no pool offline.
    mutating func add(at now: UInt64, readySince: UInt64?, limit: HostingPlan.RapidFailProtection?) -> Int? {
        if let readySince, now - readySince >= Self.quickly { quickOnes = 0 } else { quickOnes += 1 }
        if quickOnes > Self.freeFailures {
            let delay = Self.firstDelay * (1 << min(quickOnes - Self.freeFailures - 1, 10))
            earliestStart = now + min(delay, Self.longestDelay).nanoseconds
        }
        guard let limit else { return nil }
        times = times.filter { now - $0 < limit.interval.nanoseconds } + [now]
        guard times.count >= limit.maximumCrashes, !isOffline else { return nil }
        isOffline = true
        return times.count
    }
}
