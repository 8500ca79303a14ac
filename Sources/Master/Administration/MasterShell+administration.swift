import Administration
import Configuration
import ConfigurationStore
import Delegation
import Events
import HostModel
import Platform
import Wire

/// What administrators ask for.
extension MasterShell: ControlSubject {
    func perform(
        _ operation: ControlRequest.Operation, for peer: PeerCredentials, answer: @escaping (ControlAnswer) -> Void
    ) {
        do throws(ControlRefusal) {
            switch operation {
            case .status: collectStatus(answer)
            case .states: answer(.done(report.states(numbers: numbers) { workers[$0] }.members))
            case .requests: collectRequests(answer)
            case .metrics: collectMetrics { answer(.done($0.members)) }
            case .events: answer(.refused(ControlRefusal(.malformed, "Events are not asked for here.")))
            case .access, .webConfig: answer(.refused(ControlRefusal(.malformed, "That is not asked for here.")))
            case .reload:
                try refuseWhenStopping()
                recordRequest("The configuration is to be read again.", peer)
                administration.awaitReload(reload(), answer)
                tellRouter(.reopenLogs)
            case .change(let staged):
                try refuseWhenStopping()
                recordRequest("The configuration is to be changed.", peer)
                let isOwners = peer.user == 0 || peer.user == CurrentProcess.user
                let scope = isOwners ? nil : ChangeScope(version.file)
                history.commit(staged, for: peer, within: scope) {
                    [unowned self] committed in
                    switch committed {
                    case .failure(let refusal): answer(.refused(refusal))
                    case .success(let number):
                        administration.awaitReload(reread()) {
                            answer($0.adding("configurationVersion", .integer(number)))
                        }
                    }
                }
            case .stop(let now):
                recordRequest(now ? "The server is to end at once." : "The server is to end.", peer)
                // A second request is for an end at once.
                if service.state != .stopping { handle(.stopRequested) }
                if now { handle(.stopRequested) }
                answer(.done([]))
            case .recycle(let name):
                let pool = try pool(name, peer, "is to be recycled")
                guard let state = supervision.status(of: pool)?.state, state == .started || state == .starting else {
                    throw ControlRefusal(.state, "The pool \"\(name)\" is not started.")
                }
                handle(.recycleRequested(pool: pool))
                answer(.done([]))
            case .startPool(let name):
                handle(.poolStartRequested(pool: try pool(name, peer, "is to be started")))
                answer(.done([]))
            case .stopPool(let name):
                handle(.poolStopRequested(pool: try pool(name, peer, "is to be stopped")))
                answer(.done([]))
            case .startSite(let name):
                handle(.siteStartRequested(id: try site(name, peer, "is to be started")))
                answer(.done([]))
            case .stopSite(let name):
                handle(.siteStopRequested(id: try site(name, peer, "is to be stopped")))
                answer(.done([]))
            case .upgrade:
                try refuseWhenStopping()
                guard !supervision.isUpgrading else {
                    throw ControlRefusal(.busy, "The server is being upgraded already.")
                }
                recordRequest("The version on disk is to take over.", peer)
                administration.awaitUpgrade(answer)
                upgrade()
            }
        } catch {
            answer(.refused(error))
        }
    }

    /// The number of a pool that can be told something, which is recorded.
    private func pool(_ name: String, _ peer: PeerCredentials, _ order: String) throws(ControlRefusal) -> UInt32 {
        try refuseWhenStopping()
        guard let pool = version.model.pools.first(where: { $0.name.lowercased() == name.lowercased() }),
            let number = numbers.known(pool.name)
        else { throw ControlRefusal(.unknownPool, "There is no application pool \"\(name)\".") }
        guard !pool.isQuarantined else {
            throw ControlRefusal(.state, "The pool \"\(pool.name)\" has a mistake; 'hostelry check' tells it.")
        }
        recordRequest("The pool \(order).", about: EventObject.pool(pool.name), peer)
        return number
    }

    /// The id of a site that can be told something, which is recorded.
    private func site(_ name: String, _ peer: PeerCredentials, _ order: String) throws(ControlRefusal) -> UInt32 {
        try refuseWhenStopping()
        guard let site = version.model.sites.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw ControlRefusal(.unknownSite, "There is no site \"\(name)\".")
        }
        guard !site.isQuarantined else {
            throw ControlRefusal(.state, "The site \"\(site.name)\" has a mistake; 'hostelry check' tells it.")
        }
        recordRequest("The site \(order).", about: EventObject.site(site.name), peer)
        return site.id
    }

    private func refuseWhenStopping() throws(ControlRefusal) {
        guard service.state != .stopping else { throw ControlRefusal(.state, "The server is ending.") }
    }

    /// Who asks for what.
    private func recordRequest(_ text: String, about object: String = "", _ peer: PeerCredentials) {
        log.record(Event(.operationRequested, object, text, [.init("user", peer.user), .init("pid", peer.pid)]))
    }

    func record(_ report: Report) {
        var event = report.event
        if let process = report.worker.flatMap({ workers[$0]?.process }) {
            event = event.adding(.init("pid", process.pid))
        }
        log.record(event)
        switch report {
        case .configurationApplied:
            service.reloaded(summary)
            administration.applied { [version] in version.model.problems }
        case .upgradeRefused: administration.upgradeRefused(event)
        default: break
        }
    }

    /// What was read is no configuration, and leaves everything as it is.
    func reject(_ error: ConfigurationError) {
        log.record(
            Event(
                .configurationRejected, "\(error). What was read last stays in force.",
                [.init("file", error.file), .init("line", error.line)]))
        service.reloaded(summary)
        administration.rejected(error)
    }

    func announce(_ state: ServiceState) {
        switch state {
        case .ready:
            service.ready(summary)
            // What was read while workers were taken over is in force as well.
            administration.applied { [version] in version.model.problems }
        case .stopping: service.stopping()
        }
    }

    /// One line for the service manager.
    var summary: String {
        let sites = supervision.plan.routes.sites.count { $0.state == .started }
        return
            "Serving \(sites) of \(supervision.plan.routes.sites.count) sites, \(supervision.plan.pools.count) pools."
    }

    /// Without the socket the server serves all the same.
    func openControl() -> ControlServer? {
        do throws(SystemError) {
            let admission = Admission(
                on: loop, log: log, isShared: { [unowned self] in version.file.shared != nil },
                path: { [unowned self] in version.file.administrationPath })
            let server = try ControlServer(
                stateFolder: statePath, history: log, on: loop, subject: self, admission: admission)
            administration.whenApplied { [weak server] in server?.modelChanged() }
            return server
        } catch {
            log.record(Event(.controlUnavailable, "Commands cannot reach the server: \(error)."))
            return nil
        }
    }

    private func collectRequests(_ answer: @escaping (ControlAnswer) -> Void) {
        let workers = workers.filter { supervision.state(ofWorker: $0.key) != .suspended }
        administration.requests(Array(workers.values), on: loop) { [unowned self] found in
            let sites = Dictionary(
                version.model.sites.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
            let rows = workers.sorted { $0.key < $1.key }.flatMap { id, role in
                (found[role.process.pid] ?? []).map { request in
                    request.json(
                        site: sites[request.siteID], worker: id, pid: role.process.pid,
                        pool: supervision.pool(ofWorker: id)?.name ?? "")
                }
            }
            answer(.done([.init("requests", .array(rows))]))
        }
    }

    private func collectStatus(_ answer: @escaping (ControlAnswer) -> Void) {
        // One that is stopped answers nothing.
        let roles =
            [router].compactMap { $0 }
            + workers.filter { supervision.state(ofWorker: $0.key) != .suspended }.map(\.value)
        let stopped = workers.filter { supervision.state(ofWorker: $0.key) == .suspended }.map(\.value.process.pid)
        let own = CurrentProcess.pid
        administration.count(roles, and: [own] + stopped, on: loop) { [unowned self] entries in
            // As it is now: what ended since it was asked is not in it.
            var status = status(own)
            status.process.take(entries[own])
            let router = entries[status.router.process?.pid ?? 0]
            status.router.process?.take(router)
            status.router.connections = router?.counts?.connections
            let queues = router?.counts?.queues
            for pool in status.pools.indices {
                if let queues, let number = numbers.known(status.pools[pool].name) {
                    status.pools[pool].queued = UInt64(queues.first { $0.pool == number }?.waiting ?? 0)
                }
                for worker in status.pools[pool].workers.indices {
                    let entry = entries[status.pools[pool].workers[worker].process?.pid ?? 0]
                    status.pools[pool].workers[worker].process?.take(entry)
                    status.pools[pool].workers[worker].requests = entry?.counts?.requests
                    status.pools[pool].workers[worker].inWork = entry?.counts?.inWork
                }
            }
            answer(.done(status.members))
        }
    }

    private var report: StatusReport {
        StatusReport(
            model: version.model, supervision: supervision, open: Set(sockets.keys), failures: endpointFailures)
    }

    private func status(_ pid: Int32) -> ServerStatus {
        let report = report
        return ServerStatus(
            process: .init(pid: pid), version: programVersion, state: service.state.rawValue,
            configuration: version.path, stateFolder: statePath, sharedConfiguration: sharedStatus,
            router: .init(
                process: router.map { .init(pid: $0.process.pid) },
                state: router.map { $0.isReady ? "ready" : "starting" } ?? "absent"),
            sites: report.sites, pools: report.pools(numbers: numbers) { workers[$0] })
    }
}

extension MasterShell {
    private var sharedStatus: ServerStatus.SharedConfiguration? {
        following?.shared.map { folder, standing in
            let problem = standing.problem
            return .init(
                folder: folder.path, state: problem == nil ? "followed" : standing.isAway ? "away" : "rejected",
                reason: problem?.description, since: problem.map { _ in Self.seconds(standing.since) },
                copied: standing.copied.map(Self.seconds))
        }
    }

    private static func seconds(_ nanoseconds: Int64) -> UInt64 { UInt64(max(0, nanoseconds)) / 1_000_000_000 }
}

extension ServerStatus.Process {
    fileprivate mutating func take(_ entry: ProcessFacts?) {
        memory = entry?.memory
        uptime = entry?.uptime
    }
}
