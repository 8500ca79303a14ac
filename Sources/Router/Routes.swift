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
    private(set) var sites: [SiteRoutes] = []

    /// `logs` are the sites' access logs by the sites' ids.
    init(_ table: RouteTable, pools: [UInt32: Pool], logs: [UInt32: LogLines] = [:]) {
        let count = table.sites.reduce(0) { $0 + $1.bindings.count }
        exact = HostTable(capacity: count)
        suffixes = HostTable(capacity: count)
        withoutHost = HostTable(capacity: count)
        for site in table.sites where site.state != .stopped {
            for binding in site.bindings { add(binding, site: sites.count) }
            sites.append(SiteRoutes(site, pools: pools, log: logs[site.id]))
        }
    }

    private mutating func add(_ binding: RouteTable.Binding, site: Int) {
        let number: Int
        switch binding.host {
        case .any: number = withoutHost.number(of: Span(), port: binding.port, orInsert: targets.count)
        case .exact(let name):
            let bytes = Array(name.utf8)
            number = exact.number(of: bytes.span, port: binding.port, orInsert: targets.count)
        case .suffix(let name):
            let bytes = Array(name.utf8)
            number = suffixes.number(of: bytes.span, port: binding.port, orInsert: targets.count)
        }
        if number == targets.count { targets.append([]) }
        // Of two sites with the same binding the first one has it.
        guard !targets[number].contains(where: { $0.address == binding.address }) else { return }
        let target = Target(address: binding.address, site: site)
        if binding.address == .any {
            targets[number].append(target)
        } else {
            targets[number].insert(target, at: 0)
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
    /// Nil for a site without one.
    let log: LogLines?
    /// The longest path first.
    private let applications: [Application]

    init(_ site: RouteTable.Site, pools: [UInt32: Pool], log: LogLines? = nil) {
        id = site.id
        self.log = log
        isAvailable = site.state == .started
        connectionTimeout = UInt64(site.connectionTimeout) * 1_000_000_000
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
