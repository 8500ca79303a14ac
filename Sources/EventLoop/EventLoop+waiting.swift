public import Platform
internal import Synchronization

/// What the loop waits for while threads do it.
struct WaitingWork {
    /// So many calls may hang before others of the same loop have to wait.
    static let threadLimit = 8

    var threads: BlockingThreads?
    fileprivate var completions: [UInt64: () -> Void] = [:]
    /// What signals call.
    var actions: [UInt64: () -> Void] = [:]
    var last: UInt64 = 0
}

extension EventLoop {
    /// Does `work`, which may wait for a disk, on another thread, and then calls `completion` in a turn of this loop.
    ///
    /// Different pieces of work may be done at the same time and end in any order. Where no thread can be had, the work
    /// is done here: late is better than never.
    ///
    /// - Parameter threads: where it is done; the loop's own threads, eight at most, where none are given.
    public func perform<Result: Sendable>(
        on threads: BlockingThreads? = nil, _ work: @escaping @Sendable () -> Result,
        then completion: @escaping (Result) -> Void
    ) {
        let job = self.job(work, then: completion)
        do throws(SystemError) {
            if let threads { try threads.execute(job) } else { try ownThreads().execute(job) }
        } catch {
            job()
        }
    }

    /// Does `work`, which may never end, on a thread of its own, and then calls `completion` in a turn of this loop. Throws,
    /// and does nothing, where there is no thread.
    public func performAlone<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, then completion: @escaping (Result) -> Void
    ) throws(SystemError) {
        let job = self.job(work, then: completion)
        do throws(SystemError) {
            try Thread.start { job() }
        } catch {
            waitingWork.completions[waitingWork.last] = nil
            throw error
        }
    }

    /// Waits for what the loop's own threads have begun, two seconds at most. No completion is called any more: for a
    /// process that is about to end.
    public func finishWork() { waitingWork.threads?.finish() }

    private func job<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, then completion: @escaping (Result) -> Void
    ) -> @Sendable () -> Void {
        let result = ResultBox<Result>()
        waitingWork.last += 1
        let number = waitingWork.last
        waitingWork.completions[number] = { if let value = result.take() { completion(value) } }
        let remote = remote
        return {
            result.put(work())
            remote.execute { $0.waitingWork.completions.removeValue(forKey: number)?() }
        }
    }

    private func ownThreads() throws(SystemError) -> BlockingThreads {
        if let threads = waitingWork.threads { return threads }
        let threads = try BlockingThreads(limit: WaitingWork.threadLimit)
        waitingWork.threads = threads
        return threads
    }
}

/// Carries a result from the thread that made it to the loop's.
private final class ResultBox<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func put(_ new: Value) { value.withLock { $0 = new } }

    func take() -> Value? { value.withLock { $0 } }
}
