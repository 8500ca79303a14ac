public import Configuration

/// A web site: its bindings, its applications and its own limits and logs (reference §4.1).
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

    /// The site's access log (reference §8.7).
    public struct Log: Hashable, Sendable {
        public let enabled: Bool
        /// `W3C`, `NCSA`, `IIS` or `Custom`.
        public let format: String
        public let directory: String
        /// `Daily`, `Hourly`, `Weekly`, `Monthly` or `MaxSize`.
        public let period: String
        /// Bytes.
        public let truncateSize: Int64
        public let localTimeRollover: Bool
        /// The bits of the W3C fields.
        public let fields: UInt32
        /// Bits: 1 file, 2 event tracing.
        public let targets: UInt32
        public let logSiteId: Bool
        /// 0: by size and time.
        public let flushByEntryCount: UInt32
        /// Bytes.
        public let maxLogLineLength: UInt32
        /// Bytes.
        public let maxCustomFieldLength: UInt32
        public let customFields: [CustomField]
    }

    /// A field of the log that the administrator chose.
    public struct CustomField: Hashable, Sendable {
        public let name: String
        public let source: String
        /// `RequestHeader`, `ResponseHeader` or `ServerVariable`.
        public let sourceType: String
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
    public let log: Log
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
