public import Configuration
public import EventLoop
public import HostModel
import Pipeline
public import Platform
import Wire

/// The applications of one worker that are programs of their own, whichever versions of the configuration come and go.
public final class ApplicationManager {
    /// What an application is in the configuration that holds.
    struct Identity: Sendable {
        let system: ConfigurationSystem
        let site: Site
        let application: Application
        let pool: ApplicationPool

        /// As the rules of pools name it.
        var name: String { site.name + application.path }

        /// Of its root, without a slash at its end.
        var folder: String {
            let path = application.virtualDirectories.first { $0.path == "/" }?.physicalPath ?? ""
            return path.utf8.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        }
    }

    private struct Key: Hashable {
        let site: UInt32
        let path: String
    }

    let host: LoggedHost
    private var programs: [Key: HostedProgram] = [:] { didSet { last = nil } }
    /// Of the request before: most requests go to the application that the one before went to.
    private var last: (key: Key, program: HostedProgram)?
    /// What the configuration that holds says of this pool.
    private var configuration: (system: ConfigurationSystem, sites: [UInt32: Site], pool: ApplicationPool)?
    /// Nil where the kernel gives none: changes are then seen with the next request.
    let watch: FolderWatcher?
    private let webConfigTimer = Timer()
    private var changedFolders: Set<String> = []
    /// Whether more changes are taken in the next turn.
    private var isListed = false
    private(set) var isEnding = false
    /// Who of this pool runs code of its own.
    var occupancy = PoolOccupancy()

    /// How long after a change of a web.config it is read: what was read a moment before counts as current so long.
    /// Unit: nanoseconds.
    private static let settlingTime = 50_000_000 as UInt64

    public init(_ host: any ModuleHost) {
        self.host = LoggedHost(host)
        watch = try? FolderWatcher()
        if let watch { try? host.loop.register(watch.descriptorNumber, self) }
    }

    /// Goes on with another version of the configuration. Programs of applications that are not in it any more end;
    /// the others go on as long as what they were started from is the same.
    public func use(_ system: ConfigurationSystem, _ model: HostModel, pool: ApplicationPool) {
        let sites = Dictionary(model.sites.map { ($0.id, $0) }) { first, _ in first }
        configuration = (system, sites, pool)
        for (key, program) in programs {
            if let identity = identity(key) {
                program.use(identity)
            } else {
                // Until nothing is left of it, another of that name waits.
                program.end { [self] in
                    guard programs[key] === program else { return }
                    programs[key] = nil
                    forget(program.folder)
                }
            }
        }
    }

    private func identity(_ key: Key) -> Identity? {
        guard let configuration, let site = configuration.sites[key.site],
            let application = site.applications.first(where: { $0.path == key.path }),
            application.pool.lowercased() == configuration.pool.name.lowercased()
        else { return nil }
        return Identity(
            system: configuration.system, site: site, application: application, pool: configuration.pool)
    }

    /// The program behind the request's application; nil where the application is not there any more.
    func program(of request: RequestContext, _ dialect: BackendSettings.Dialect) -> HostedProgram? {
        let key = Key(site: request.head.siteID, path: request.resolution.application.path)
        if let last, last.key == key { return last.program }
        if let known = programs[key] {
            last = (key, known)
            return known
        }
        guard !isEnding, let identity = identity(key) else { return nil }
        let program = HostedProgram(identity, dialect, self)
        programs[key] = program
        return program
    }

    /// Ends every program; requests are refused from now on. Calls `then` when nothing is left.
    public func end(_ then: @escaping () -> Void) {
        isEnding = true
        var left = programs.count
        guard left > 0 else { return then() }
        for program in programs.values {
            program.end {
                left -= 1
                if left == 0 { then() }
            }
        }
    }

    /// How long after the end of listening programs go on serving, those too that nobody asked for yet. Unit: nanoseconds.
    public var shutdownDelay: UInt64 {
        UInt64(programs.values.map(\.shutdownDelay).max() ?? HostedProgram.usualDelay) * 1_000_000
    }

    private func forget(_ folder: String) {
        if !programs.values.contains(where: { $0.folder == folder }) { watch?.remove(folder) }
    }
}

extension ApplicationManager: ReadinessHandler, TurnHandler {
    public func ready(_ readiness: Readiness) { if !isListed { takeChanges() } }

    public func turnEnded() {
        isListed = false
        takeChanges()
    }

    private func takeChanges() {
        guard let (changes, isAll) = watch?.changes() else { return }
        if !isAll {
            isListed = true
            host.loop.inNextTurn(self)
        }
        for (folder, change) in changes {
            switch change {
            case .offline: tell(folder)
            case .webConfig:
                changedFolders.insert(folder)
                host.loop.start(webConfigTimer, after: Self.settlingTime, self)
            }
        }
    }

    private func tell(_ folder: String) {
        for program in programs.values where program.folder == folder { program.changed() }
    }
}

extension ApplicationManager: TimerHandler {
    public func timerFired(_ timer: Timer) {
        let folders = changedFolders
        changedFolders = []
        for folder in folders { tell(folder) }
    }
}
