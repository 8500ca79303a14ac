import Administration
import Configuration
import Control
import EventLoop
import Events
import Glibc
import HostModel
import Platform
import Wire

/// Does what `Supervision` decides, and tells it what happens.
final class MasterShell: RoleObserver, ReadinessHandler {
    let loop: EventLoop
    let log: EventHistory
    let programVersion: String
    private let launcher: RoleLauncher
    private let registry: RoleRegistry
    private let signals: SignalDescriptor
    let statePath: String

    private(set) var version: ConfigurationVersion
    private(set) var numbers = PoolNumbers()
    private(set) var supervision = Supervision()
    private(set) var sockets: [Endpoint: ListeningSocket] = [:]
    private var timers: [Deadline: DeadlineTimer] = [:]
    /// Workers that gave no sign of life and were left running, by process id.
    private var orphans: [Int32: RoleProcess] = [:]
    private let errands: Errands
    private(set) var router: RoleProcess?
    private(set) var workers: [UInt64: RoleProcess] = [:]
    private let logFiles: LogFiles
    private let passedSockets: PassedSockets
    /// Why endpoints could not be opened.
    private(set) var endpointFailures: [Endpoint: String] = [:]
    let service: ServiceNotices
    let administration: PendingAnswers
    /// The routes that the router was told last.
    private var toldRoutes: RouteTable?
    private var watcher: ConfigurationWatcher?
    private lazy var releaseTimer = DeadlineTimer { [unowned self] in
        loop.perform({ HeapMemory.release() }, then: {})
    }
    /// How long after a change memory that it left is given back. Unit: nanoseconds.
    private static let releaseDelay: UInt64 = 1_000_000_000
    /// What happened while something else was being done about.
    private var waiting: [Occurrence] = []
    private var isHandling = false
    private(set) var status: Int32 = 0

    /// Kept by the master whatever happens to the router.
    final class ListeningSocket {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    init(
        _ version: ConfigurationVersion, statePath: String, launcher: RoleLauncher, registry: RoleRegistry,
        signals: consuming SignalDescriptor, passedSockets: PassedSockets, log: EventHistory, programVersion: String,
        on loop: EventLoop
    ) throws(SystemError) {
        self.version = version
        self.statePath = statePath
        self.launcher = launcher
        self.registry = registry
        self.signals = signals
        self.passedSockets = passedSockets
        self.log = log
        self.programVersion = programVersion
        self.loop = loop
        errands = Errands(on: loop, log: log)
        service = ServiceNotices(on: loop, log: log)
        administration = PendingAnswers(on: loop)
        logFiles = LogFiles(statePath: statePath, on: loop, log: log)
        logFiles.use(version.model)
        try loop.register(self.signals.descriptor.number, self)
    }

    /// Serves until told to end, and returns the exit status.
    func run() -> Int32 {
        let control = openControl()
        ProblemReport.record(version.model.problems, to: log)
        handle(.began(HostingPlan(version.model, numbers: &numbers)))
        passedSockets.reportUnused(to: log)
        watchConfiguration()
        loop.run()
        control?.close()
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
        case .startRouter: startRouter()
        case .tellRouter(let message): tellRouter(message)
        case .killRouter: router?.kill()
        case .startWorker(let id, let pool): startWorker(id, pool)
        case .configureWorker(let id): configureWorker(id)
        case .drainWorker(let id): workers[id]?.send(.drain)
        case .killWorker(let id): workers[id]?.kill()
        case .pingWorker(let id, let value): workers[id]?.send(.ping(value))
        case .sampleWorker(let id): sample(id)
        case .orphanWorker(let id, let command): orphan(id, command)
        case .readClock(let pool): handle(.clockShows(pool: pool, local: WallClock.localSeconds()))
        case .run(let command, _): errands.run(command, about: nil)
        case .start(let deadline, let delay): start(deadline, after: delay)
        case .cancel(let deadline): cancel(deadline)
        case .record(let report): record(report)
        case .announce(let state): announce(state)
        case .end(let status):
            for orphan in orphans.values { orphan.kill() }
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

    // MARK: Roles

    private func startRouter() {
        toldRoutes = nil
        do throws(SystemError) {
            router = try start(.router, worker: nil, environment: [])
        } catch {
            router = nil
            handle(.routerCannotStart(reason: error.description))
        }
    }

    private func start(
        _ role: RoleLauncher.Role, worker: UInt64?, environment: [ApplicationPool.Variable]
    ) throws(SystemError) -> RoleProcess {
        let started = try launcher.start(role, environment: environment)
        do throws(FileError) {
            try registry.add(started.process.pid)
        } catch {
            // It runs all the same; only the next master would not find it, should this one be killed.
            log.record(Event(.registryNotWritten, "A process cannot be registered: \(error)"))
        }
        let process = started.process
        do throws(SystemError) {
            return try RoleProcess(started, worker: worker, on: loop, observer: self)
        } catch {
            // Nobody could talk to it.
            process.signal(SIGKILL)
            _ = try process.waitForExit()
            throw error
        }
    }

    private func startWorker(_ id: UInt64, _ pool: UInt32) {
        guard let planned = supervision.plan.pools[pool] else { return }
        do throws(SystemError) {
            let worker = try start(.worker, worker: id, environment: planned.environment)
            workers[id] = worker
            try send(planned, to: worker)
        } catch {
            if let worker = workers[id] { return worker.kill() }
            handle(.workerCannotStart(id, reason: error.description))
        }
    }

    private func sample(_ id: UInt64) {
        guard let worker = workers[id], let life = supervision.pool(ofWorker: id)?.life,
            let sample = WorkerSample.of(worker.process.pid, for: life)
        else { return }
        handle(.workerSampled(id, sample))
    }

    /// Lets the process run on as nobody's.
    private func orphan(_ id: UInt64, _ command: PoolLife.Command?) {
        guard let worker = workers.removeValue(forKey: id) else { return }
        orphans[worker.process.pid] = worker
        if let command { errands.run(command, about: worker.process.pid) }
    }

    private func configureWorker(_ id: UInt64) {
        guard let worker = workers[id], let planned = supervision.pool(ofWorker: id) else { return }
        do throws(SystemError) {
            try send(planned, to: worker)
        } catch {
            log.record(Event(.serverOutOfDescriptors, "A worker of \(planned.name) keeps its old settings: \(error)."))
        }
    }

    /// The pool's part of the configuration, as bytes that nobody can change on the way.
    private func send(_ pool: HostingPlan.Pool, to worker: RoleProcess) throws(SystemError) {
        let slice = try FileDescriptor.sealedMemory(version.slice(ofPool: pool.name), name: "configuration")
        worker.send(
            .configure(
                .init(pool: pool.id, poolName: pool.name, path: version.path, schemaFolder: version.schemaFolder)),
            descriptor: slice)
    }

    func tellRouter(_ message: ControlMessage) {
        guard let router, !router.postpone(message) else { return }
        do throws(SystemError) {
            switch message {
            case .listen(let endpoint):
                guard let socket = sockets[endpoint] else { return }
                router.send(message, descriptor: try socket.descriptor.duplicate())
            case .linkReady(_, let id):
                guard let worker = workers[id] else { return }
                // All of them or none: a loop without its link would wait for it.
                var workersEnds = DescriptorQueue()
                var routersEnds = DescriptorQueue()
                for _ in 0..<(router.loopCount ?? 1) {
                    let link = try FileDescriptor.streamPair()
                    workersEnds.append(link.one)
                    routersEnds.append(link.other)
                }
                while let one = workersEnds.take(), let other = routersEnds.take() {
                    worker.send(.link, descriptor: one)
                    router.send(message, descriptor: other)
                }
            case .routes(let table):
                if let toldRoutes, let difference = RouteDifference(from: toldRoutes, to: table) {
                    if !difference.isEmpty { router.send(.routesChanged(difference)) }
                } else {
                    router.send(message)
                }
                toldRoutes = table
            default: router.send(message)
            }
        } catch {
            log.record(Event(.serverOutOfDescriptors, "The router cannot be told everything: \(error)."))
        }
    }

    func received(_ message: ControlMessage, from role: RoleProcess) {
        switch (message, role.worker) {
        case (.loops(let count), nil): for message in role.learned(loopCount: Int(count)) { tellRouter(message) }
        case (.ready, nil): handle(.routerReady)
        case (.ready, let id?): handle(.workerReady(id))
        case (.trouble(let text), nil): handle(.routerTrouble(text))
        case (.trouble(let text), let id?): handle(.workerTrouble(id, text))
        case (.activate(let pool), nil): handle(.activationWanted(pool: pool))
        case (.linkBroken(let worker, let reason), nil): handle(.linkBroken(worker: worker, reason: reason))
        case (.pong(let value), let id?): handle(.workerAnsweredPing(id, value: value))
        case (.logWanted(let request), nil): logFiles.open(request, for: role)
        case (.logFailed(let log, let reason), nil): logFiles.failed(log, reason)
        case (.counts(let number, let counts), _): administration.received(number, counts, from: role)
        case (.hello, _), (.goodbye, _), (.pong, nil): break
        default: role.kill()
        }
    }

    func ended(_ role: RoleProcess, _ end: ProcessEnd) {
        orphans[end.pid] = nil
        administration.ended(role)
        do throws(FileError) {
            try registry.remove(end.pid)
        } catch {
            log.record(Event(.registryNotWritten, "An ended process stays registered: \(error)"))
        }
        if let id = role.worker {
            if workers[id] === role { workers[id] = nil }
            handle(.workerEnded(id, end))
        } else {
            // A router that was replaced already is nobody's.
            guard role === router else { return }
            router = nil
            handle(.routerEnded(end))
        }
    }

    /// What cannot be talked to cannot be supervised: its end follows.
    func fellSilent(_ role: RoleProcess, reason: String) { role.kill() }

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
            case SIGHUP:
                reload()
                tellRouter(.reopenLogs)
            default: handle(.stopRequested)
            }
        }
    }

    // MARK: Changes of the configuration

    private func watchConfiguration() {
        let watcher = ConfigurationWatcher(
            path: version.path, schemaFolder: version.schemaFolder, on: loop, log: log
        ) { [unowned self] isAsked in reread(isAsked: isAsked) }
        self.watcher = watcher
        watcher.start()
    }

    /// Reads the configuration again. What cannot be read leaves everything as it is.
    func reload() {
        service.reloading()
        watcher?.ask()
    }

    /// Reads the file again, which may take its time, on another thread.
    private func reread(isAsked: Bool) {
        let work: @Sendable () -> Result<ConfigurationVersion?, ConfigurationError> = { [version] in version.next() }
        loop.perform(work) { [self] reading in
            switch reading {
            case .failure(let error):
                guard watcher?.finished(false) == true else { return }
                reject(error)
            case .success(let next):
                _ = watcher?.finished(true)
                if let next {
                    apply(next)
                } else if isAsked {
                    apply(version)
                }
            }
        }
    }

    private func apply(_ next: ConfigurationVersion) {
        let changes = version.poolChanges(to: next)
        ProblemReport.record(next.newProblems, to: log)
        let plan = HostingPlan(next.model, after: (version.model, supervision.configured), numbers: &numbers)
        logFiles.use(next.model, after: version.model)
        version = next
        let numbered = changes.map { (numbers.number(of: $0), $1) }
        handle(.reconfigured(plan, Dictionary(numbered, uniquingKeysWith: { _, last in last })))
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
