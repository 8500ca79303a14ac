/// What the shell remembers of the workers' links, one for each loop, and of what it has asked the master for.
struct LinkLedger {
    private struct Worker {
        let pool: UInt32
        /// How many loops were given their link, the first ones first.
        var given = 0
        /// How many of those links have not ended.
        var open = 0
        /// No new request goes to it: the master said so, or a link broke.
        var isLeaving = false
    }

    private let loopCount: Int
    private var workers: [UInt64: Worker] = [:]
    private var activating: Set<UInt32> = []

    init(loopCount: Int) { self.loopCount = loopCount }

    /// The master sent a link: answers the number of the loop that it is for, nil where it is for none.
    mutating func assign(_ worker: UInt64, of pool: UInt32) -> Int? {
        var entry = workers[worker] ?? Worker(pool: pool)
        guard entry.pool == pool, !entry.isLeaving, entry.given < loopCount else { return nil }
        entry.given += 1
        entry.open += 1
        workers[worker] = entry
        activating.remove(pool)
        return entry.given - 1
    }

    /// The master said that the worker gets no new request, or that it is gone.
    mutating func retire(_ worker: UInt64) { workers[worker]?.isLeaving = true }

    /// A link ended on its loop; answers whether that is news to the master and the other loops.
    mutating func ended(_ worker: UInt64) -> Bool {
        guard var entry = workers[worker] else { return false }
        let isNews = !entry.isLeaving
        entry.open -= 1
        entry.isLeaving = true
        workers[worker] = entry.open > 0 ? entry : nil
        return isNews
    }

    /// A loop has no link to a worker of the pool; answers whether the master must be asked.
    mutating func wants(_ pool: UInt32) -> Bool {
        // Where there is a worker, the loop's link is on its way to it.
        guard !workers.values.contains(where: { $0.pool == pool && !$0.isLeaving }) else { return false }
        return activating.insert(pool).inserted
    }

    /// Whether it has links that have not ended.
    func hasLinks(to worker: UInt64) -> Bool { workers[worker] != nil }

    /// Whether the worker gets no new request.
    func isLeaving(_ worker: UInt64) -> Bool { workers[worker]?.isLeaving ?? false }

    /// The workers that every loop has a link to.
    var linked: [UInt64] { workers.filter { $0.value.given == loopCount && !$0.value.isLeaving }.keys.sorted() }

    /// Another master has come, which knows nothing of what the one before it was asked.
    mutating func masterCame() { activating = [] }

    /// The worker that was asked for does not come.
    mutating func activationFailed(_ pool: UInt32) { activating.remove(pool) }
}
