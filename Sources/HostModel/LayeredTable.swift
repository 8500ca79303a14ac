/// A dictionary that is large, shared by many versions, and a little different in each: a copy with a few changes costs
/// these and not the whole.
struct LayeredTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var base: [Key: Value] = [:]
    /// Over `base`; nil for what is not there any more.
    private var changes: [Key: Value?] = [:]
    private var isShared = false

    init() {}

    /// So many changes are taken up into a base of so many values at the latest.
    private var limit: Int { 64 + base.count / 16 }

    subscript(key: Key) -> Value? {
        get {
            if let changed = changes[key] { return changed }
            return base[key]
        }
        set {
            guard isShared else {
                base[key] = newValue
                return
            }
            changes.updateValue(newValue, forKey: key)
            guard changes.count > limit else { return }
            for (key, value) in changes { base[key] = value }
            changes = [:]
        }
    }

    /// Changes the value of a key, which begins as `start`.
    mutating func change(_ key: Key, from start: Value, _ change: (inout Value) -> Void) {
        guard isShared else { return change(&base[key, default: start]) }
        var value = self[key] ?? start
        change(&value)
        self[key] = value
    }

    mutating func reserveCapacity(_ count: Int) { base.reserveCapacity(count) }

    /// From now on changes leave to other versions what they share.
    mutating func share() { isShared = true }
}
