/// One process of an application from its start to its end: what is to be done at what happens to it.
///
/// Decides and does nothing; `BackendProcess` does it. Times are nanoseconds of a clock that never goes back.
struct BackendLife {
    enum State: Equatable {
        /// It has started and does not listen yet.
        case waiting
        case ready
        /// The shutdown message is on its way, or its answer.
        case asked
        /// It has agreed to end.
        case leaving
        /// It was sent SIGTERM.
        case terminating
        /// All of it is being ended.
        case ending
        case over
    }

    /// Who was seen to listen at the place that the process was told.
    enum Sight: Equatable, Sendable {
        case nobody
        /// The process or a descendant.
        case own
        /// Somebody else.
        case stranger
    }

    /// Why a start came to nothing.
    enum Failure: Equatable, Sendable {
        case ended
        case listensTooLate
        case placeIsTaken
        case stopped
    }

    enum Action: Equatable, Sendable {
        /// It takes requests from now on.
        case announce
        /// It has come to nothing; what there is of it is being ended.
        case fail(Failure)
        /// It takes requests no more; nobody asked it to.
        case lose
        case look
        /// Sends the shutdown message.
        case ask
        /// SIGTERM to it and all that came of it.
        case terminate
        /// It did not end in time.
        case tellForce
        /// SIGKILL to it and all that came of it.
        case end
        /// Nothing of it is left.
        case finish
    }

    /// A listener that is not yet seen among the process's descendants may be one that is just moving to them.
    private static let strangerSights = 3

    private let startLimit: UInt64
    private let shutdownLimit: UInt64
    private let hearsShutdown: Bool
    private(set) var state = State.waiting
    /// When `timePassed` is due; nil where nothing is waited for that has a limit.
    private(set) var deadline: UInt64?
    private var forceTime: UInt64 = 0
    private var strangers = 0
    /// Whether nothing of it that was watched runs any more.
    private var hasEnded = false

    /// - Parameter hearsShutdown: whether it knows the shutdown message of the ASP.NET Core Module.
    init(startLimit: UInt64, shutdownLimit: UInt64, hearsShutdown: Bool, at now: UInt64) {
        self.startLimit = startLimit
        self.shutdownLimit = shutdownLimit
        self.hearsShutdown = hearsShutdown
        deadline = now + startLimit
    }

    /// Whether it is worth a look who listens.
    var isLookedAt: Bool { state == .waiting }

    mutating func saw(_ sight: Sight) -> [Action] {
        switch (state, sight) {
        case (.waiting, .own):
            deadline = nil
            state = .ready
            return [.announce]
        case (.waiting, .stranger):
            strangers += 1
            return strangers < Self.strangerSights ? [] : fail(.placeIsTaken)
        case (.waiting, .nobody):
            strangers = 0
            return []
        case (.ready, .own):
            // Of what ended somebody is left, who is watched from now on.
            hasEnded = false
            return []
        case (.ready, _): return end([.lose])
        default: return []
        }
    }

    /// A process that was watched has ended: the one that was started, or the one that listens.
    mutating func ended(isLast: Bool) -> [Action] {
        hasEnded = isLast
        switch state {
        case .waiting: return fail(.ended)
        case .ready: return [.look]
        // What it answered before it ended is still to be heard.
        case .asked, .ending, .over: return []
        case .leaving, .terminating: return isLast ? end([]) : []
        }
    }

    /// Nobody could connect to it.
    mutating func refused() -> [Action] { state == .ready ? [.look] : [] }

    mutating func stop(at now: UInt64) -> [Action] {
        forceTime = now + shutdownLimit
        switch state {
        case .waiting:
            terminate()
            return [.fail(.stopped), .terminate]
        case .ready where hearsShutdown:
            state = .asked
            // Who does not answer may still hear a signal.
            deadline = now + shutdownLimit / 2
            return [.ask]
        case .ready:
            terminate()
            return [.terminate]
        default: return []
        }
    }

    /// - Parameter status: of the answer to the shutdown message; nil where there was none.
    mutating func answered(_ status: Int?) -> [Action] {
        guard state == .asked else { return [] }
        guard !hasEnded else { return end([]) }
        guard status == 202 else {
            terminate()
            return [.terminate]
        }
        state = .leaving
        deadline = forceTime
        return []
    }

    mutating func timePassed(at now: UInt64) -> [Action] {
        guard let limit = deadline, now >= limit else { return [] }
        switch state {
        case .waiting: return fail(.listensTooLate)
        case .asked where hasEnded: return end([])
        case .asked where now < forceTime:
            terminate()
            return [.terminate]
        case .asked, .leaving, .terminating: return end([.tellForce])
        case .ready, .ending, .over:
            deadline = nil
            return []
        }
    }

    /// What `end` asked for is done.
    mutating func isEnded() -> [Action] {
        guard state == .ending else { return [] }
        state = .over
        return [.finish]
    }

    private mutating func terminate() {
        state = .terminating
        deadline = forceTime
    }

    private mutating func fail(_ failure: Failure) -> [Action] { end([.fail(failure)]) }

    private mutating func end(_ first: [Action]) -> [Action] {
        state = .ending
        deadline = nil
        return first + [.end]
    }
}
