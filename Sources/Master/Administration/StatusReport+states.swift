import Administration
import HostModel
import Platform
import Wire

extension StatusReport {
    func states(numbers: PoolNumbers, process: (UInt64) -> RoleProcess?) -> ServerStates {
        let routes = Dictionary(supervision.plan.routes.sites.map { ($0.id, $0.state) }) { first, _ in first }
        var sites: [String: [String]] = [:]
        for site in model.sites { sites[state(of: site, routes[site.id] == .started), default: []].append(site.name) }
        var pools: [String: [String]] = [:]
        var workers: [ServerStates.Worker] = []
        for pool in model.pools {
            let status = numbers.known(pool.name).flatMap { supervision.status(of: $0) }
            let state = pool.isQuarantined ? "quarantined" : (status?.state ?? .stopped).rawValue
            pools[state, default: []].append(pool.name)
            workers += (status?.workers ?? []).compactMap { worker in
                process(worker.id).map { .init(pid: $0.process.pid, pool: pool.name) }
            }
        }
        return ServerStates(sites: sites, pools: pools, workers: workers)
    }
}
