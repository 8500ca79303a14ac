import Configuration
import ConfigurationStore
import EventLoop
import Events
import Platform

/// What a shared folder is to the server now.
struct ShareStanding: Sendable {
    /// Why the folder is away, or its file no configuration; nil where what it says is served.
    var problem: ConfigurationError?
    /// Whether the folder cannot be read.
    var isAway = false
    /// Since when there is a problem. Nanoseconds since 1970.
    var since: Int64 = 0
    /// When what is served was last read from the folder. Nanoseconds since 1970; nil where nothing of it is served.
    var copied: Int64?
}

/// Whoever takes what a shared folder's files say.
protocol ShareUser: AnyObject {
    /// Reads the files, off the loop, and answers by `finished`.
    func read(_ files: SharedFiles, isAsked: Bool, from follower: ShareFollower)
    /// The folder cannot be read, or its file is no configuration, and whoever asked waits for an answer.
    func rejected(_ error: ConfigurationError, isAway: Bool, isNew: Bool, from follower: ShareFollower)
    func isBack(_ follower: ShareFollower)
    /// Whether one more thread may wait for a folder.
    func mayVisit() -> Bool
    func visitEnded()
}

/// Follows one shared folder: does what `ShareWatch` decides, with threads that nobody waits for.
final class ShareFollower: ReadinessHandler, TimerHandler {
    let redirection: Redirection
    let folder: SharedFolder
    private(set) var standing: ShareStanding
    private let loop: EventLoop
    private let log: any EventRecorder
    private unowned let user: any ShareUser
    private var machine: ShareWatch
    private let waitTimer = Timer()
    private let lookTimer = Timer()
    private let patienceTimer = Timer()
    /// Nil where the folder is only looked at.
    private let announcements: ShareVisit.Announcements?
    private var names: [Int32: Set<String>] = [:]
    private var isVisiting = false
    /// What the last visit met.
    private var failure: ConfigurationError?
    private var isStopped = false
    private var hasToldNetwork = false

    /// - Parameter standing: what is known of the folder already.
    init(
        _ redirection: Redirection, _ folder: SharedFolder, standing: ShareStanding, for user: any ShareUser,
        on loop: EventLoop, log: any EventRecorder
    ) {
        self.redirection = redirection
        self.folder = folder
        self.standing = standing
        self.user = user
        self.loop = loop
        self.log = log
        machine = ShareWatch(period: redirection.pollingPeriod.nanoseconds, isAway: standing.isAway)
        announcements = redirection.pollsOnly ? nil : try? ShareVisit.Announcements()
        if let announcements { try? loop.register(announcements.descriptorNumber, self) }
    }

    /// Begins with a visit.
    func start(isAsked: Bool) { handle(.announced(isAsked ? .asked : .settled)) }

    /// Has the folder visited now.
    func ask(isAsked: Bool) { start(isAsked: isAsked) }

    /// What a thread brings from now on is dropped.
    func stop() {
        isStopped = true
        for timer in [waitTimer, lookTimer, patienceTimer] { loop.cancel(timer) }
        if let announcements { loop.unregister(announcements.descriptorNumber) }
    }

    /// The reading of what a visit brought ended, `error` being what is wrong with it.
    func finished(_ error: ConfigurationError?, readAt time: Int64) {
        guard !isStopped else { return }
        if let error {
            failure = error
            return handle(.visited(.rejected))
        }
        handle(.visited(.read))
        standing = ShareStanding(copied: time)
    }

    private func handle(_ happening: ShareWatch.Happening) {
        for step in machine.handle(happening, now: loop.currentTime) { perform(step) }
    }

    private func perform(_ step: ShareWatch.Step) {
        switch step {
        case .visit(let isAsked): visit(isAsked: isAsked)
        case .wait(let delay): loop.start(waitTimer, after: delay, self)
        case .look(let delay): loop.start(lookTimer, after: delay, self)
        case .tellAway(let isNew): tell(failure ?? folder.silence(SharedFolder.patience), isAway: true, isNew: isNew)
        case .tellRejected: if let failure { tell(failure, isAway: false, isNew: true) }
        case .tellBack: user.isBack(self)
        }
    }

    private func tell(_ error: ConfigurationError, isAway: Bool, isNew: Bool) {
        if isNew || standing.problem == nil { standing.since = FileStamp.now() }
        standing.problem = error
        standing.isAway = isAway
        user.rejected(error, isAway: isAway, isNew: isNew, from: self)
    }

    // MARK: Visits

    private func visit(isAsked: Bool) {
        failure = nil
        guard user.mayVisit() else {
            failure = folder.silence(SharedFolder.patience)
            return handle(.visited(.unreachable))
        }
        loop.start(patienceTimer, after: ShareWatch.patience, self)
        isVisiting = true
        do throws(SystemError) {
            try loop.performAlone(
                { [folder, announcements] in ShareVisit.make(to: folder, watching: announcements) },
                then: { [self, user] visit in
                    user.visitEnded()
                    if !isStopped { ended(visit, isAsked: isAsked) }
                })
        } catch {
            user.visitEnded()
            ended(
                ShareVisit(
                    files: .failure(ConfigurationError(file: folder.serverFile, line: 0, "\(error)")), names: names,
                    network: nil), isAsked: isAsked)
        }
    }

    private func ended(_ visit: ShareVisit, isAsked: Bool) {
        loop.cancel(patienceTimer)
        isVisiting = false
        announcements?.forget(Set(names.keys).subtracting(visit.names.keys))
        names = visit.names
        tellNetwork(visit.network)
        switch visit.files {
        case .success(let files): user.read(files, isAsked: isAsked, from: self)
        case .failure(let error):
            failure = error
            handle(.visited(.unreachable))
        }
    }

    private func tellNetwork(_ network: String?) {
        guard let network, !hasToldNetwork else { return }
        hasToldNetwork = true
        log.record(
            Event(
                .sharingPolled,
                "The folder lies on a network file system (\(network)) that does not announce what other machines change; it "
                    + "is looked at every \(redirection.pollingPeriod.components.seconds) s (pollingPeriod).",
                [.init("folder", folder.path)]))
    }

    // MARK: What happens

    func timerFired(_ timer: Timer) {
        switch timer {
        case _ where timer === waitTimer: handle(.paused)
        case _ where timer === lookTimer: handle(.lookDue)
        default: handle(.overdue)
        }
    }

    func ready(_ readiness: Readiness) {
        for happening in announcements?.happenings() ?? []
        where ShareVisit.concerns(happening, names, isUnderWay: isVisiting) {
            switch happening.kind {
            case .settled: handle(.announced(.settled))
            case .touched, .overflow: handle(.announced(.touched))
            case .gone, .folderGone: handle(.announced(.gone))
            }
        }
    }
}
