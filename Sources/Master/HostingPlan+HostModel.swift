import HostModel
import Platform
import Wire

extension HostingPlan {
    /// The plan of a model.
    ///
    /// A quarantined site keeps those of its bindings that no sound site has, and answers 503 there. A port that any
    /// wildcard binding names has one socket for all addresses: on Linux two sockets would exclude each other.
    init(_ model: HostModel, numbers: inout PoolNumbers) {
        var pools: [UInt32: Pool] = [:]
        var routes = RouteTable()
        for pool in model.pools {
            let number = numbers.number(of: pool.name)
            // Of several pools with one name all but the first are quarantined, and out of reach.
            guard pools[number] == nil else { continue }
            let planned = Pool(pool, number)
            pools[number] = planned
            routes.pools.append(
                .init(id: number, name: pool.name, queueLength: pool.queueLength, state: planned.state))
        }

        var claimed = Set<BindingKey>()
        for site in model.sites where !site.isQuarantined {
            claimed.formUnion(site.routedBindings.map(BindingKey.init))
        }
        var logs = LogTable(central: model.centralLog)
        var usesNoPool = false
        for site in model.sites {
            let bindings = site.routedBindings.filter { !site.isQuarantined || claimed.insert(BindingKey($0)).inserted }
            let applications = site.applications.map { application in
                let number = numbers.number(of: application.pool)
                let isServed = pools[number] != nil && application.quarantine.isEmpty
                if !isServed { usesNoPool = true }
                return RouteTable.Application(path: application.path, pool: isServed ? number : PoolNumbers.none)
            }
            routes.sites.append(
                .init(
                    id: site.id, name: site.name, state: site.routedState,
                    connectionTimeout: UInt32(clamping: site.limits.connectionTimeout.components.seconds),
                    bindings: bindings, applications: applications, log: logs.number(of: site.log)))
        }
        routes.logs = logs.settings
        if usesNoPool { routes.pools.append(.init(id: PoolNumbers.none, name: "", queueLength: 1, state: .offline)) }

        let sites = Self.endpoints(of: routes)
        self.init(
            routes: routes,
            endpoints: sites.keys.sorted {
                ($0.port, $0.address.high, $0.address.low) < ($1.port, $1.address.high, $1.address.low)
            },
            sites: sites, pools: pools)
    }

    private static func endpoints(of routes: RouteTable) -> [Endpoint: [String]] {
        let reachable = routes.sites.filter { $0.state != .stopped }
        let wildcardPorts = Set(reachable.flatMap(\.bindings).filter { $0.address == .any }.map(\.port))
        var sites: [Endpoint: [String]] = [:]
        for site in reachable {
            let endpoints = site.bindings.map { binding in
                Endpoint(address: wildcardPorts.contains(binding.port) ? .any : binding.address, port: binding.port)
            }
            for endpoint in Set(endpoints) { sites[endpoint, default: []].append(site.name) }
        }
        return sites
    }
}

extension HostingPlan.Pool {
    init(_ pool: ApplicationPool, _ number: UInt32) {
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
            environment: pool.environmentVariables, process: ProcessSettings(pool))
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
    fileprivate init(_ address: InternetAddress?) {
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
