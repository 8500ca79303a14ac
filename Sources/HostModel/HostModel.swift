//  HostModel: sites, bindings, applications, virtual directories and pools of one configuration version, immutable.
//
//      ServerConfiguration ─► HostModel.build ─► HostModel + [Problem]
//      HostModel × HostModel ─► [ModelChange]      the smallest list that turns one into the other
//      HostConfiguration × bytes ─► HostConfiguration      the next version, read by what is different in it
//
//  A broken site or pool is quarantined: it stays in the model with its reasons, and nothing else notices.
//  Rules that need a tenant's web.config (hosting models, architectures) are functions over what their caller read.

public import Configuration

/// What one version of the configuration hosts.
public struct HostModel: Sendable {
    /// In the file's order.
    public let sites: [Site]
    /// In the file's order.
    public let pools: [ApplicationPool]
    /// The server's limits for every site (`webLimits`).
    public let limits: WebLimits
    /// The one access log of all sites, where they have none of their own (`centralLogFileMode`).
    public let centralLog: LogFile?
    /// The file's path.
    let file: String
    /// The `<location>` tags about sites, in the file's order.
    let locations: [LocationPlace]
    /// What `<location>` tags of the server's file say, by the site they are about, as text; what changes there changes
    /// the site. The key is the site's name in lower case; empty for the server level.
    let locationTexts: [String: String]
    /// Problems of the server level, and of what sites without an own log share.
    let serverProblems: [Problem]
    let sharedWarnings: [Problem]

    public struct WebLimits: Hashable, Sendable {
        public let connectionTimeout: Duration
        /// Zero: none.
        public let headerWaitTimeout: Duration
        public let minBytesPerSecond: UInt32
        /// Bytes a second; 4294967295 is no limit.
        public let maxGlobalBandwidth: UInt32
        /// So many pools may have workers before no further one is started on demand.
        public let demandStartThreshold: UInt32
        /// The percentage of the machine's memory that may be committed before idle time-outs are shortened; 0: any.
        public let dynamicIdleThreshold: UInt32
    }

    /// Reads and validates the whole configuration. Whatever is wrong becomes a problem; nothing is thrown.
    public static func build(_ server: ServerConfiguration) -> HostModel {
        let file = server.file.document.path
        var parts = ModelParts(server)
        let known = Dictionary(
            parts.pools.map { ($0.name.lowercased(), !$0.isQuarantined) }, uniquingKeysWith: { first, _ in first })
        for index in parts.sites.indices {
            CrossChecks.pools(of: &parts.sites[index], file: file) { known[$0] }
        }
        CrossChecks.bindings(of: &parts.sites, file: file)
        return HostModel(parts, sites: parts.sites, pools: parts.pools, locations: parts.locations, file: file)
    }

    init(
        _ parts: ModelParts, sites: [Site], pools: [ApplicationPool], locations: [LocationPlace],
        locationTexts: [String: String]? = nil, file: String
    ) {
        self.sites = sites
        self.pools = pools
        self.locations = locations
        self.file = file
        self.locationTexts = locationTexts ?? parts.locationTexts
        limits = parts.limits
        centralLog = parts.centralLog
        serverProblems = parts.problems
        sharedWarnings = parts.sharedWarnings
    }

    /// Everything that is wrong, in the order of the lines. Put together when it is asked for.
    public var problems: [Problem] {
        var all = serverProblems
        if sites.contains(where: \.inheritsLog) { all += sharedWarnings }
        for site in sites { all += site.allProblems }
        for pool in pools where pool.isQuarantined { all += pool.quarantine }
        for location in locations where !location.problems.isEmpty { all += location.problems }
        all += CrossChecks.locations(locations, sites: sites, file: file)
        all += CrossChecks.https(sites, file: file)
        return all.sorted { ($0.file, $0.line.number) < ($1.file, $1.line.number) }
    }

    /// The problems of sites and pools that the version before did not have.
    public func newProblems(since old: HostModel) -> [Problem] {
        let known = Set(old.problems)
        return problems.filter { !known.contains($0) }
    }

    /// Where the sites stood in an earlier model; one that was read anew is fresh.
    public func siteOrigins(in old: HostModel) -> Origins {
        Origins(sites, in: old.sites, isSame: { $0.isSame(as: $1) }, identity: { $0.identity })
    }

    /// Where the pools stood in an earlier model; one that was read anew is fresh.
    public func poolOrigins(in old: HostModel) -> Origins {
        Origins(pools, in: old.pools, isSame: { $0.isSame(as: $1) }, identity: { $0.identity })
    }

    /// The first pool of this name, in any case of letters.
    public func pool(_ name: String) -> ApplicationPool? { pools.first { $0.name.isSame(ignoringCaseAs: name) } }

    /// Pools by name in lower case.
    public func poolsByName() -> [String: ApplicationPool] {
        Dictionary(pools.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Where the sites lie on disk, for a `ConfigurationSystem`.
    public func layouts() -> @Sendable (String) -> SiteLayout? {
        let pools = poolsByName()
        let sites = Dictionary(self.sites.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        return { name in sites[name.lowercased()]?.layout(pools: pools) }
    }
}
