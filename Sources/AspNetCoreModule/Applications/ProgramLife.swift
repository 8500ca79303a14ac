/// The states of an application that is a program of its own, and what becomes of each event: decisions alone.
///
///              look ────────► serving ──── other settings, app_offline.htm, the end ────► stopping
///     idle ──►  │ ▲              ▲                                                          │
///               │ └─ a request, at most every 200 ms                                        ▼
///               └──► offline, failed                                                      idle, ended
///
/// A request waits while what holds is looked at and while the program stops; it is never dropped.
///
/// - Setup: what was read of the configuration and its files; the program is started anew where it yields.
/// - Page: what `app_offline.htm` holds.
/// - Failure: why the application may not run; it stays until something changes (the reference calls it sticky).
struct ProgramLife<Setup: YieldingSetup, Page, Failure> {
    enum State {
        /// Nothing is known, or no longer.
        case idle
        case offline(Page)
        case failed(Failure)
        /// Processes are started as requests come.
        case serving(Setup)
        /// Its processes are told to end and have time to finish.
        case stopping
        /// For good: the worker ends, or the application is no longer this pool's.
        case ended
    }

    /// What a look found.
    enum Finding {
        case offline(Page)
        case failed(Failure)
        case ready(Setup)
    }

    /// What becomes of a request.
    enum Answer {
        /// It asks again when `release` is told.
        case wait
        case serve
        case offline(Page)
        case failed(Failure)
        /// The server ends.
        case refused
    }

    enum Action: Equatable {
        /// Find out what holds; answered by `looked`.
        case look
        /// Make what the setup says ready to start processes.
        case open
        /// End the processes; answered by `stopped`.
        case stop
        /// Every request that waits asks again.
        case release
        /// `app_offline.htm` took the application away.
        case tellOffline
    }

    /// For how long a look at a program that does not run holds. Unit: milliseconds. ANCM: 200.
    static var lookInterval: UInt64 { 200 }

    private(set) var state = State.idle
    private var isLooking = false
    /// Something has happened since the look under way began.
    private var mustLookAgain = false
    private var mayNotServe = false
    private var lookedAt: UInt64 = 0
    /// Whether something has happened since then to what does not serve.
    private var isOutdated = false

    /// - Parameters:
    ///   - isNews: whether the request was sent here by a configuration that has not been looked at.
    ///   - isUnwatched: whether nobody says `changed`, so that requests have it looked at from time to time.
    ///   - now: milliseconds.
    mutating func request(isNews: Bool, isUnwatched: Bool = false, now: UInt64) -> (Answer, [Action]) {
        switch state {
        case .ended: return (.refused, [])
        case .stopping: return (.wait, [])
        case .idle: return (.wait, look())
        case .serving:
            if isNews { return (.wait, look()) }
            return (.serve, isUnwatched && isDue(now) ? look() : [])
        case .offline(let page): return isDue(now) ? (.wait, look()) : (.offline(page), [])
        case .failed(let failure): return isDue(now) || isNews ? (.wait, look()) : (.failed(failure), [])
        }
    }

    private func isDue(_ now: UInt64) -> Bool { isOutdated || now &- lookedAt >= Self.lookInterval }

    private mutating func look() -> [Action] {
        if isLooking { return [] }
        isLooking = true
        return [.look]
    }

    /// Something happened in the application's folder, or another configuration came.
    mutating func changed() -> [Action] {
        switch state {
        case .serving:
            if isLooking { mustLookAgain = true }
            return look()
        // The next request looks.
        case .offline, .failed:
            isOutdated = true
            if isLooking { mustLookAgain = true }
            return []
        case .idle:
            if isLooking { mustLookAgain = true }
            return []
        case .stopping, .ended: return []
        }
    }

    mutating func looked(_ finding: Finding, now: UInt64) -> [Action] {
        isLooking = false
        isOutdated = false
        lookedAt = now
        switch state {
        case .stopping, .ended: return []
        case .serving(let old):
            switch finding {
            case .ready(let new): if old.yields(to: new) { return stop() }
            case .failed: if old.yields(to: nil) { return stop() }
            case .offline: return [.tellOffline] + stop()
            }
        case .idle, .offline, .failed:
            switch finding {
            case .ready(let setup):
                state = .serving(setup)
                return (mustLookAgain ? lookAgain() : []) + [.open, .release]
            case .failed(let failure): state = .failed(failure)
            case .offline(let page): state = .offline(page)
            }
        }
        return (mustLookAgain ? lookAgain() : []) + [.release]
    }

    private mutating func lookAgain() -> [Action] {
        mustLookAgain = false
        return look()
    }

    private mutating func stop() -> [Action] {
        mustLookAgain = false
        state = .stopping
        return [.stop]
    }

    mutating func stopped() -> [Action] {
        guard case .stopping = state else { return [] }
        state = mayNotServe ? .ended : .idle
        return [.release]
    }

    /// No request may be served any more.
    mutating func end() -> [Action] {
        mayNotServe = true
        switch state {
        case .serving: return stop()
        case .stopping, .ended: return []
        case .idle, .offline, .failed:
            state = .ended
            return [.release]
        }
    }
}

/// What a program was started from, which knows whether it goes on under another one.
protocol YieldingSetup {
    /// - Parameter new: nil where what holds now cannot be read.
    func yields(to new: Self?) -> Bool
}
