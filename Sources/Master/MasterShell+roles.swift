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

/// Routers and workers: started, told, listened to, and seen to their end.
extension MasterShell: RoleObserver {
    /// How long a process may take to end that was killed. Unit: milliseconds.
    private static let patience: Int32 = 5000

    func startRouter(_ id: UInt64) {
        do {
            routers[id] = try start(.router(id), in: try isolation.router())
        } catch {
            handle(.routerCannotStart(id, reason: "\(error)"))
        }
    }

    private func start(
        _ kind: RegisteredRole.Kind, in surroundings: RoleSurroundings
    ) throws(SystemError) -> RoleProcess {
        let admission: RoleRegistry.Admission?
        do {
            admission = session == nil ? try registry.admit(kind) : nil
        } catch {
            admission = nil
            // It runs all the same, but the next master could not find it.
            log.record(
                Event(
                    .registryNotWritten, "\(kind.title) cannot be registered, and ends should the master die: \(error)")
            )
        }
        let worker: UInt64? = if case .worker(let number, _, _, _) = kind { number } else { nil }
        let started: StartedRole
        do throws(SystemError) {
            started = try launcher.start(
                worker == nil ? .router : .worker, rendezvous: admission?.socket.number, in: surroundings)
        } catch {
            if let admission { forget(admission.token) }
            throw error
        }
        let process = started.process
        isolation.started(process.pid, surroundings)
        if let admission { register(admission.token, process.pid, kind) }
        do throws(SystemError) {
            return try RoleProcess(started, worker: worker, token: admission?.token, on: loop, observer: self)
        } catch {
            // Nobody could talk to it.
            _ = process.kill(timeout: Self.patience)
            _ = try process.exit()
            if let admission { forget(admission.token) }
            throw error
        }
    }

    /// Every process that this master watches.
    var processes: [Int32] {
        let roles = Array(workers.values) + Array(routers.values) + Array(orphans.values) + leaving
        return roles.map(\.process.pid) + errands.processes
    }

    private func register(_ token: String, _ pid: Int32, _ kind: RegisteredRole.Kind) {
        do {
            try registry.started(token, pid: pid)
        } catch {
            log.record(
                Event(
                    .registryNotWritten, "\(kind.title) is not registered, and no next master will find it: \(error)"))
        }
    }

    private func forget(_ token: String) {
        do throws(FileError) {
            try registry.remove(token)
        } catch {
            log.record(Event(.registryNotWritten, "An ended process stays registered: \(error)"))
        }
    }

    func startWorker(_ id: UInt64, _ pool: UInt32) {
        guard let planned = supervision.plan.pools[pool] else { return }
        do {
            let settings = version.model.pool(planned.name)?.processFingerprint ?? 0
            let worker = try start(
                .worker(id, pool: pool, name: planned.name, settings: settings), in: try isolation.worker(of: planned))
            workers[id] = worker
            if session?.trace != nil { worker.send(.trace) }
            if mirror != nil { worker.send(.webConfigsWanted) }
            try send(planned, to: worker)
        } catch let failure as Isolation.Failure where failure.isLasting {
            handle(.poolUnusable(id, reason: failure.reason))
        } catch {
            if let worker = workers[id] { return worker.kill() }
            handle(.workerCannotStart(id, reason: "\(error)"))
        }
    }

    func sample(_ id: UInt64) {
        guard let worker = workers[id], let life = supervision.pool(ofWorker: id)?.life,
            let sample = WorkerSample.of(worker.process.pid, for: life)
        else { return }
        handle(.workerSampled(id, sample))
    }

    /// Stops the worker, and has the kernel write its memory out where there is swap.
    func suspend(_ id: UInt64) {
        guard let process = workers[id]?.process else { return }
        process.signalGroup(SIGSTOP)
        loop.perform({ process.pageOut() }, then: {})
    }

    func resume(_ id: UInt64) {
        guard let worker = workers[id] else { return }
        worker.process.signalGroup(SIGCONT)
        if let pool = supervision.pool(ofWorker: id) { tellLimits(of: pool, to: worker) }
    }

    /// Lets the process run on as nobody's.
    func orphan(_ id: UInt64, _ command: PoolLife.Command?) {
        guard let worker = workers.removeValue(forKey: id) else { return }
        orphans[worker.process.pid] = worker
        if let command { errands.run(command, about: worker.process.pid) }
    }

    func configureWorker(_ id: UInt64) {
        guard let worker = workers[id], let planned = supervision.pool(ofWorker: id) else { return }
        do throws(SystemError) {
            try send(planned, to: worker)
        } catch {
            log.record(Event(.serverOutOfDescriptors, "A worker of \(planned.name) keeps its old settings: \(error)."))
        }
    }

    /// The pool's part of the configuration, as bytes that nobody can change on the way.
    private func send(_ pool: HostingPlan.Pool, to worker: RoleProcess) throws(SystemError) {
        tellLimits(of: pool, to: worker)
        let schemas = version.server.schemaFiles
        let slice = try FileDescriptor.sealedMemory(
            schemas.flatMap(\.bytes) + version.slice(ofPool: pool.name), name: "configuration")
        worker.send(
            .configure(
                .init(
                    pool: pool.id, poolName: pool.name, path: version.path, folder: version.file.folder,
                    schemaFiles: schemas.map { .init(path: $0.path, size: UInt32($0.bytes.count)) })),
            descriptor: slice)
    }

    private func tellLimits(of pool: HostingPlan.Pool, to worker: RoleProcess) {
        worker.send(.limits(pool.life.workerLimits(idleDivisor: memoryWatcher.divisor)))
    }

    /// Of workers that are suspended, when they run again.
    func tellLimits() {
        for (id, worker) in workers where supervision.state(ofWorker: id) != .suspended {
            if let pool = supervision.pool(ofWorker: id) { tellLimits(of: pool, to: worker) }
        }
    }

    /// Has the workers of the pool tell what they have read; nil: of every pool.
    func askForWebConfigs(of pool: String?) {
        for (id, worker) in workers where pool == nil || supervision.pool(ofWorker: id)?.name == pool {
            worker.send(.webConfigsWanted)
        }
    }

    func tellRouter(_ message: ControlMessage) {
        for id in routers.keys.sorted() { tellRouter(id, message) }
    }

    func tellRouter(_ id: UInt64, _ message: ControlMessage) {
        guard let router = routers[id], !router.postpone(message) else { return }
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
                router.tell(table)
            default: router.send(message)
            }
        } catch {
            log.record(Event(.serverOutOfDescriptors, "The router cannot be told everything: \(error)."))
        }
    }

    func received(_ message: ControlMessage, from role: RoleProcess) {
        switch (message, role.worker) {
        case (.loops(let count), nil):
            guard let id = number(of: role) else { return }
            for message in role.learned(loopCount: Int(count)) { tellRouter(id, message) }
        case (.ready, nil): if let id = number(of: role) { handle(.routerReady(id)) }
        case (.ready, let id?): handle(.workerReady(id))
        case (.trouble(let text), nil): handle(.routerTrouble(text))
        case (.trouble(let text), let id?): handle(.workerTrouble(id, text))
        case (.moduleEvent(let notice), let id?): received(notice, from: id, role)
        case (.activate(let pool), nil): handle(.activationWanted(pool: pool))
        case (.linkBroken(let worker, let reason), nil): handle(.linkBroken(worker: worker, reason: reason))
        case (.idle, let id?): handle(.workerIdle(id))
        case (.unlinked(let worker, let isQuiet), nil):
            guard let router = number(of: role) else { return }
            handle(.workerUnlinked(worker, router: router, isQuiet: isQuiet))
        case (.requestLimitReached, let id?): handle(.workerReachedRequestLimit(id))
        case (.recycleWanted, let id?): handle(.workerWantsRecycling(id))
        case (.pong(let value), let id?): handle(.workerAnsweredPing(id, value: value))
        case (.logWanted(let request), nil): logFiles.open(request, for: role)
        case (.logFailed(let log, let reason), nil): logFiles.failed(log, reason)
        case (.traced(let request), _?): session?.trace?(request)
        case (.webConfig(let report), let id?):
            guard let pool = supervision.pool(ofWorker: id) else { return }
            mirror?.received(report, from: id, of: pool.name, isInformed: role.isInformed)
        case (.requests(let number, let requests), _?):
            administration.received(number, requests, from: role)
        case (.counts(let number, let counts), _): administration.received(number, counts, from: role)
        case (.traffic(let number, let page), nil): metrics.received(number, page)
        case (.hello, _), (.goodbye, _), (.pong, nil): break
        default: role.kill()
        }
    }

    func ended(_ role: RoleProcess, _ end: ProcessEnd) {
        orphans[end.pid] = nil
        metrics.ended(role)
        administration.ended(role)
        leaving.removeAll { $0 === role }
        if let token = role.token { forget(token) }
        isolation.ended(end.pid, others: processes)
        if let id = role.worker {
            if workers[id] === role { workers[id] = nil }
            handle(.workerEnded(id, end))
        } else if let id = number(of: role) {
            routers[id] = nil
            handle(.routerEnded(id, end))
        }
    }

    private func number(of router: RoleProcess) -> UInt64? { routers.first { $0.value === router }?.key }

    /// What cannot be talked to cannot be supervised: its end follows.
    func fellSilent(_ role: RoleProcess, reason: String) { role.kill() }
}
