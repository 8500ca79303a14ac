internal import Synchronization

/// Which of this process's children it started itself: the others came to it when their parents ended.
package enum StartedChildren {
    private struct State: Equatable {
        var pids: Set<Int32> = []
        /// Starts under way: their children are there and not known yet.
        var pending = 0
        /// Counts the starts.
        var begun: UInt64 = 0
    }

    private static let state = Mutex(State())

    package static func begin() {
        state.withLock {
            $0.pending += 1
            $0.begun += 1
        }
    }

    /// - Parameter pid: nil where nothing was started.
    package static func end(_ pid: Int32?) {
        state.withLock {
            $0.pending -= 1
            if let pid { $0.pids.insert(pid) }
        }
    }

    /// The number may mean another process from now on.
    static func reaped(_ pid: Int32) { state.withLock { _ = $0.pids.remove(pid) } }

    /// The processes of now, and those among this one's children that it started; nil for these where something was being
    /// started meanwhile, so that nobody can tell.
    static func table() -> (table: ProcessTable, started: Set<Int32>?) {
        let before = state.withLock(\.self)
        let table = ProcessTable.now()
        let after = state.withLock(\.self)
        let isKnown = before.pending == 0 && before.begun == after.begun
        return (table, isKnown ? before.pids.union(after.pids) : nil)
    }
}
