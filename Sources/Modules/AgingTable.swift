/// A table of bounded size whose entries go when they have not been written for a while.
///
/// Entries live in two generations. When the younger one is full or `period` old, the elder one is forgotten and it takes
/// its place; writing an entry moves it to the younger. So an entry is there for `period` at least, unless more than
/// `capacity` others come, and at most twice as long.
struct AgingTable<Key: Hashable, Value> {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private var turnedAt: UInt64?
    /// Entries of one generation.
    private let capacity: Int
    /// Unit: milliseconds.
    private let period: UInt64

    init(capacity: Int, period: UInt64) {
        self.capacity = capacity
        self.period = period
    }

    /// - Parameter now: milliseconds of a clock that never goes back.
    mutating func value(of key: Key, now: UInt64) -> Value? {
        turn(now)
        return young[key] ?? old[key]
    }

    /// Changes the entry, made of `default` where there is none.
    mutating func update<Result>(
        _ key: Key, now: UInt64, default value: @autoclosure () -> Value, _ change: (inout Value) -> Result
    ) -> Result {
        turn(now)
        if young[key] == nil {
            let entry = old.removeValue(forKey: key) ?? value()
            if young.count >= capacity { age(now) }
            young[key] = entry
        }
        return change(&young[key, default: value()])
    }

    mutating func remove(_ key: Key) {
        young[key] = nil
        old[key] = nil
    }

    private mutating func turn(_ now: UInt64) {
        guard let turnedAt else {
            self.turnedAt = now
            return
        }
        guard now >= turnedAt + period else { return }
        if now >= turnedAt + 2 * period { young.removeAll() }
        age(now)
    }

    private mutating func age(_ now: UInt64) {
        old = young
        young.removeAll()
        turnedAt = now
    }
}
