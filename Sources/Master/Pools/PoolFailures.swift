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

    init() {}

    // MARK: For the next master

    /// In four words: `online 2 0 100,200`.
    var words: String {
        let times = times.map(String.init).joined(separator: ",")
        return "\(isOffline ? "offline" : "online") \(quickOnes) \(earliestStart) \(times.isEmpty ? "-" : times)"
    }

    /// Nil for what is none.
    init?(words: ArraySlice<Substring>) {
        let words = Array(words)
        guard words.count == 4, words[0] == "offline" || words[0] == "online", let quickOnes = Int(words[1]),
            quickOnes >= 0, let earliestStart = UInt64(words[2])
        else { return nil }
        isOffline = words[0] == "offline"
        self.quickOnes = quickOnes
        self.earliestStart = earliestStart
        guard words[3] != "-" else { return }
        let texts = words[3].split(separator: ",")
        times = texts.compactMap { UInt64($0) }
        guard times.count == texts.count else { return nil }
    }

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
        times = times.filter { now &- $0 < limit.interval.nanoseconds } + [now]
        guard times.count >= limit.maximumCrashes, !isOffline else { return nil }
        isOffline = true
        return times.count
    }
}
