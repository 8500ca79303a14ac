/// How far an upgrade in place has come.
enum Upgrade: Equatable, Sendable {
    case none
    /// The new version is looked at.
    case checking
    /// This is the new version; what the old one ran is taken over.
    case awaitingStart
    /// A second router is to take over.
    case router
    case pools(RollingUpgrade)
}

/// Replaces the workers that ran before an upgrade, a few pools at a time.
struct RollingUpgrade: Equatable, Sendable {
    /// So many pools have two generations of workers at once.
    private static let width = 4

    /// Workers up to this number ran before.
    private let lastWorker: UInt64
    /// In the order in which they come; a pool leaves when none of its old workers takes requests any more.
    private var waiting: [UInt32]
    private var active: Set<UInt32> = []

    init(pools: [UInt32], lastWorker: UInt64) {
        waiting = pools.reversed()
        self.lastWorker = lastWorker
    }

    var isFinished: Bool { waiting.isEmpty && active.isEmpty }

    /// Called after everything that happens.
    mutating func advance(_ pools: inout [UInt32: PoolSupervision], _ decision: inout Decision) {
        for id in active.sorted() where recycle(&pools[id], &decision) { active.remove(id) }
        while active.count < Self.width, let id = waiting.popLast() {
            if !recycle(&pools[id], &decision) { active.insert(id) }
        }
    }

    /// Whether nothing is left to be replaced: none of the old workers is there, or its successor did not come up.
    private func recycle(_ pool: inout PoolSupervision?, _ decision: inout Decision) -> Bool {
        let workers = pool?.workers ?? []
        let old = workers.filter { $0.id <= lastWorker && $0.isCurrent && $0.postponed == nil }
        // Each once; one that is still starting has its turn when it is ready.
        for worker in old where worker.isStanding && worker.recycling == nil {
            pool?.replace(worker.id, .upgrade, &decision)
        }
        return old.isEmpty
    }
}
