import Wire

/// How much workers may tell of their applications: of each pool so many events and bytes at once, and so many a second
/// from then on. A program that fails with each request, or a worker that lies, fills nobody's event log.
///
/// Times are nanoseconds of one clock.
struct ModuleEventGate {
    /// So many events at once.
    static let burst = 200
    /// So many a second from then on.
    static let rate = 2
    /// After too many, nothing is told until so many may be told at once again.
    private static let reopening = burst / 4
    /// So much text at once; beyond it texts are cut. Unit: bytes.
    static let textBurst = 1 << 19
    /// So much a second from then on. Unit: bytes.
    static let textRate = 4096
    /// What is left of a text beyond it. Unit: bytes.
    static let shortText = 1024
    private static let second: UInt64 = 1_000_000_000

    enum Ruling: Equatable {
        /// With how many that were left out before it.
        case told(ModuleNotice, missed: Int)
        /// `isFirst`: nothing was left out just before.
        case leftOut(isFirst: Bool)
    }

    private struct Use {
        /// In thousand-millionths, so that every nanosecond counts.
        var events: UInt64 = UInt64(burst) * second
        var text: UInt64 = UInt64(textBurst) * second
        var time: UInt64
        var missed = 0
        var isShut = false

        var isFull: Bool { events == UInt64(burst) * second && text == UInt64(textBurst) * second && missed == 0 }

        mutating func refill(_ now: UInt64) {
            // After an hour everything is full.
            let passed = min(now &- min(time, now), 3600 * second)
            events = min(events + passed * UInt64(rate), UInt64(burst) * second)
            text = min(text + passed * UInt64(textRate), UInt64(textBurst) * second)
            time = now
        }
    }

    private var uses: [String: Use] = [:]

    mutating func rule(_ notice: ModuleNotice, of pool: String, now: UInt64) -> Ruling {
        if uses[pool] == nil { forget(now) }
        var use = uses[pool] ?? Use(time: now)
        defer { uses[pool] = use }
        use.refill(now)
        if use.isShut, use.events >= UInt64(Self.reopening) * Self.second { use.isShut = false }
        guard !use.isShut, use.events >= Self.second else {
            defer {
                use.isShut = true
                use.missed += 1
            }
            return .leftOut(isFirst: !use.isShut)
        }
        use.events -= Self.second
        let cost = UInt64(notice.size) * Self.second
        let isAffordable = use.text >= cost
        if isAffordable { use.text -= cost }
        defer { use.missed = 0 }
        return .told(isAffordable ? notice : notice.cut(to: Self.shortText), missed: use.missed)
    }

    /// Pools that have told nothing for long are no burden.
    private mutating func forget(_ now: UInt64) {
        for (pool, use) in uses {
            var use = use
            use.refill(now)
            if use.isFull { uses[pool] = nil }
        }
    }
}
