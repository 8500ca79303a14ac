public import Configuration

/// A web site: its bindings, its applications and its own limits and log (reference §4.1).
public struct Site: Hashable, Sendable {
    public struct Limits: Hashable, Sendable {
        /// Bytes a second; 4294967295 is no limit.
        public let maxBandwidth: UInt32
        /// 4294967295 is no limit.
        public let maxConnections: UInt32
        /// IIS: 2 min.
        public let connectionTimeout: Duration
        /// More segments are 404.20. IIS: 32.
        public let maxUrlSegments: UInt32
    }

    /// Tracing of failed requests (reference §4.1).
    public struct Tracing: Hashable, Sendable {
        public let enabled: Bool
        public let directory: String
        public let maxLogFiles: UInt32
        public let maxLogFileSizeKB: UInt32
        public let customActionsEnabled: Bool
    }

    /// HTTP Strict Transport Security.
    public struct TransportSecurity: Hashable, Sendable {
        public let enabled: Bool
        /// Seconds.
        public let maxAge: UInt32
        public let includeSubDomains: Bool
        public let preload: Bool
        public let redirectHTTPToHTTPS: Bool
    }

    public let name: String
    public let id: UInt32
    public let serverAutoStart: Bool
    public let bindings: [Binding]
    /// The root application may stand anywhere among them.
    public private(set) var applications: [Application]
    public let limits: Limits
    public let log: LogFile
    public let tracing: Tracing
    public let transportSecurity: TransportSecurity
    public let line: SourceLine
    /// Why the site is not served; empty for a sound one.
    public internal(set) var quarantine: [Problem] = []

    public var isQuarantined: Bool { !quarantine.isEmpty }

    mutating func quarantine(application index: Int, _ problem: Problem) {
        applications[index].quarantine.append(problem)
    }

    /// Where its paths lie on disk, for the configuration system.
    public func layout(pools: [String: ApplicationPool]) -> SiteLayout {
        SiteLayout(
            name: name,
            applications: applications.map { application in
                SiteLayout.Application(
                    path: application.path,
                    readsWebConfig: pools[application.pool.lowercased()]?.enableConfigurationOverride ?? true,
                    directories: application.virtualDirectories.map { directory in
                        SiteLayout.Directory(
                            path: directory.path, physicalPath: directory.physicalPath,
                            allowsSubdirectoryConfiguration: directory.allowSubDirConfig)
                    })
            })
    }
}
