public import HostModel
public import Platform
public import Wire

/// What a server does otherwise that lives as long as the command that started it (`hostelry express`): its processes end
/// with it, all of them run as whoever called, SIGHUP (the terminal is gone) ends it, and no other version takes over.
public struct OwnSession: Sendable {
    public let sites: SiteChoice
    /// Hears of each request that a worker has answered; nil: requests are not told.
    public let trace: (@Sendable (TracedRequest) -> Void)?

    /// Sockets that listen already, for the endpoints that they fit.
    let sockets: [HeldSocket]

    public init(
        sites: SiteChoice, sockets: [HeldSocket] = [], trace: (@Sendable (TracedRequest) -> Void)? = nil
    ) {
        self.sites = sites
        self.sockets = sockets
        self.trace = trace
    }
}

/// Which sites of a configuration are served.
public enum SiteChoice: Equatable, Sendable {
    /// Those that start with the server.
    case all
    /// In any case of letters.
    case name(String)
    case id(UInt32)
    /// The sites with an application in the pool, whose name is given in any case of letters.
    case pool(String)

    /// Whether the site is served.
    public func includes(_ site: Site) -> Bool {
        switch self {
        case .all: site.serverAutoStart
        case .name(let name): site.name.lowercased() == name.lowercased()
        case .id(let id): site.id == id
        case .pool(let pool): site.applications.contains { $0.pool.lowercased() == pool.lowercased() }
        }
    }
}

extension HostingPlan {
    /// The plan with the chosen sites alone: they are started, the others stopped.
    func serving(_ choice: SiteChoice, of model: HostModel) -> HostingPlan {
        guard choice != .all else { return self }
        let chosen = Set(model.sites.filter(choice.includes).map(\.id))
        var routes = routes
        for index in routes.sites.indices {
            if !chosen.contains(routes.sites[index].id) {
                routes.sites[index].state = .stopped
            } else if routes.sites[index].state == .stopped {
                routes.sites[index].state = .started
            }
        }
        return replacing(routes)
    }
}
