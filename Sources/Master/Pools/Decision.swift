import Wire

/// What one occurrence leads to, and what the pools' machines have in common while they decide.
struct Decision {
    /// Nanoseconds of any clock that goes forward.
    var now: UInt64 = 0
    /// Whether workers may be started: neither before the router is ready nor once the server ends.
    var isOpen = false
    /// So many pools may have workers before no further one is started on demand.
    var demandStartThreshold = Int.max
    /// Administrators or rapid-fail protection decided something that the next master is to know.
    var changesStanding = false
    /// Those that hear what routers are told.
    var routers: Set<UInt64> = []
    /// The highest number that any worker has or had.
    private(set) var lastWorker: UInt64 = 0
    /// The pools of the workers that there are.
    private(set) var pools: [UInt64: UInt32] = [:]
    private(set) var actions: [Action] = []

    mutating func take() -> [Action] {
        defer { actions = [] }
        return actions
    }

    mutating func add(_ new: Action...) { actions += new }

    mutating func record(_ report: Report) { actions.append(.record(report)) }

    /// Where there is no router nobody is told: the next one learns everything anew.
    mutating func tellRouter(_ message: ControlMessage) {
        if !routers.isEmpty { actions.append(.tellRouter(message)) }
    }

    /// Whether a request may start the first worker of this pool.
    func allowsDemandStart(of pool: UInt32) -> Bool {
        guard pools.count >= demandStartThreshold else { return true }
        let started = Set(pools.values)
        return started.contains(pool) || started.count < demandStartThreshold
    }

    /// A number that no worker had before.
    mutating func numberWorker(of pool: UInt32) -> UInt64 {
        lastWorker += 1
        pools[lastWorker] = pool
        return lastWorker
    }

    /// A worker of an earlier master keeps its number.
    mutating func adopt(_ worker: UInt64, of pool: UInt32) {
        lastWorker = max(lastWorker, worker)
        pools[worker] = pool
    }

    mutating func forget(_ worker: UInt64) { pools[worker] = nil }
}

extension Duration {
    /// 0 for negative ones.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
