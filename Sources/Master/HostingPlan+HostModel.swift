import HostModel
import Platform
import Wire

extension HostingPlan {
    /// The plan of a model; what the model shares with an `earlier` one is taken over from that one's plan.
    ///
    /// A quarantined site keeps those of its bindings that no sound site has, and answers 503 there. A port that any
    /// wildcard binding names has one socket for all addresses: on Linux two sockets would exclude each other.
    init(_ model: HostModel, after earlier: (model: HostModel, plan: HostingPlan)? = nil, numbers: inout PoolNumbers) {
        let poolTable = Self.pools(of: model, after: earlier, numbers: &numbers)
        let pools = poolTable.pools
        let earlier = earlier.flatMap { Earlier($0.model, $0.plan, before: model) }
        var routes = RouteTable()
        routes.pools = Self.routes(of: model, poolTable, after: earlier?.plan, numbers: &numbers)
        var logs = LogTable(central: model.centralLog, settings: earlier?.plan.routes.logs ?? [])
        var quarantined: [Int] = []
        var hasUnserved = false
        routes.sites.reserveCapacity(model.sites.count)
        for (index, site) in model.sites.enumerated() {
            if site.hasQuarantinedApplications { hasUnserved = true }
            if site.isQuarantined {
                quarantined.append(index)
            } else if let known = earlier?.route(of: index) {
                routes.sites.append(known)
                continue
            }
            let applications = site.applications.map { application in
                let number = numbers.number(of: application.pool)
                let isServed = pools[number] != nil && application.quarantine.isEmpty
                if !isServed { hasUnserved = true }
                return RouteTable.Application(path: application.path, pool: isServed ? number : PoolNumbers.none)
            }
            routes.sites.append(
                .init(
                    id: site.id, name: site.name, state: site.routedState, limits: .init(site.limits),
                    bindings: site.routedBindings, applications: applications, log: logs.number(of: site.log)))
        }
        routes.logs = logs.settings
        routes.limits = .init(model.limits)
        if !quarantined.isEmpty { Self.leaveBindings(of: quarantined, to: &routes.sites) }
        if hasUnserved {
            routes.pools.append(.init(id: PoolNumbers.none, name: "", queueLength: 1, state: .offline))
        }

        if let earlier, earlier.hasEndpoints(of: routes.sites) {
            self.init(
                routes: routes, endpoints: earlier.plan.endpoints, sites: earlier.plan.sites, poolTable: poolTable)
        } else {
            self.init(routes: routes, poolTable: poolTable)
        }
        demandStartThreshold = Int(model.limits.demandStartThreshold)
    }

    private static func pools(
        of model: HostModel, after earlier: (model: HostModel, plan: HostingPlan)?, numbers: inout PoolNumbers
    ) -> PoolTable {
        let origins = earlier.map { model.poolOrigins(in: $0.model) }
        if let earlier, let origins, origins.keepsPlaces, origins.fresh.isEmpty { return earlier.plan.poolTable }
        let memoryNodes = Machine.memoryNodes
        var pools: [UInt32: Pool] = [:]
        pools.reserveCapacity(model.pools.count)
        for (index, pool) in model.pools.enumerated() {
            let number = numbers.number(of: pool.name)
            // Of several pools with one name all but the first are quarantined, and out of reach.
            guard pools[number] == nil else { continue }
            if origins?[index] != nil, let known = earlier?.plan.pools[number] {
                pools[number] = known
            } else {
                pools[number] = Pool(pool, number, memoryNodes: memoryNodes)
            }
        }
        return PoolTable(pools)
    }

    /// What the router has to know of the pools, in the model's order.
    private static func routes(
        of model: HostModel, _ table: PoolTable, after earlier: HostingPlan?, numbers: inout PoolNumbers
    ) -> [RouteTable.Pool] {
        if let earlier, earlier.poolTable === table {
            return earlier.routes.pools.filter { $0.id != PoolNumbers.none }
        }
        var routes: [RouteTable.Pool] = []
        routes.reserveCapacity(model.pools.count + 1)
        var known: Set<UInt32> = []
        for pool in model.pools {
            let number = numbers.number(of: pool.name)
            guard let planned = table.pools[number], known.insert(number).inserted else { continue }
            routes.append(
                .init(
                    id: number, name: pool.name, queueLength: pool.queueLength, state: planned.state,
                    closesConnections: pool.failure.closesConnections))
        }
        return routes
    }

    /// Takes from quarantined sites the bindings that a sound site, or a quarantined one before, has.
    private static func leaveBindings(of quarantined: [Int], to sites: inout [RouteTable.Site]) {
        var wanted = Set<BindingKey>()
        for index in quarantined { wanted.formUnion(sites[index].bindings.map(BindingKey.init)) }
        var claimed = Set<BindingKey>()
        var rest = quarantined[...]
        for index in sites.indices {
            if rest.first == index {
                rest.removeFirst()
                continue
            }
            for binding in sites[index].bindings {
                let key = BindingKey(binding)
                if wanted.contains(key) { claimed.insert(key) }
            }
        }
        for index in quarantined { sites[index].bindings.removeAll { !claimed.insert(BindingKey($0)).inserted } }
    }

    /// A plan from which sites are taken over.
    private struct Earlier {
        let plan: HostingPlan
        private let origins: Origins

        /// Nil where what all sites share has changed, or too much has gathered.
        init?(_ model: HostModel, _ plan: HostingPlan, before next: HostModel) {
            guard model.limits == next.limits, model.centralLog == next.centralLog,
                plan.routes.sites.count == model.sites.count, plan.routes.logs.count <= 2 * next.sites.count + 64
            else { return nil }
            self.plan = plan
            origins = next.siteOrigins(in: model)
        }

        func route(of index: Int) -> RouteTable.Site? { origins[index].map { plan.routes.sites[$0] } }

        /// Whether `sites` are reached where those of the plan were.
        func hasEndpoints(of sites: [RouteTable.Site]) -> Bool {
            guard origins.keepsPlaces else { return false }
            let (before, now) = (plan.routes.sites.span, sites.span)
            for index in before.indices where !before[index].isCopy(of: now[index]) {
                guard before[index].name == now[index].name, before[index].bindings == now[index].bindings,
                    (before[index].state == .stopped) == (now[index].state == .stopped)
                else { return false }
            }
            return true
        }
    }
}

extension HostingPlan.Pool {
    fileprivate init(_ pool: ApplicationPool, _ number: UInt32, memoryNodes: Int) {
        self.init(
            id: number, name: pool.name, state: pool.isQuarantined ? .offline : pool.autoStart ? .started : .disabled,
            startsAtOnce: pool.alwaysRunning, startupTimeLimit: pool.processModel.startupTimeLimit,
            shutdownTimeLimit: pool.processModel.shutdownTimeLimit,
            overlaps: !pool.recycling.disallowOverlappingRotation,
            followsChanges: !pool.recycling.disallowRotationOnConfigChange,
            rapidFailProtection: pool.failure.rapidFailProtection
                ? .init(
                    interval: pool.failure.rapidFailProtectionInterval,
                    maximumCrashes: Int(pool.failure.rapidFailProtectionMaxCrashes)) : nil,
            environment: pool.environmentVariables, life: PoolLife(pool, memoryNodes: memoryNodes),
            process: ProcessSettings(pool))
    }
}

extension Site {
    fileprivate var routedState: RouteTable.SiteState {
        if isQuarantined { return .unavailable }
        return serverAutoStart ? .started : .stopped
    }

    fileprivate var routedBindings: [RouteTable.Binding] {
        bindings.filter(\.isHTTP).map { binding in
            RouteTable.Binding(address: IPAddress(binding.address), port: binding.port, host: .init(binding.host))
        }
    }
}

extension RouteTable.Host {
    fileprivate init(_ host: Binding.Host) {
        switch host {
        case .any: self = .any
        case .exact(let name): self = .exact(name)
        case .suffix(let name): self = .suffix(name)
        }
    }
}

extension IPAddress {
    /// Nil, 0.0.0.0 and :: are every address.
    init(_ address: InternetAddress?) {
        switch address {
        case nil, .v4(0), .v6(0, 0): self = .any
        case .v4(let number): self.init(v4: number)
        case .v6(let high, let low): self.init(high: high, low: low)
        }
    }
}

private struct BindingKey: Hashable {
    private let address: IPAddress
    private let port: UInt16
    private let host: RouteTable.Host

    init(_ binding: RouteTable.Binding) {
        address = binding.address
        port = binding.port
        host = binding.host
    }
}
