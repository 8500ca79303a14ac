public import Administration
public import Configuration
public import HostModel

/// What somebody may do with a server.
public enum Authority: Equatable, Sendable {
    case everything
    /// To manage these sites, applications and folders; never none.
    case scopes([ConfigurationPath])
    case nothing

    /// Whether a whole site is theirs.
    public func manages(site: String) -> Bool {
        switch self {
        case .everything: true
        case .scopes(let scopes): scopes.contains { $0.segments.isEmpty && $0.relative(to: .init(site: site)) == "" }
        case .nothing: false
        }
    }

    /// Whether the web.config files at a path and below are theirs.
    public func manages(_ path: ConfigurationPath) -> Bool {
        switch self {
        case .everything: true
        case .scopes(let scopes): path.site != nil && scopes.contains { path.relative(to: $0) != nil }
        case .nothing: false
        }
    }

    /// Whether a pool runs applications of their sites, and of no others.
    public func manages(pool: String, in model: HostModel) -> Bool {
        guard case .scopes = self else { return self == .everything }
        let sites = Self.sites(usingPool: pool, in: model)
        return !sites.isEmpty && sites.allSatisfy { manages(site: $0) }
    }

    /// Whether a pool runs an application of one of their sites.
    public func uses(pool: String, in model: HostModel) -> Bool {
        Self.sites(usingPool: pool, in: model).contains { manages(site: $0) }
    }

    private static func sites(usingPool pool: String, in model: HostModel) -> [String] {
        let wanted = pool.lowercased()
        return model.sites.filter { site in site.applications.contains { $0.pool.lowercased() == wanted } }.map(\.name)
    }
}

/// What is refused.
extension Authority {
    /// Who may do everything, for the text of refusals.
    public struct Everybody: Sendable {
        let owner: UInt32
        let administrators: [String]

        public init(owner: UInt32, _ roster: Roster) {
            self.owner = owner
            administrators = roster.administratorNames
        }

        var text: String {
            let server = owner == 0 ? ["root"] : ["root", "user \(owner), whose server it is,"]
            let all = server + administrators
            return all.count == 1 ? all[0] : all.dropLast().joined(separator: ", ") + " and " + all[all.count - 1]
        }
    }

    /// Why the operation is not done; nil where it may be.
    public func refusal(
        of operation: ControlRequest.Operation, in model: HostModel, _ everybody: Everybody
    ) -> ControlRefusal? {
        guard self != .everything else { return nil }
        guard case .scopes(let scopes) = self else { return nil }
        func denied(_ what: String) -> ControlRefusal {
            ControlRefusal(.denied, "\(what) \(Self.mayText(scopes))")
        }
        switch operation {
        case .status, .requests, .events, .access: return nil
        case .startSite(let site), .stopSite(let site):
            guard !manages(site: site) else { return nil }
            return denied("Site \"\(site)\" is not yours to start and stop; \(everybody.text) may.")
        case .webConfig(let order):
            guard !manages(ConfigurationPath(site: order.site, path: order.path)) else { return nil }
            return denied(
                "The web.config files at \"\(order.site)\(order.path)\" are not yours; \(everybody.text) may change them."
            )
        case .recycle(let pool):
            guard !manages(pool: pool, in: model) else { return nil }
            guard uses(pool: pool, in: model) else {
                return denied("Pool \"\(pool)\" runs no site of yours; \(everybody.text) may recycle it.")
            }
            return denied(
                "Pool \"\(pool)\" runs others' applications too: \(everybody.text) may recycle it, or give the site a pool "
                    + "of its own ('hostelry pool add', 'hostelry site set SITE --pool POOL').")
        default: return denied("That is for \(everybody.text) alone.")
        }
    }

    private static func mayText(_ scopes: [ConfigurationPath]) -> String {
        let names = scopes.map { "\"" + ([$0.site].compactMap(\.self) + $0.segments).joined(separator: "/") + "\"" }
        return "You manage \(names.joined(separator: ", ")): see 'hostelry whoami'."
    }

    /// What somebody is told who may do nothing.
    public static func strangerRefusal(user: UInt32, _ everybody: Everybody) -> ControlRefusal {
        ControlRefusal(
            .denied,
            "User \(user) may not administrate this server. \(everybody.text) may, and can give a site away: 'hostelry site "
                + "owner add SITE \(user)'.")
    }
}
