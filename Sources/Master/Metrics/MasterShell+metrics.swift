import Administration
import Configuration
import Events
import HostModel
import Platform
import Wire

extension MasterShell {
    /// Gathers what there is to know, for everybody who has asked by then.
    func collectMetrics(_ done: @escaping (ServerMetrics) -> Void) {
        guard metrics.join(done) else { return }
        metrics.askTraffic(of: router) { [unowned self] traffic in
            // One that is stopped answers nothing.
            let awake = workers.filter { supervision.state(ofWorker: $0.key) != .suspended }
            let stopped = workers.filter { awake[$0.key] == nil }.map(\.value.process.pid)
            let roles = [router].compactMap { $0 } + awake.map(\.value)
            administration.count(roles, and: [CurrentProcess.pid] + stopped, on: loop) { [unowned self] entries in
                metrics.finish(put(together: traffic, entries))
            }
        }
    }

    private func put(
        together traffic: [TrafficPage.Entry]?, _ processes: [Int32: ProcessFacts]
    ) -> ServerMetrics {
        func process(_ pid: Int32) -> ServerStatus.Process {
            .init(pid: pid, memory: processes[pid]?.memory, uptime: processes[pid]?.uptime)
        }
        let routerFacts = router.flatMap { processes[$0.process.pid]?.counts }
        var metrics = ServerMetrics(
            time: FileStamp.now(), version: programVersion, master: process(CurrentProcess.pid),
            router: router.map { process($0.process.pid) }, connections: routerFacts?.connections)
        let traffic = traffic ?? []
        var places: [TrafficPage.Subject: [UInt32: Int]] = [:]
        for (place, entry) in traffic.enumerated() { places[entry.subject, default: [:]][entry.id] = place }
        func counted(_ subject: TrafficPage.Subject, _ id: UInt32) -> ServerMetrics.Traffic? {
            places[subject]?[id].map { .init(traffic[$0].counts, since: traffic[$0].since) }
        }
        metrics.unrouted = counted(.unrouted, 0)
        if let sites = places[.site] {
            for site in version.model.sites where sites[site.id] != nil {
                guard let traffic = counted(.site, site.id) else { continue }
                var pools: [String] = []
                for application in site.applications where !pools.contains(application.pool) {
                    pools.append(application.pool)
                }
                metrics.sites.append(.init(id: site.id, name: site.name, pools: pools, traffic: traffic))
            }
        }
        metrics.pools = version.model.pools.compactMap { pool in
            guard let number = numbers.known(pool.name), let status = supervision.status(of: number) else { return nil }
            let restarts = supervision.restarts(of: number)
            let counts = counted(.pool, number)
            guard counts != nil || !status.workers.isEmpty || restarts != ServerMetrics.Restarts() else { return nil }
            let facts = status.workers.compactMap { worker in
                workers[worker.id].flatMap { processes[$0.process.pid] }
            }
            func sum(_ values: [UInt64]) -> UInt64? { values.isEmpty ? nil : values.reduce(0, &+) }
            return ServerMetrics.Pool(
                name: pool.name, state: pool.isQuarantined ? "quarantined" : status.state.rawValue,
                workers: UInt64(status.workers.count),
                queued: routerFacts.map { UInt64($0.queues.first { $0.pool == number }?.waiting ?? 0) },
                inWork: sum(facts.compactMap { $0.counts?.inWork }), memory: sum(facts.compactMap(\.memory)),
                uptime: facts.compactMap(\.uptime).max(), restarts: restarts, restartsSince: self.metrics.began,
                traffic: counts)
        }
        return metrics
    }

    /// Serves metrics where the configuration that is in force wants them.
    func serveMetrics() {
        let text = session == nil ? version.server.section("system.applicationHost/log").string("metricsAddress") : ""
        guard text != metrics.address else { return }
        metrics.server?.close()
        metrics.server = nil
        metrics.address = ""
        guard !text.isEmpty else { return }
        do throws(MetricsAddress.Mistake) {
            let address = try MetricsAddress(text)
            do throws(SystemError) {
                metrics.server = try MetricsServer(at: address, on: loop) { [unowned self] in collectMetrics($0) }
                metrics.address = text
                log.record(Event(.metricsOpened, "Metrics are served at \(text).", [.init("address", text)]))
            } catch {
                recordNoMetrics(text, "\(error.reason)")
            }
        } catch {
            recordNoMetrics(text, error.text)
        }
    }

    private func recordNoMetrics(_ address: String, _ reason: String) {
        log.record(
            Event(
                .metricsUnavailable, "Metrics are not served at \"\(address)\": \(reason).",
                [.init("address", address)]))
    }
}
