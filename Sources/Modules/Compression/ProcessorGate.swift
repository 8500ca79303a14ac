import Platform

/// Whether there is time to compress: no longer when the processors become too busy, again when they have rested.
struct ProcessorGate {
    private let closesAt: Int
    private let opensBelow: Int
    private var isOpen = true

    /// - Parameters:
    ///   - closesAt: unit: percent of all processors' time.
    ///   - opensBelow: the same.
    init(closesAt: Int, opensBelow: Int) {
        self.closesAt = closesAt
        self.opensBelow = opensBelow
    }

    mutating func isOpen(at use: Int) -> Bool {
        if isOpen {
            isOpen = use < closesAt
        } else {
            isOpen = use < opensBelow && use < closesAt
        }
        return isOpen
    }
}

/// How busy the processors were lately.
final class ProcessorUse {
    /// How often it is looked at, at most. Unit: milliseconds; IIS: 30 s.
    static let period: UInt64 = 30_000

    private let times: () -> ProcessorTimes?
    private var last: (times: ProcessorTimes, at: UInt64)?
    private var percent = 0

    init(_ times: @escaping () -> ProcessorTimes? = ProcessorTimes.now) { self.times = times }

    /// The share of work in the last period that somebody asked in. Unit: percent; 0 until one has passed.
    ///
    /// - Parameter now: unit: milliseconds.
    func percent(now: UInt64) -> Int {
        guard let last else {
            self.last = times().map { ($0, now) }
            return 0
        }
        guard now - last.at >= Self.period, let current = times() else { return percent }
        // What was long ago says nothing about now.
        percent = now - last.at < 2 * Self.period ? current.use(since: last.times) : 0
        self.last = (current, now)
        return percent
    }
}
