//  HostModel: sites, bindings, applications, virtual directories and pools of one configuration version, immutable.
//
//      ServerConfiguration ─► HostModel.build ─► HostModel + [Problem]
//      HostModel × HostModel ─► [ModelChange]      the smallest list that turns one into the other
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
    /// Everything that is wrong, in the order of the lines.
    public let problems: [Problem]
    /// The server's limits for every site (`webLimits`).
    public let limits: WebLimits
    /// The one access log of all sites, where they have none of their own (`centralLogFileMode`).
    public let centralLog: LogFile?
    /// What `<location>` tags of the server's file say, by the site they are about, as text; what changes there changes
    /// the site. The key is the site's name in lower case; empty for the server level.
    let locations: [String: String]

    public struct WebLimits: Hashable, Sendable {
        public let connectionTimeout: Duration
        /// Zero: none.
        public let headerWaitTimeout: Duration
        public let minBytesPerSecond: UInt32
        /// Bytes a second; 4294967295 is no limit.
        public let maxGlobalBandwidth: UInt32
    }

    /// Reads and validates the whole configuration. Whatever is wrong becomes a problem; nothing is thrown.
    public static func build(_ server: ServerConfiguration) -> HostModel {
        ModelBuilder(server).model()
    }

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
