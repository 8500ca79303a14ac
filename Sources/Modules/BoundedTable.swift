/// Values by key that together take no more than they may: when they would, those go first that were not used since
/// they were last passed over.
struct BoundedTable<Key: Hashable, Value> {
    private struct Entry {
        var value: Value
        var cost: Int64
        var isUsed = false
    }

    private var entries: [Key: Entry] = [:]
    /// In the order of their coming.
    private var order: ArraySlice<Key> = []
    /// The sum of all costs.
    private(set) var size: Int64 = 0

    mutating func find(_ key: Key) -> Value? {
        guard let index = entries.index(forKey: key) else { return nil }
        entries.values[index].isUsed = true
        return entries.values[index].value
    }

    /// - Parameter capacity: what all values may cost, this one included.
    mutating func insert(_ value: Value, _ key: Key, cost: Int64, capacity: Int64) {
        guard cost <= capacity else { return }
        if let old = entries.updateValue(Entry(value: value, cost: cost), forKey: key) {
            size -= old.cost
        } else {
            order.append(key)
        }
        size += cost
        while size > capacity, !order.isEmpty { evict(for: key) }
    }

    /// Goes through the keys in their order: one that was used since the last time is spared, and so is the newcomer; the
    /// first of the others goes.
    private mutating func evict(for newcomer: Key) {
        while let key = order.popFirst() {
            guard let index = entries.index(forKey: key) else { continue }
            guard entries.values[index].isUsed || key == newcomer else {
                size -= entries.values[index].cost
                entries.remove(at: index)
                return
            }
            entries.values[index].isUsed = false
            order.append(key)
        }
    }
}
