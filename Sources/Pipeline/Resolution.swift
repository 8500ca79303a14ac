package import Configuration
public import HostModel
public import Platform

/// What one URL path of a site means: its application, its place on disk, its settings. Shared by all its requests.
public final class Resolution {
    /// The cooked URL path.
    public let path: [UInt8]
    public var siteName: String { site.name }
    public let application: Application
    /// The folder of the virtual directory that holds the path.
    public let root: SystemPath
    /// What `path` names on disk; `nil` when its text must not reach the file system (`UnsafePath`), or a symbolic link
    /// leads out of `root` on the way.
    public let physicalPath: SystemPath?
    /// The part of `physicalPath` below `root`, `.` for the root itself.
    public let relativePath: SystemPath?
    let site: SiteNode
    /// Nil where names are told apart by the case of their letters.
    let spellings: FolderSpellings?
    /// Whether a symbolic link leads out of `root`, as far as was known when the path was resolved.
    let leadsOut: Bool
    /// Whether the path has more segments than its site allows (`limits/@maxUrlSegments`).
    let hasTooManySegments: Bool
    let load: ApplicationLoad
    let outcome: Result<PathSettings, ConfigurationError>
    /// The settings of the path; nil where `outcome` is a failure.
    public let settings: PathSettings?
    /// Nil where it cannot be read.
    package let configuration: PathConfiguration?
    let configurationPath: ConfigurationPath
    /// Whether the path names no folder, as far as was known when it was resolved.
    let isFile: Bool
    /// Whether every look at the path may wait, because its file system asks another program or computer.
    public let isRemote: Bool
    /// When the path was last looked at, or known to be in the kernel's memory. Unit: milliseconds.
    var seenAt: UInt64
    /// When `outcome` was last known to be what the configuration says. Unit: milliseconds.
    var checkedAt: UInt64
    private var mapped: [[HandlerMapping.Candidate]?]

    init(
        _ survey: PathSurvey, _ findings: PathSurvey.Findings, site: SiteNode, application: Application,
        load: ApplicationLoad, outcome: Result<PathSettings, ConfigurationError>, configuration: PathConfiguration?,
        now: UInt64
    ) {
        path = survey.path
        self.site = site
        spellings = survey.spellings
        self.application = application
        self.load = load
        root = survey.root
        physicalPath = findings.leadsOut ? nil : findings.place.physicalPath
        relativePath = findings.place.relativePath
        leadsOut = findings.leadsOut
        hasTooManySegments = path.count { $0 == 0x2F } > site.maximumSegments
        self.outcome = outcome
        settings = try? outcome.get()
        self.configuration = configuration
        configurationPath = findings.place.configurationPath
        isFile = findings.isFile
        isRemote = findings.isRemote
        checkedAt = now
        seenAt = now
        mapped = Array(repeating: nil, count: Verb.other.rawValue)
    }

    /// Whether what was found now makes the same of the path.
    func holds(by findings: PathSurvey.Findings) -> Bool {
        guard case .success = outcome, !leadsOut, !findings.leadsOut, findings.isRemote == isRemote,
            findings.place.relativePath == relativePath, case .success(let found) = findings.configuration
        else { return false }
        return found === configuration
    }

    /// How much of `path` leads to the place from which the value that a section's attribute has here comes down: 0 for
    /// the site's root and above.
    public func length(ofOriginOf attribute: String, in section: String) -> Int {
        guard let origin = try? configuration?.origin(of: attribute, in: section) else { return 0 }
        let path = path
        var end = 0
        for _ in origin.segments {
            while end < path.count, path[end] == 0x2F { end += 1 }
            while end < path.count, path[end] != 0x2F { end += 1 }
        }
        return end
    }

    /// What the first `length` bytes of `path` name on disk, where the path goes on behind a script.
    func physicalPath(first length: Int) -> SystemPath? {
        physicalPath.flatMap { SystemPath($0.bytes.dropLast(path.count - length)) }
    }

    /// The handlers that fit, remembered for the verbs that have a name of their own.
    func candidates(_ mapping: HandlerMapping, _ verb: Verb, method: Span<UInt8>) -> [HandlerMapping.Candidate] {
        let path = path
        guard verb != .other else { return mapping.candidates(path.span, verb: method) }
        if let known = mapped[verb.rawValue] { return known }
        let candidates = mapping.candidates(path.span, verb: method)
        mapped[verb.rawValue] = candidates
        return candidates
    }
}
