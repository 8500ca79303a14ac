internal import Synchronization

/// How many requests wait in a pool's queue, on all loops together.
final class QueueCount: Sendable {
    private let count = Atomic<Int>(0)

    /// Counts a request in unless `limit` of them wait already; answers whether it may wait.
    func enter(limit: Int) -> Bool {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            leave(1)
            return false
        }
        return true
    }

    /// How many wait now.
    var waiting: Int { count.load(ordering: .relaxed) }

    func leave(_ number: Int) { count.wrappingSubtract(number, ordering: .relaxed) }
}
