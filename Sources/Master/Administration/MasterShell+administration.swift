import Administration
import Configuration
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
            case .events: answer(.refused(ControlRefusal(.malformed, "Events are not asked for here.")))
            case .reload:
                recordRequest("The configuration is to be read again.", peer)
                administration.reload(answer) { reload() }
                tellRouter(.reopenLogs)
            case .stop(let now):
                recordRequest(now ? "The server is to end at once." : "The server is to end.", peer)
                // A second request is for an end at once.
                if service.state != .stopping { handle(.stopRequested) }
                if now { handle(.stopRequested) }
                answer(.done([]))
            case .recycle, .startPool, .stopPool, .startSite, .stopSite:
                throw ControlRefusal(.unknownOperation, "This server cannot do that.")
            }
        } catch {
            answer(.refused(error))
        }
    }

    private func recordRequest(_ text: String, _ peer: PeerCredentials) {
        log.record(Event(.operationRequested, text, [.init("user", peer.user), .init("pid", peer.pid)]))
    }

    func record(_ report: Report) {
        log.record(report.event)
        guard report == .configurationApplied else { return }
        service.ready(summary)
        administration.applied(version.model.problems)
    }

    func announce(_ state: ServiceState) {
        switch state {
        case .ready: service.ready(summary)
        case .stopping: service.stopping()
        }
    }

    /// One line for the service manager.
    private var summary: String {
        let sites = supervision.plan.routes.sites.count { $0.state == .started }
        return "Serving \(sites) of \(supervision.plan.routes.sites.count) sites, \(supervision.plan.pools.count) pools."
    }

    /// Without the socket the server serves all the same.
    func openControl() -> ControlServer? {
        do throws(SystemError) {
            return try ControlServer(stateFolder: statePath, history: log, on: loop, subject: self)
        } catch {
            log.record(Event(.controlUnavailable, "Commands cannot reach the server: \(error)."))
            return nil
        }
    }

    private func collectStatus(_ answer: @escaping (ControlAnswer) -> Void) {
        let roles = [router].compactMap { $0 } + workers.values
        let own = CurrentProcess.pid
        administration.count(roles, and: [own], on: loop) { [unowned self] entries in
            // As it is now: what ended since it was asked is not in it.
            var status = status(own)
            status.process.take(entries[own])
            let router = entries[status.router.process?.pid ?? 0]
            status.router.process?.take(router)
            status.router.connections = router?.counts?.connections
            for pool in status.pools.indices {
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

    private func status(_ pid: Int32) -> ServerStatus {
        let report = StatusReport(
            model: version.model, plan: supervision.plan, workers: Array(supervision.workers.values),
            open: Set(sockets.keys), failures: endpointFailures)
        return ServerStatus(
            process: .init(pid: pid), version: programVersion, state: service.state.rawValue,
            configuration: version.path, stateFolder: statePath,
            router: .init(process: router.map { .init(pid: $0.process.pid) }, state: router.map { $0.isReady ? "ready" : "starting" } ?? "absent"),
            sites: report.sites, pools: report.pools(numbers: numbers) { workers[$0] })
    }
}

extension ServerStatus.Process {
    fileprivate mutating func take(_ entry: ProcessCensus.Entry?) {
        memory = entry?.memory
        uptime = entry?.uptime
    }
}
