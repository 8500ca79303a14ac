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

    /// What was read of its element; versions in which the element is the same share it.
    private var content: SiteContent {
        didSet { marks = SiteMarks(content) }
    }
    public internal(set) var line: SourceLine
    private var marks: SiteMarks

    init(_ fields: SiteContent.Fields) {
        content = SiteContent(fields)
        line = fields.line
        marks = SiteMarks(content)
    }

    public var name: String { content.fields.name }
    public var id: UInt32 { content.fields.id }
    public var serverAutoStart: Bool { content.fields.serverAutoStart }
    public var bindings: [Binding] {
        guard offset != 0 else { return content.fields.bindings }
        return content.fields.bindings.map { $0.moved(by: offset) }
    }
    /// The root application may stand anywhere among them.
    public var applications: [Application] {
        guard offset != 0 else { return content.fields.applications }
        return content.fields.applications.map { $0.moved(by: offset) }
    }
    public var limits: Limits { content.fields.limits.value }
    public var log: LogFile { content.fields.log.value }
    public var tracing: Tracing { content.fields.tracing.value }
    public var transportSecurity: TransportSecurity { content.fields.transportSecurity.value }

    /// Why the site is not served; empty for a sound one.
    public internal(set) var quarantine: [Problem] {
        get { content.fields.quarantine.map { $0.moved(by: offset) } }
        set { content = content.replacing { $0.quarantine = newValue.map { $0.moved(by: -offset) } } }
    }

    /// What does not keep it from being served.
    var warnings: [Problem] { content.fields.warnings.map { $0.moved(by: offset) } }
    /// Whether it has an https binding.
    var isSecure: Bool { content.fields.bindings.contains(where: \.isHTTPS) }
    /// What is wrong with it and its applications.
    var allProblems: [Problem] {
        quarantine + warnings + (hasQuarantinedApplications ? applications.flatMap(\.quarantine) : [])
    }
    /// Whether it writes no `logFile` of its own.
    var inheritsLog: Bool { content.fields.inheritsLog }

    public var isQuarantined: Bool { marks.isQuarantined }

    /// Whether both were read of the same element: then they are equal, which costs nothing to find out.
    public func isSame(as other: Site) -> Bool { identity == other.identity }

    var identity: ObjectIdentifier { marks.identity }

    /// By how many lines the element has moved since it was read.
    private var offset: Int { line.number - content.fields.line.number }

    public static func == (one: Site, other: Site) -> Bool {
        one.content === other.content || one.content.fields == other.content.fields
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(content.fields) }

    /// Replaces why applications are not served: one list for each of them, in order.
    mutating func quarantine(applications problems: [[Problem]]) {
        guard problems.contains(where: { !$0.isEmpty }) || hasQuarantinedApplications else { return }
        content = content.replacing { fields in
            for (index, list) in problems.enumerated() {
                fields.applications[index].quarantine = list.map { $0.moved(by: -offset) }
            }
        }
    }

    public var hasQuarantinedApplications: Bool { marks.hasQuarantinedApplications }

    /// Whether an application of it runs in the pool.
    func uses(_ pool: SoughtPool) -> Bool {
        marks.pools & pool.mark != 0
            && content.fields.applications.contains { $0.pool.isSame(ignoringCaseAs: pool.name) }
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

/// What is asked of every site, beside the site itself so that nothing else has to be looked at.
private struct SiteMarks: Sendable {
    /// Of its content.
    let identity: ObjectIdentifier
    /// A bit for each pool's name (`SoughtPool.mark`).
    let pools: UInt64
    let isQuarantined: Bool
    let hasQuarantinedApplications: Bool

    init(_ content: SiteContent) {
        let fields = content.fields
        identity = ObjectIdentifier(content)
        pools = fields.applications.reduce(0) { $0 | SoughtPool($1.pool).mark }
        isQuarantined = !fields.quarantine.isEmpty
        hasQuarantinedApplications = fields.applications.contains { !$0.quarantine.isEmpty }
    }
}

/// A pool's name, in any case of letters, that many sites are asked about.
struct SoughtPool {
    let name: String
    /// The same bit for names that are the same; others may have it too.
    let mark: UInt64

    init(_ name: String) {
        self.name = name
        // FNV-1a of the name in lower case.
        let isPlain = name.utf8.allSatisfy { $0 < 128 }
        let hash = (isPlain ? name : name.lowercased()).utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte &- 0x41 < 26 ? byte | 0x20 : byte)) &* 0x0000_0100_0000_01b3
        }
        mark = 1 << (hash >> 58)
    }
}

/// What was read of a site's element. Lines are those of the reading.
final class SiteContent: Sendable {
    struct Fields: Hashable {
        let name: String
        let id: UInt32
        let serverAutoStart: Bool
        let bindings: [Binding]
        var applications: [Application]
        let limits: Shared<Site.Limits>
        let log: Shared<LogFile>
        let tracing: Shared<Site.Tracing>
        let transportSecurity: Shared<Site.TransportSecurity>
        let line: SourceLine
        var quarantine: [Problem]
        let warnings: [Problem]
        let inheritsLog: Bool
    }

    let fields: Fields

    init(_ fields: Fields) { self.fields = fields }

    func replacing(_ change: (inout Fields) -> Void) -> SiteContent {
        var fields = fields
        change(&fields)
        return SiteContent(fields)
    }
}

/// A value that many share.
final class Shared<Value: Hashable & Sendable>: Hashable, Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }

    static func == (one: Shared, other: Shared) -> Bool { one === other || one.value == other.value }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
