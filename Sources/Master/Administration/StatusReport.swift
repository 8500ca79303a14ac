import Administration
import HostModel
import Platform
import Wire

/// Puts together what `status` shows of the configuration and of what supervision decided.
struct StatusReport {
    let model: HostModel
    let supervision: Supervision
    /// Endpoints that somebody listens at.
    let open: Set<Endpoint>
    /// Why nobody listens at others.
    let failures: [Endpoint: String]

    var sites: [ServerStatus.Site] {
        let plan = supervision.plan
        let states = Dictionary(plan.routes.sites.map { ($0.id, $0.state) }, uniquingKeysWith: { first, _ in first })
        let wildcardPorts = Set(plan.endpoints.filter { $0.address == .any }.map(\.port))
        return model.sites.map { site in
            let reasons =
                site.quarantine.map(Self.text)
                + site.applications.flatMap { application in
                    application.quarantine.map { "\(application.path) is not served: \(Self.text($0))" }
                }
            let bindings = site.bindings.map { binding in
                let address = IPAddress(binding.address)
                let endpoint = Endpoint(
                    address: wildcardPorts.contains(binding.port) ? .any : address, port: binding.port)
                return ServerStatus.Binding(
                    protocol: binding.protocol, information: binding.information,
                    endpoint: binding.isHTTP ? endpoint.text : nil,
                    failure: binding.isHTTP && !open.contains(endpoint) ? failures[endpoint] : nil)
            }
            return ServerStatus.Site(
                id: site.id, name: site.name,
                state: state(of: site, states[site.id] == .started),
                reasons: reasons, bindings: bindings)
        }
    }

    func pools(numbers: PoolNumbers, process: (UInt64) -> RoleProcess?) -> [ServerStatus.Pool] {
        model.pools.map { pool in
            let status = numbers.known(pool.name).flatMap { supervision.status(of: $0) }
            return ServerStatus.Pool(
                name: pool.name,
                state: pool.isQuarantined ? "quarantined" : (status?.state ?? .stopped).rawValue,
                identity: Self.identity(pool.processModel), reasons: pool.quarantine.map(Self.text),
                workers: (status?.workers ?? []).map { worker in
                    ServerStatus.Worker(
                        id: worker.id, process: process(worker.id).map { .init(pid: $0.process.pid) },
                        state: Self.text(worker.state))
                })
        }
    }

    func state(of site: Site, _ isStarted: Bool) -> String {
        !Self.serves(site) ? "quarantined" : isStarted ? "started" : "stopped"
    }

    /// Whether the configuration of some application of the site is valid.
    private static func serves(_ site: Site) -> Bool {
        !site.isQuarantined && site.applications.contains { $0.quarantine.isEmpty }
    }

    private static func identity(_ model: ApplicationPool.ProcessModel) -> String {
        model.identity == .specificUser ? model.userName : model.identity.rawValue
    }

    private static func text(_ problem: Problem) -> String {
        let line = problem.line.number > 0 ? ":\(problem.line.number)" : ""
        return "\(problem.file)\(line): \(problem.message)"
    }

    private static func text(_ state: PoolWorker.State) -> String {
        switch state {
        case .starting: "starting"
        case .ready: "ready"
        case .suspending, .suspended: "suspended"
        case .draining: "draining"
        case .killed: "killed"
        }
    }
}
