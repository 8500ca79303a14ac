/// Decides when a shared folder is visited, and what its silence means.
///
/// A visit reads the folder's files on a thread that may hang. There is one at a time; when it takes too long the folder
/// counts as away, and the next visit waits until the thread comes back. Announced changes are visited as
/// `ConfigurationWatch` says. Pure: what happens comes in, what is to be done goes out.
struct ShareWatch {
    enum Happening: Equatable {
        /// The kernel announces a change, or an administrator asks.
        case announced(ConfigurationWatch.Happening)
        /// The time given by `wait` is over.
        case paused
        /// The time given by `look` is over.
        case lookDue
        /// The visit has not ended within `patience`.
        case overdue
        case visited(Outcome)
    }

    enum Outcome: Equatable {
        /// What the folder's file says is served.
        case read
        /// The folder's file is no configuration.
        case rejected
        /// The folder or the file cannot be read.
        case unreachable
    }

    enum Step: Equatable {
        /// Answered by `visited`. `isAsked`: what is read is applied even if it is what is served already.
        case visit(isAsked: Bool)
        /// Answered by `paused`; takes the place of an earlier one. Unit: nanoseconds.
        case wait(UInt64)
        /// Answered by `lookDue`; takes the place of an earlier one. Unit: nanoseconds.
        case look(after: UInt64)
        /// The folder is away, since now where `isNew`; whoever asked for a visit gets it as the answer.
        case tellAway(isNew: Bool)
        /// The folder answers again.
        case tellBack
        /// The file's error is an error.
        case tellRejected
    }

    private static let second: UInt64 = 1_000_000_000
    /// How long a visit may take before the folder counts as away.
    static let patience = 10 * second
    /// How often a folder that is away is looked for, where pollingPeriod is not shorter.
    static let absence = second

    /// How often the folder is looked at. Unit: nanoseconds.
    private let period: UInt64
    private var watch = ConfigurationWatch()
    private var isVisiting = false
    private(set) var isAway = false
    private var isSilent = false

    /// - Parameter isAway: the folder could not be read a moment ago.
    init(period: UInt64, isAway: Bool) {
        self.period = period
        self.isAway = isAway
    }

    /// `now` counts nanoseconds and never goes back.
    mutating func handle(_ happening: Happening, now: UInt64) -> [Step] {
        switch happening {
        case .announced(let happening):
            // A thread that hangs can be asked nothing.
            if happening == .asked, isSilent { return [.tellAway(isNew: false)] }
            return steps(watch.handle(happening, now: now))
        case .paused: return steps(watch.handle(.expired, now: now))
        case .lookDue: return isVisiting ? [] : steps(watch.handle(.settled, now: now))
        case .overdue:
            guard isVisiting, !isSilent else { return [] }
            isSilent = true
            return [becomeAway()]
        case .visited(let outcome): return ended(outcome, now)
        }
    }

    private mutating func ended(_ outcome: Outcome, _ now: UInt64) -> [Step] {
        isVisiting = false
        isSilent = false
        var told: [Step] = []
        let next: ConfigurationWatch.Step?
        switch outcome {
        case .read, .rejected:
            if isAway { told.append(.tellBack) }
            isAway = false
            next = watch.handle(outcome == .read ? .read : .failed, now: now)
            if next == .tell { told.append(.tellRejected) }
        case .unreachable:
            // One that is known to be away is not doubted.
            next = watch.handle(isAway ? .read : .failed, now: now)
            if isAway || next == .tell { told.append(becomeAway()) }
        }
        let further = steps(next)
        return told + further + (isVisiting ? [] : [.look(after: isAway ? min(Self.absence, period) : period)])
    }

    private mutating func becomeAway() -> Step {
        defer { isAway = true }
        return .tellAway(isNew: !isAway)
    }

    private mutating func steps(_ step: ConfigurationWatch.Step?) -> [Step] {
        switch step {
        case .read(let isAsked):
            isVisiting = true
            return [.visit(isAsked: isAsked)]
        case .wait(let delay): return [.wait(delay)]
        case .tell, nil: return []
        }
    }
}
