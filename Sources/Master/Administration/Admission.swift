import Configuration
import Delegation
import EventLoop
import Events
import Platform
import Synchronization

/// Who may do what, as administration.config says now. The file and the machine's accounts are asked on another thread, so
/// that neither a share nor a name service is waited for; the owner and root never wait.
final class Admission: TimerHandler {
    /// How often the file is looked at while nobody asks. Unit: nanoseconds.
    private static let interval: UInt64 = 10_000_000_000

    private let loop: EventLoop
    private let owner: UInt32
    let isOwner: (UInt32) -> Bool
    private let log: any EventRecorder
    /// The file's path: another one while a shared folder is followed.
    private let path: () -> String
    /// Whether a shared folder is followed: there the file may be away with its share.
    private let isShared: () -> Bool
    private let threads: BlockingThreads?
    private let looks = BoundedLooks()
    private let timer = Timer()
    private var reading = RosterReading()
    /// Who waits for the reading that is under way, and for the one that begins then.
    private var served: [() -> Void] = []
    private var waiting: [() -> Void] = []
    private var isReading = false
    private var isThorough = false
    /// Whether the file may be missing for the reading that begins next, and for the one that is under way.
    private var acceptsAbsence = false
    private var isAbsenceAccepted = false
    /// Whether the file was there once, and whether it was missing when somebody asked for a reload since.
    private var wasThere = false
    private var isKnownAbsent = false
    /// Called when there is another roster, the first included.
    var changed: (Roster) -> Void = { _ in }

    /// - Parameter isOwner: whether a user never waits, and may do everything.
    init(
        owner: UInt32 = CurrentProcess.user,
        isOwner: @escaping (UInt32) -> Bool = { $0 == 0 || $0 == CurrentProcess.user },
        on loop: EventLoop, log: any EventRecorder, isShared: @escaping () -> Bool = { false },
        path: @escaping () -> String
    ) {
        self.owner = owner
        self.isOwner = isOwner
        self.loop = loop
        self.log = log
        self.path = path
        self.isShared = isShared
        threads = try? BlockingThreads(limit: 1)
    }

    var everybody: Authority.Everybody { .init(owner: owner, reading.roster) }
    var roster: Roster { reading.roster }

    func begin() {
        refresh {}
        loop.start(timer, after: Self.interval, self)
    }

    func close() {
        loop.cancel(timer)
        (served, waiting) = ([], [])
        changed = { _ in }
    }

    func timerFired(_ timer: Timer) {
        refresh {}
        loop.start(timer, after: Self.interval, self)
    }

    /// What somebody may do now; at once for the owner and root.
    func authority(of caller: Caller, then completion: @escaping (Authority) -> Void) {
        guard !isOwner(caller.user) else { return completion(.everything) }
        refresh { [unowned self] in completion(reading.roster.authority(of: caller)) }
    }

    /// Reads what is different. With `thoroughly` the accounts are asked for again. A file that was there and is missing, or that
    /// a shared folder has not, changes nothing but where `acceptsAbsence`: else whoever takes it away would make the usual
    /// group administrators.
    func refresh(
        thoroughly: Bool = false, acceptsAbsence: Bool = false, then completion: @escaping () -> Void
    ) {
        waiting.append(completion)
        self.acceptsAbsence = self.acceptsAbsence || acceptsAbsence
        isThorough = isThorough || thoroughly
        if !isReading { read() }
    }

    private func read() {
        isReading = true
        served = waiting
        waiting = []
        let (path, before) = (path(), isThorough ? RosterReading() : reading)
        isThorough = false
        isAbsenceAccepted = acceptsAbsence
        acceptsAbsence = false
        let mustBeThere = !isAbsenceAccepted && (wasThere || isShared() && !isKnownAbsent)
        let now = MonotonicClock.nanoseconds()
        loop.perform(on: threads) { [looks] in
            looks.next(after: before, path, mustBeThere: mustBeThere, now: now)
        } then: { [weak self] next in
            self?.take(next)
        }
    }

    private func take(_ next: RosterReading) {
        isReading = false
        let before = reading
        reading = next.problem == nil ? next : next.keeping(before.roster)
        if next.isThere {
            (wasThere, isKnownAbsent) = (true, false)
        } else if isAbsenceAccepted, next.problem == nil {
            (wasThere, isKnownAbsent) = (false, true)
        }
        if let problem = next.problem, problem != before.problem {
            log.record(Event(.delegationDoubt, "\(problem). Who administrates what stays as it was."))
        }
        if reading.roster != before.roster || !before.isRead { changed(reading.roster) }
        let done = served
        served = []
        for each in done { each() }
        if !waiting.isEmpty, !isReading { read() }
    }
}

/// Looks that may never end, where the file lies on a share or accounts in a network that does not answer.
private final class BoundedLooks: Sendable {
    /// How long one look is waited for.
    private static let patience: Duration = .seconds(2)
    /// How many may be given up on before no further one is begun.
    private static let limit = 4
    private let underWay = Atomic(0)

    func next(after reading: RosterReading, _ path: String, mustBeThere: Bool, now: UInt64) -> RosterReading {
        guard underWay.load(ordering: .relaxed) < Self.limit else { return .silence(path, now: now) }
        underWay.add(1, ordering: .relaxed)
        do throws(SystemError) {
            let next = try BoundedCall.run(limit: Self.patience) { [self] in
                defer { underWay.subtract(1, ordering: .relaxed) }
                return reading.next(path, mustBeThere: mustBeThere, now: now)
            }
            return next ?? .silence(path, now: now)
        } catch {
            underWay.subtract(1, ordering: .relaxed)
            return .silence(path, now: now)
        }
    }
}

/// One look at administration.config.
struct RosterReading: Sendable {
    /// Accounts are asked for again after so long. Unit: nanoseconds.
    private static let accountsLast: UInt64 = 60_000_000_000

    private(set) var roster = Roster.empty
    private(set) var isRead = false
    /// Why the file says nothing; nil where it does, or is not there and need not be.
    private(set) var problem: String?
    private var path = ""
    private var stamp: FileStamp?
    var isThere: Bool { stamp != nil }
    private var time: UInt64 = 0

    static func silence(_ path: String, now: UInt64) -> RosterReading {
        var reading = RosterReading()
        (reading.isRead, reading.path, reading.time) = (true, path, now)
        reading.problem = "\(path), or the accounts that it names, cannot be asked: nothing answers"
        return reading
    }

    /// What there is to read now. May wait for a disk or a network.
    ///
    /// - Parameter mustBeThere: whether a missing file is a problem.
    func next(_ path: String, mustBeThere: Bool = false, now: UInt64) -> RosterReading {
        var next = RosterReading()
        next.isRead = true
        next.path = path
        next.time = now
        do {
            next.stamp = try FileStamp.of(path)
            if mustBeThere, next.stamp == nil {
                next.problem = "\(path) is missing: put it back, or type 'hostelry reload' to do without it"
                return next
            }
            let isSettled = next.stamp?.isSettled(at: FileStamp.now()) ?? true
            if isRead, path == self.path, next.stamp == stamp, isSettled, now < time + Self.accountsLast { return self }
            next.roster = try Self.roster(path)
        } catch {
            next.problem = "\(error)"
        }
        return next
    }

    private static func roster(_ path: String) throws -> Roster {
        var delegations = Delegations()
        if let bytes = try ServerConfiguration.bytesIfThere(ofFile: path) {
            let administration = try ServerConfiguration(bytes: bytes, path: path)
            if let problem = DelegationEdit.problems(of: administration).first { throw problem }
            delegations = Delegations(administration)
        }
        var failure: SystemError?
        let roster = Roster(delegations) { member in
            do throws(SystemError) {
                return member.isGroup
                    ? try AccountGroup.number(named: member.name) : try Account.named(member.name)?.user
            } catch {
                failure = error
                return nil
            }
        }
        if let failure { throw failure }
        return roster
    }

    /// The same with another roster.
    func keeping(_ roster: Roster) -> RosterReading {
        var kept = self
        kept.roster = roster
        return kept
    }
}
