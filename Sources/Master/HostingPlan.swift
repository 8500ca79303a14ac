import Configuration
import HostModel
import Wire

/// What the processes have to know of one configuration version: the router's routes, the endpoints to listen at, and
/// what supervision needs of each pool.
struct HostingPlan: Equatable, Sendable {
    /// What supervision needs of a pool.
    struct Pool: Equatable, Sendable {
        let id: UInt32
        let name: String
        let state: RouteTable.PoolState
        /// Started without waiting for a request (`startMode`).
        let startsAtOnce: Bool
        let startupTimeLimit: Duration
        let shutdownTimeLimit: Duration
        /// Whether a new worker may run beside the one it replaces.
        let overlaps: Bool
        /// Whether a change of configuration replaces the worker.
        let followsChanges: Bool
        /// So many crashes within the interval take the pool offline; nil where rapid-fail protection is off.
        let rapidFailProtection: RapidFailProtection?
        let environment: [EnvironmentVariable]
        var life = PoolLife()
        var process = ProcessSettings.standard
    }

    struct RapidFailProtection: Equatable, Sendable {
        let interval: Duration
        let maximumCrashes: Int
    }

    private(set) var routes: RouteTable
    /// In the order of port and address.
    private(set) var endpoints: [Endpoint]
    /// The names of the sites that are reached through an endpoint.
    private(set) var sites: [Endpoint: [String]]
    var pools: [UInt32: Pool] { poolTable.pools }
    let poolTable: PoolTable
    /// So many pools may have workers before no further one is started on demand.
    var demandStartThreshold = Int.max

    init(routes: RouteTable, endpoints: [Endpoint], sites: [Endpoint: [String]], poolTable: PoolTable) {
        self.routes = routes
        self.endpoints = endpoints
        self.sites = sites
        self.poolTable = poolTable
    }

    /// The endpoints are those of the sites that are not stopped.
    init(routes: RouteTable, pools: [UInt32: Pool]) {
        self.init(routes: routes, poolTable: PoolTable(pools))
    }

    init(routes: RouteTable, poolTable: PoolTable) {
        let sites = Self.endpoints(of: routes)
        self.init(
            routes: routes,
            endpoints: sites.keys.sorted {
                ($0.port, $0.address.high, $0.address.low) < ($1.port, $1.address.high, $1.address.low)
            },
            sites: sites, poolTable: poolTable)
    }

    private static func endpoints(of routes: RouteTable) -> [Endpoint: [String]] {
        var wildcardPorts = Set<UInt16>()
        for site in routes.sites where site.state != .stopped {
            for binding in site.bindings where binding.address == .any { wildcardPorts.insert(binding.port) }
        }
        var sites: [Endpoint: [String]] = [:]
        for site in routes.sites where site.state != .stopped {
            var own: [Endpoint] = []
            for binding in site.bindings {
                let endpoint = Endpoint(
                    address: wildcardPorts.contains(binding.port) ? .any : binding.address, port: binding.port)
                guard !own.contains(endpoint) else { continue }
                own.append(endpoint)
                sites[endpoint, default: []].append(site.name)
            }
        }
        return sites
    }

    /// The same plan where administrators have started and stopped sites, which are named by their ids.
    func applying(_ isStarted: [UInt32: Bool]) -> HostingPlan {
        guard !isStarted.isEmpty else { return self }
        var routes = routes
        var isChanged = false
        for index in routes.sites.indices where routes.sites[index].state != .unavailable {
            guard let state = isStarted[routes.sites[index].id].map({ $0 ? RouteTable.SiteState.started : .stopped }),
                state != routes.sites[index].state
            else { continue }
            routes.sites[index].state = state
            isChanged = true
        }
        guard isChanged else { return self }
        return replacing(routes)
    }

    /// The same plan with other routes.
    func replacing(_ routes: RouteTable) -> HostingPlan {
        var plan = HostingPlan(routes: routes, poolTable: poolTable)
        plan.demandStartThreshold = demandStartThreshold
        return plan
    }

    static let empty = HostingPlan(routes: RouteTable(), pools: [:])
}

extension HostingPlan {
    /// The pools by their numbers. Plans in which no pool is different share one.
    final class PoolTable: Equatable, Sendable {
        let pools: [UInt32: Pool]

        init(_ pools: [UInt32: Pool]) { self.pools = pools }

        static func == (one: PoolTable, other: PoolTable) -> Bool { one === other || one.pools == other.pools }
    }
}

extension HostingPlan.Pool {
    /// Of workers whose pool nobody knows any more: they end.
    static func unknown(_ id: UInt32) -> Self {
        Self(
            id: id, name: "", state: .disabled, startsAtOnce: false, startupTimeLimit: .seconds(90),
            shutdownTimeLimit: .seconds(90), overlaps: true, followsChanges: false, rapidFailProtection: nil,
            environment: [])
    }
}

/// Gives each pool a number that stays its own as long as the master lives, whatever versions come and go.
struct PoolNumbers {
    /// Of applications whose pool is missing or whose own settings are wrong: a pool that is never started.
    static let none: UInt32 = 0

    private var numbers: [String: UInt32] = [:]
    private var last: UInt32 = 0

    init() {}

    /// Goes on from what earlier masters gave: of two pools with one number the first keeps it.
    init(given: [(name: String, number: UInt32)]) {
        for (name, number) in given where number != Self.none && !name.isEmpty {
            guard numbers[name.lowercased()] == nil, !numbers.values.contains(number) else { continue }
            numbers[name.lowercased()] = number
            last = max(last, number)
        }
    }

    /// The number of a pool that has one.
    func known(_ name: String) -> UInt32? { numbers[name.lowercased()] }

    mutating func number(of name: String) -> UInt32 {
        let key = name.lowercased()
        if let number = numbers[key] { return number }
        last += 1
        numbers[key] = last
        return last
    }
}
