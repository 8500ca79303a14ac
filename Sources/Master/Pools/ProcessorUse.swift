/// How much processor time a pool used within the interval that runs.
struct ProcessorUse: Equatable, Sendable {
    private var began: UInt64 = 0
    private var used: UInt64 = 0

    /// Adds nanoseconds of use; answers whether the budget is exceeded, and then begins anew.
    mutating func add(_ time: UInt64, at now: UInt64, _ budget: PoolLife.ProcessorBudget) -> Bool {
        if now - began >= budget.interval.nanoseconds {
            began = now
            used = 0
        }
        used += time
        guard used > budget.time.nanoseconds else { return false }
        began = now
        used = 0
        return true
    }
}
