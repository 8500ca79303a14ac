import Administration
import Configuration
import ConfigurationStore
import Control
import EventLoop
import Events
import Glibc
import HostModel
import Platform
import Wire

/// Does what `Supervision` decides, and tells it what happens.
final class MasterShell: ReadinessHandler {
    let loop: EventLoop
    let log: EventHistory
    let programVersion: String
    let launcher: RoleLauncher
    let registry: RoleRegistry
    let isolation: Isolation
    private let signals: SignalDescriptor
    let statePath: String

    private(set) var version: ConfigurationVersion
    private(set) var numbers = PoolNumbers()
    private(set) var supervision = Supervision()
    private(set) var sockets: [Endpoint: ListeningSocket] = [:]
    private var timers: [Deadline: DeadlineTimer] = [:]
    var routers: [UInt64: RoleProcess] = [:]
    /// Workers that gave no sign of life and were left running, by process id.
    var orphans: [Int32: RoleProcess] = [:]
    let errands: Errands
    /// The one that takes connections, or is about to.
    var router: RoleProcess? { routers.max { $0.key < $1.key }?.value }
    var workers: [UInt64: RoleProcess] = [:]
    let logFiles: LogFiles
    private let standing: StandingFile
    private let passedSockets: PassedSockets
    /// Nil for a server that outlives its master.
    let session: OwnSession?
    /// Why endpoints could not be opened.
    private(set) var endpointFailures: [Endpoint: String] = [:]
    let service: ServiceNotices
    let administration: PendingAnswers
    /// Where orders about web.config files wait for disks: a delegate's slow share is no administrator's.
    let webConfigThreads = try? BlockingThreads(limit: 2)
    let delegatesThreads = try? BlockingThreads(limit: 2)
    let metrics: Metrics
    var moduleEvents = ModuleEventGate()
    private(set) var following: ConfigurationFollowing?
    /// Of the file in force, until it is followed.
    private var first: FirstReading?
    /// Whether what is read next comes into force even where nothing has changed.
    private var isToApply = false
    /// A session's state is gone with it, and so are the questions about it.
    private(set) lazy var mirror =
        session == nil
        ? MirrorUpkeep(
            statePath: statePath, on: loop, log: log, listen: { [unowned self] in workers[$0]?.listen($1) },
            ask: { [unowned self] in askForWebConfigs(of: $0) }) : nil
    private lazy var releaseTimer = DeadlineTimer { [unowned self] in
        loop.perform({ HeapMemory.release() }, then: {})
    }
    /// How long after a change memory that it left is given back. Unit: nanoseconds.
    private static let releaseDelay: UInt64 = 1_000_000_000
    private lazy var cpuWatcher = CPUWatcher(
        groups: isolation.groups, on: loop, log: log,
        workers: { [unowned self] pool in
            (supervision.status(of: pool)?.workers ?? []).compactMap { workers[$0.id]?.process.pid }
        }, exceeded: { [unowned self] pool, rest in handle(.cpuLimitReached(pool: pool, rest: rest)) })
    lazy var memoryWatcher = MemoryWatcher(on: loop, log: log) { [unowned self] in tellLimits() }
    /// What happened while something else was being done about.
    private var waiting: [Occurrence] = []
    private var isHandling = false
    private(set) var status: Int32 = 0
    /// Roles that finish what they have and that nobody can talk to.
    var leaving: [RoleProcess] = []
    private let upgrading: Upgrading
    let history: ConfigurationKeeping

    init(
        _ first: FirstReading, statePath: String, launcher: RoleLauncher, registry: RoleRegistry,
        isolation: Isolation, upgrading: Upgrading, signals: consuming SignalDescriptor, passedSockets: PassedSockets,
        session: OwnSession? = nil, log: EventHistory, programVersion: String, on loop: EventLoop
    ) throws(SystemError) {
        self.upgrading = upgrading
        self.first = first
        version = first.version
        self.statePath = statePath
        self.launcher = launcher
        self.registry = registry
        self.isolation = isolation
        self.signals = signals
        self.passedSockets = passedSockets
        self.session = session
        self.log = log
        self.programVersion = programVersion
        self.loop = loop
        standing = StandingFile(stateFolder: statePath, log: log)
        errands = Errands(on: loop, log: log)
        history = ConfigurationKeeping(statePath: statePath, isKept: session == nil, on: loop, log: log)
        service = ServiceNotices(on: loop, log: log)
        administration = PendingAnswers(on: loop)
        metrics = Metrics(on: loop)
        logFiles = LogFiles(statePath: statePath, on: loop, log: log)
        logFiles.use(version.model)
        try loop.register(self.signals.descriptor.number, self)
    }

    /// Begins with what earlier masters left. Nobody else keeps `inheritance`, or its sockets could not be closed.
    func begin(with inheritance: Inheritance) {
        ProblemReport.record(version.model.problems, to: log)
        memoryWatcher.use(version.model.limits.dynamicIdleThreshold)
        handle(.remembered(standing.read()))
        takeOver(inheritance)
        isolation.endLeftovers(adopted: processes)
        let plan = chosen(HostingPlan(version.model, numbers: &numbers), version.model)
        cpuWatcher.use(plan)
        handle(.began(plan))
        let outdated = inheritance.outdated(in: version.model).map { (numbers.number(of: $0), PoolChange.process) }
        if !outdated.isEmpty {
            handle(.reconfigured(plan, Dictionary(outdated, uniquingKeysWith: { _, last in last })))
        }
        // What they said behind their reports.
        for role in inheritance.roles { for message in role.afterwards { received(message, from: role.process) } }
    }

    /// What earlier masters left is this one's from now on.
    private func takeOver(_ inheritance: Inheritance) {
        numbers = inheritance.numbers
        sockets = inheritance.sockets
        leaving = inheritance.leaving
        for role in inheritance.roles {
            switch role.kind {
            case .router(let id): routers[id] = role.process
            case .worker(let id, _, _, _): workers[id] = role.process
            }
        }
        for role in inheritance.roles.map(\.process) + leaving { role.observer = self }
        guard !inheritance.isEmpty else { return }
        for event in inheritance.events { log.record(event) }
        handle(.found(inheritance.found(numbers: &numbers)))
    }

    /// Serves until told to end, and returns the exit status.
    func run() -> Int32 {
        let control = openControl()
        passedSockets.reportUnused(to: log)
        followConfiguration()
        history.applied(version)
        mirror?.use(version)
        serveMetrics()
        loop.run()
        metrics.server?.close()
        loop.finishWork()
        history.finish()
        mirror?.close()
        control?.close()
        isolation.close()
        return status
    }

    func handle(_ occurrence: Occurrence) {
        waiting.append(occurrence)
        guard !isHandling else { return }
        isHandling = true
        while !waiting.isEmpty {
            for action in supervision.handle(waiting.removeFirst(), now: MonotonicClock.nanoseconds()) {
                perform(action)
            }
        }
        isHandling = false
    }

    private func perform(_ action: Action) {
        switch action {
        case .open(let endpoint): open(endpoint)
        case .close(let endpoint): sockets[endpoint] = nil
        case .startRouter(let id): startRouter(id)
        case .tellRouter(let message): tellRouter(message)
        case .tellOneRouter(let id, let message): tellRouter(id, message)
        case .killRouter(let id): routers[id]?.kill()
        case .checkNewVersion: checkNewVersion()
        case .becomeNewVersion: becomeNewVersion()
        case .startWorker(let id, let pool): startWorker(id, pool)
        case .configureWorker(let id): configureWorker(id)
        case .drainWorker(let id): workers[id]?.send(.drain)
        case .killWorker(let id): workers[id]?.kill()
        case .suspendWorker(let id): suspend(id)
        case .resumeWorker(let id): resume(id)
        case .pingWorker(let id, let value): workers[id]?.send(.ping(value))
        case .sampleWorker(let id): sample(id)
        case .orphanWorker(let id, let command): orphan(id, command)
        case .readClock(let pool): handle(.clockShows(pool: pool, local: WallClock.localSeconds()))
        case .run(let command, _): errands.run(command, about: nil)
        case .keepStanding: standing.write(supervision.standing)
        case .start(let deadline, let delay): start(deadline, after: delay)
        case .cancel(let deadline): cancel(deadline)
        case .record(let report): record(report)
        case .announce(let state): announce(state)
        case .end(let status):
            standing.remove()
            for role in Array(orphans.values) + leaving { role.kill() }
            self.status = status
            loop.stop()
        }
    }

    // MARK: Endpoints

    private func open(_ endpoint: Endpoint) {
        do throws(SystemError) {
            let address = SocketAddress(high: endpoint.address.high, low: endpoint.address.low, port: endpoint.port)
            sockets[endpoint] = ListeningSocket(try passedSockets.listen(at: address))
            endpointFailures[endpoint] = nil
            handle(.opened(endpoint))
        } catch {
            endpointFailures[endpoint] = error.reason
            handle(.openingFailed(endpoint, reason: error.reason))
        }
    }

    // MARK: Time, signals, the service manager

    private func start(_ deadline: Deadline, after delay: Duration) {
        cancel(deadline)
        let timer = DeadlineTimer { [unowned self] in
            timers[deadline] = nil
            handle(.expired(deadline))
        }
        timers[deadline] = timer
        loop.start(timer.timer, after: delay.nanoseconds, timer)
    }

    private func cancel(_ deadline: Deadline) {
        guard let timer = timers.removeValue(forKey: deadline) else { return }
        loop.cancel(timer.timer)
    }

    func ready(_ readiness: Readiness) {
        while let signal = signals.next() {
            switch signal {
            case SIGHUP where session != nil: handle(.stopRequested)
            case SIGHUP:
                reload()
                for id in routers.keys { tellRouter(id, .reopenLogs) }
            case SIGUSR2: upgrade()
            default: handle(.stopRequested)
            }
        }
    }

    // MARK: Changes of the configuration

    private func followConfiguration() {
        guard let first else { return }
        self.first = nil
        let following = ConfigurationFollowing(
            first, state: statePath, on: loop, log: log, version: { [unowned self] in version },
            apply: { [unowned self] in apply($0) },
            hasRead: { [unowned self] in hasRead($0, isAsked: $1, isNew: $2) },
            reject: { [unowned self] in reject($0) },
            refuse: { [unowned self] in
                service.reloaded(summary)
                administration.rejected($0)
            })
        self.following = following
        following.start()
    }

    /// The version on disk is to take over: by hand.
    func upgrade() {
        guard session == nil else {
            return record(.upgradeRefused(reason: "the server ends with the command that started it"))
        }
        handle(.upgradeRequested)
    }

    private func checkNewVersion() {
        // A shared folder may be away: the new version has the copy of it as this one would.
        if version.file.shared == nil {
            do throws(ConfigurationError) {
                _ = try ConfigurationVersion.read(version.path, state: statePath)
            } catch {
                return handle(.newVersionChecked(problem: error.description))
            }
        }
        let program = upgrading.program
        loop.perform({ program.problem() }, then: { [self] in handle(.newVersionChecked(problem: $0)) })
    }

    private func becomeNewVersion() {
        let sockets = sockets.values.map { $0.descriptor.number }
        log.finish()
        upgrading.become(keeping: sockets, on: loop) { [self] in handle(.newVersionChecked(problem: $0)) }
    }

    /// Reads the configuration again, and takes it into force even where nothing has changed. What cannot be read leaves
    /// everything as it is.
    @discardableResult
    func reload() -> Int {
        isToApply = true
        return reread()
    }

    /// Reads the configuration again; the number of the question, for those who wait for the answer.
    func reread() -> Int {
        service.reloading()
        return following?.ask() ?? 0
    }

    /// The configuration was read again.
    private func hasRead(_ number: Int, isAsked: Bool, isNew: Bool) {
        administration.read(number)
        guard isAsked, !isNew else { return }
        if isToApply { return apply(version) }
        // What was read just before is in force, or it will be when its workers are ready.
        guard !supervision.isPublishing else { return }
        service.reloaded(summary)
        administration.applied { [version] in version.model.problems }
    }

    /// The plan with the sites alone that the session wants.
    private func chosen(_ plan: HostingPlan, _ model: HostModel) -> HostingPlan {
        session.map { plan.serving($0.sites, of: model) } ?? plan
    }

    private func apply(_ next: ConfigurationVersion) {
        isToApply = false
        let changes = version.poolChanges(to: next)
        ProblemReport.record(next.newProblems, to: log)
        let plan = chosen(
            HostingPlan(next.model, after: (version.model, supervision.configured), numbers: &numbers), next.model)
        logFiles.use(next.model, after: version.model)
        isolation.use(next.model, after: version.model)
        cpuWatcher.use(plan)
        memoryWatcher.use(next.model.limits.dynamicIdleThreshold)
        version = next
        history.applied(next)
        serveMetrics()
        mirror?.use(next)
        let numbered = changes.map { (numbers.number(of: $0), $1) }
        // Names that differ in case are one pool: the change that needs new processes wins.
        handle(.reconfigured(plan, Dictionary(numbered) { $0 == .process ? $0 : $1 }))
        // When the version before is used no more.
        loop.start(releaseTimer.timer, after: Self.releaseDelay, releaseTimer)
    }
}

/// A timer of the loop that calls a closure.
private final class DeadlineTimer: TimerHandler {
    let timer = Timer()
    private let fire: () -> Void

    init(_ fire: @escaping () -> Void) { self.fire = fire }

    func timerFired(_ timer: Timer) { fire() }
}
