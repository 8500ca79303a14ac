internal import Wire

/// A `RouteTable` made ready for looking up: which site takes a request, and which application of it.
///
/// Precedence is HTTP.sys's (reference §8.8): an exact host name bound to the connection's own address, an exact host
/// name, the longest matching suffix (bound to the address before any address), no host name bound to the address, no
/// host name. Stopped sites are not there.
struct Routes {
    /// A site that takes a binding's requests, at one address or at any.
    private struct Target {
        let address: IPAddress
        let site: Int
    }

    private var exact: HostTable
    private var suffixes: HostTable
    private var withoutHost: HostTable
    /// For each number of a table: the sites, those bound to an address first.
    private var targets: [[Target]] = []
    private var freeTargets: [Int] = []
    /// Places of sites that are gone hold one that nothing leads to.
    private(set) var sites: [SiteRoutes] = []
    /// For all sites together, and for connections that no site has yet.
    let limits: RouteTable.ServerLimits
    private var freeSites: [Int] = []
    /// The places in `sites` by the sites' ids.
    private var places: [UInt32: Int] = [:]

    /// `logs` are the sites' access logs by the sites' ids; `limits` have taken the table over already.
    init(_ table: RouteTable, pools: [UInt32: Pool], logs: [UInt32: LogLines] = [:], limits: Limits = Limits()) {
        self.limits = table.limits
        let count = table.sites.reduce(0) { $0 + $1.bindings.count }
        exact = HostTable(capacity: count)
        suffixes = HostTable(capacity: 0)
        withoutHost = HostTable(capacity: 0)
        sites.reserveCapacity(table.sites.count)
        for site in table.sites { add(site, pools: pools, limits: limits.site(site.id), log: logs[site.id]) }
    }

    /// Goes over to other routes at the cost of what is different in them.
    mutating func apply(
        _ difference: RouteDifference, pools: [UInt32: Pool], logs: [UInt32: LogLines], limits: Limits = Limits()
    ) {
        for id in difference.removedSites { remove(id) }
        for site in difference.sites { remove(site.id) }
        for site in difference.sites { add(site, pools: pools, limits: limits.site(site.id), log: logs[site.id]) }
    }

    private mutating func add(_ site: RouteTable.Site, pools: [UInt32: Pool], limits: SiteLimits, log: LogLines?) {
        guard site.state != .stopped else { return }
        let place = freeSites.popLast() ?? sites.count
        let routes = SiteRoutes(site, pools: pools, limits: limits, log: log)
        if place == sites.count { sites.append(routes) } else { sites[place] = routes }
        places[site.id] = place
        for binding in site.bindings { add(binding, site: place) }
    }

    private mutating func remove(_ id: UInt32) {
        guard let place = places.removeValue(forKey: id) else { return }
        for binding in sites[place].bindings { remove(binding, site: place) }
        sites[place] = .none
        freeSites.append(place)
    }

    private mutating func add(_ binding: RouteTable.Binding, site: Int) {
        let free = freeTargets.last ?? targets.count
        let number = withTable(of: binding) { table, name in
            table.number(of: name, port: binding.port, orInsert: free)
        }
        if number == free { _ = freeTargets.popLast() }
        if number == targets.count { targets.append([]) }
        // Of two sites with the same binding the one with the lower id has it.
        let id = sites[site].id
        let own = Target(address: binding.address, site: site)
        let place = targets[number].firstIndex { target in
            (target.address == .any ? 1 : 0, sites[target.site].id) > (binding.address == .any ? 1 : 0, id)
        }
        targets[number].insert(own, at: place ?? targets[number].count)
    }

    private mutating func remove(_ binding: RouteTable.Binding, site: Int) {
        guard let number = withTable(of: binding, { $0.find($1, port: binding.port) }),
            let place = targets[number].firstIndex(where: { $0.site == site && $0.address == binding.address })
        else { return }
        targets[number].remove(at: place)
        guard targets[number].isEmpty else { return }
        withTable(of: binding) { $0.remove($1, port: binding.port) }
        freeTargets.append(number)
    }

    /// Calls `body` with the table that the binding's host name stands in, and the name there.
    private mutating func withTable<Result>(
        of binding: RouteTable.Binding, _ body: (inout HostTable, Span<UInt8>) -> Result
    ) -> Result {
        switch binding.host {
        case .any: return body(&withoutHost, Span())
        case .exact(let name):
            let bytes = Array(name.utf8)
            return body(&exact, bytes.span)
        case .suffix(let name):
            let bytes = Array(name.utf8)
            return body(&suffixes, bytes.span)
        }
    }

    /// The number in `sites` of the site that takes requests for `host` (empty for none) arriving at `local`.
    func site(host: Span<UInt8>, local: Endpoint) -> Int? {
        if !host.isEmpty {
            if let site = site(exact.find(host, port: local.port), local) { return site }
            if suffixes.count > 0 {
                // The longest suffix first: each begins behind a dot.
                for index in host.indices.dropLast() where index > 0 && host[index] == UInt8(ascii: ".") {
                    let suffix = host.extracting((index + 1)..<host.count)
                    if let site = site(suffixes.find(suffix, port: local.port), local) { return site }
                }
            }
        }
        return site(withoutHost.find(Span(), port: local.port), local)
    }

    private func site(_ number: Int?, _ local: Endpoint) -> Int? {
        guard let number else { return nil }
        return targets[number].first { $0.address == local.address || $0.address == .any }?.site
    }
}

/// One site as the router knows it.
struct SiteRoutes {
    struct Application {
        /// Without the root's `/`: empty for `/`.
        let path: [UInt8]
        let pool: Pool
    }

    let id: UInt32
    let isAvailable: Bool
    /// Unit: nanoseconds.
    let connectionTimeout: UInt64
    let limits: SiteLimits
    /// Nil for a site without one.
    let log: LogLines?
    /// The longest path first.
    private let applications: [Application]
    fileprivate let bindings: [RouteTable.Binding]

    /// A site that nothing leads to.
    fileprivate static var none: SiteRoutes {
        SiteRoutes(RouteTable.Site(id: 0, name: "", state: .unavailable, bindings: [], applications: []), pools: [:])
    }

    init(_ site: RouteTable.Site, pools: [UInt32: Pool], limits: SiteLimits = SiteLimits(), log: LogLines? = nil) {
        id = site.id
        self.limits = limits
        bindings = site.bindings
        self.log = log
        isAvailable = site.state == .started
        connectionTimeout = UInt64(site.limits.connectionTimeout) * 1_000_000_000
        applications = site.applications.compactMap { application in
            guard let pool = pools[application.pool] else { return nil }
            return Application(path: application.path == "/" ? [] : Array(application.path.utf8), pool: pool)
        }.sorted { $0.path.count > $1.path.count }
    }

    /// The application with the longest path that begins `path` at a segment's end, in any case of ASCII letters.
    func application(_ path: Span<UInt8>) -> Application? {
        for application in applications {
            let length = application.path.count
            guard length <= path.count, length == path.count || path[length] == UInt8(ascii: "/") || length == 0 else {
                continue
            }
            if path.extracting(0..<length).equalsIgnoringCase(application.path.span) { return application }
        }
        return nil
    }
}
