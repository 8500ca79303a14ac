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
    private let loop: EventLoop
    private let log: any EventRecorder
    private let launcher: RoleLauncher
    private let registry: RoleRegistry
    private let isolation: Isolation
    private let signals: SignalDescriptor
    private let statePath: String

    private var version: ConfigurationVersion
    private var numbers = PoolNumbers()
    private var supervision = Supervision()
    private var sockets: [Endpoint: ListeningSocket] = [:]
    private var timers: [Deadline: DeadlineTimer] = [:]
    private var router: RoleProcess?
    private var workers: [UInt64: RoleProcess] = [:]
    private let logFiles: LogFiles
    private lazy var cpuWatcher = CPUWatcher(
        groups: isolation.groups, on: loop, log: log,
        workers: { [unowned self] pool in
            supervision.workers.values.filter { $0.pool == pool }.compactMap { workers[$0.id]?.process.pid }
        }, exceeded: { [unowned self] pool, rest in handle(.cpuLimitReached(pool: pool, rest: rest)) })
    /// What happened while something else was being done about.
    private var waiting: [Occurrence] = []
    private var isHandling = false
    private(set) var status: Int32 = 0

    /// Kept by the master whatever happens to the router.
    private final class ListeningSocket {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    init(
        _ version: ConfigurationVersion, statePath: String, launcher: RoleLauncher, registry: RoleRegistry,
        isolation: Isolation, signals: consuming SignalDescriptor, log: any EventRecorder, on loop: EventLoop
    ) throws(SystemError) {
        self.version = version
        self.statePath = statePath
        self.launcher = launcher
        self.registry = registry
        self.isolation = isolation
        self.signals = signals
        self.log = log
        self.loop = loop
        logFiles = LogFiles(statePath: statePath, on: loop, log: log)
        logFiles.use(version.model)
        try loop.register(self.signals.descriptor.number, self)
    }

    /// Serves until told to end, and returns the exit status.
    func run() -> Int32 {
        ProblemReport.record(version.model.problems, to: log)
        let plan = HostingPlan(version.model, numbers: &numbers)
        cpuWatcher.use(plan)
        handle(.began(plan))
        loop.run()
        isolation.close()
        return status
    }

    private func handle(_ occurrence: Occurrence) {
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
        case .start(let deadline, let delay): start(deadline, after: delay)
        case .cancel(let deadline): cancel(deadline)
        case .record(let report): log.record(report.event)
        case .announce(let state): announce(state)
        case .end(let status):
            self.status = status
            loop.stop()
        }
    }

    // MARK: Endpoints

    private func open(_ endpoint: Endpoint) {
        do throws(SystemError) {
            let address = SocketAddress(high: endpoint.address.high, low: endpoint.address.low, port: endpoint.port)
            sockets[endpoint] = ListeningSocket(try FileDescriptor.listening(at: address))
            handle(.opened(endpoint))
        } catch {
            handle(.openingFailed(endpoint, reason: error.reason))
        }
    }

    // MARK: Roles

    private func startRouter() {
        do {
            router = try start(.router, worker: nil, in: try isolation.router())
        } catch {
            router = nil
            handle(.routerCannotStart(reason: "\(error)"))
        }
    }

    private func start(
        _ role: RoleLauncher.Role, worker: UInt64?, in surroundings: RoleSurroundings
    ) throws(SystemError) -> RoleProcess {
        let started = try launcher.start(role, in: surroundings)
        isolation.started(started.process.pid, surroundings)
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
        do {
            let worker = try start(.worker, worker: id, in: try isolation.worker(of: planned))
            workers[id] = worker
            try send(planned, to: worker)
        } catch let failure as Isolation.Failure where failure.isLasting {
            handle(.poolUnusable(id, reason: failure.reason))
        } catch {
            if let worker = workers[id] { return worker.kill() }
            handle(.workerCannotStart(id, reason: "\(error)"))
        }
    }

    private func configureWorker(_ id: UInt64) {
        guard let worker = workers[id], let pool = supervision.workers[id]?.pool,
            let planned = supervision.plan.pools[pool]
        else { return }
        do throws(SystemError) {
            try send(planned, to: worker)
        } catch {
            log.record(Event(.serverOutOfDescriptors, "A worker of \(planned.name) keeps its old settings: \(error)."))
        }
    }

    /// The pool's part of the configuration, as bytes that nobody can change on the way.
    private func send(_ pool: HostingPlan.Pool, to worker: RoleProcess) throws(SystemError) {
        let schemas = version.server.schemaFiles
        let slice = try FileDescriptor.sealedMemory(
            schemas.flatMap(\.bytes) + version.slice(ofPool: pool.name), name: "configuration")
        worker.send(
            .configure(
                .init(
                    pool: pool.id, poolName: pool.name, path: version.path,
                    schemaFiles: schemas.map { .init(path: $0.path, size: UInt32($0.bytes.count)) })),
            descriptor: slice)
    }

    private func tellRouter(_ message: ControlMessage) {
        guard let router else { return }
        do throws(SystemError) {
            switch message {
            case .listen(let endpoint):
                guard let socket = sockets[endpoint] else { return }
                router.send(message, descriptor: try socket.descriptor.duplicate())
            case .linkReady(_, let id):
                guard let worker = workers[id] else { return }
                let link = try FileDescriptor.streamPair()
                worker.send(.link, descriptor: link.one)
                router.send(message, descriptor: link.other)
            default: router.send(message)
            }
        } catch {
            log.record(Event(.serverOutOfDescriptors, "The router cannot be told everything: \(error)."))
        }
    }

    func received(_ message: ControlMessage, from role: RoleProcess) {
        switch (message, role.worker) {
        case (.ready, nil): handle(.routerReady)
        case (.ready, let id?): handle(.workerReady(id))
        case (.trouble(let text), nil): handle(.routerTrouble(text))
        case (.trouble(let text), let id?): handle(.workerTrouble(id, text))
        case (.activate(let pool), nil): handle(.activationWanted(pool: pool))
        case (.linkBroken(let worker, let reason), nil): handle(.linkBroken(worker: worker, reason: reason))
        case (.logWanted(let request), nil): logFiles.open(request, for: role)
        case (.logFailed(let log, let reason), nil): logFiles.failed(log, reason)
        case (.hello, _), (.goodbye, _), (.pong, _): break
        default: role.kill()
        }
    }

    func ended(_ role: RoleProcess, _ end: ProcessEnd) {
        do throws(FileError) {
            try registry.remove(end.pid)
        } catch {
            log.record(Event(.registryNotWritten, "An ended process stays registered: \(error)"))
        }
        isolation.ended(end.pid, others: workers.values.map(\.process.pid) + [router?.process.pid].compactMap(\.self))
        if let id = role.worker {
            workers[id] = nil
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
        let (seconds, attoseconds) = delay.components
        loop.start(timer.timer, after: UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000), timer)
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

    /// Reads the configuration again. What cannot be read leaves everything as it is.
    private func reload() {
        do throws(ConfigurationError) {
            let next = try ConfigurationVersion.read(version.path, state: statePath)
            let changes = version.poolChanges(to: next)
            ProblemReport.record(next.model.problems, to: log)
            version = next
            logFiles.use(next.model)
            isolation.use(next.model)
            let plan = HostingPlan(next.model, numbers: &numbers)
            cpuWatcher.use(plan)
            let numbered = changes.map { (numbers.number(of: $0), $1) }
            handle(.reconfigured(plan, Dictionary(numbered, uniquingKeysWith: { _, last in last })))
        } catch {
            log.record(
                Event(
                    .configurationRejected, "\(error). What was read last stays in force.",
                    [.init("file", error.file), .init("line", error.line)]))
        }
    }

    private func announce(_ state: ServiceState) {
        do throws(SystemError) {
            try ServiceManager.notify(state == .ready ? "READY=1\nMAINPID=\(CurrentProcess.pid)\n" : "STOPPING=1\n")
        } catch {
            log.record(Event(.serviceManagerDeaf, "The service manager cannot be told: \(error)."))
        }
    }
}

/// A timer of the loop that calls a closure.
private final class DeadlineTimer: TimerHandler {
    let timer = Timer()
    private let fire: () -> Void

    init(_ fire: @escaping () -> Void) { self.fire = fire }

    func timerFired(_ timer: Timer) { fire() }
}
