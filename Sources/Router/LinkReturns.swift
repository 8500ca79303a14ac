/// What becomes of links that the master wants back, because it is about to stop their worker.
///
/// First every loop keeps requests from its link; then all links are closed, if none has a request in work, or all go on.
struct LinkReturns {
    private struct Pausing {
        /// Loops that have not answered.
        var missing: Int
        var isQuiet = true
    }

    private var pausing: [UInt64: Pausing] = [:]
    /// Workers whose links are being closed.
    private var closing: Set<UInt64> = []

    mutating func begin(_ worker: UInt64, loopCount: Int) {
        closing.remove(worker)
        pausing[worker] = Pausing(missing: loopCount)
    }

    /// A loop keeps requests back. Answers what follows once all do: whether the links are to be closed, or go on.
    mutating func paused(_ worker: UInt64, isQuiet: Bool) -> Bool? {
        guard var pause = pausing.removeValue(forKey: worker) else { return nil }
        pause.missing -= 1
        pause.isQuiet = pause.isQuiet && isQuiet
        guard pause.missing == 0 else {
            pausing[worker] = pause
            return nil
        }
        if pause.isQuiet { closing.insert(worker) }
        return pause.isQuiet
    }

    /// The worker has no link; answers whether the master waits to hear that.
    mutating func finish(_ worker: UInt64) -> Bool { closing.remove(worker) != nil }

    /// Nobody stops the worker now. The next master learns which links there are.
    mutating func masterGone() {
        for worker in pausing.keys { pausing[worker]?.isQuiet = false }
        closing = []
    }
}
