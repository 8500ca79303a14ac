public import Configuration
public import HostModel
import Platform
import Wire

/// From a site and a URL path to what they mean, remembered until the configuration there changes.
///
/// One for each version of the server's configuration that a worker gets; used on one thread.
public final class PathResolver {
    private let system: ConfigurationSystem
    private let sites: [UInt32: SiteNode]
    private let definitions: [String: ModuleDefinition]
    private let enforced: Set<String>
    private let traits: WorkerTraits
    private var table = ResolutionTable()
    private let spellings = FolderSpellings()
    private let sectionNames: [String]
    /// Compiled settings by the identities of the sections that they were made from.
    private var compiled: [[ElementIdentity?]: PathSettings] = [:]
    /// The settings of configurations, which stay the same objects while nothing changed; kept with them.
    private var known: [ObjectIdentifier: (configuration: PathConfiguration, settings: PathSettings)] = [:]
    private let report: (String) -> Void
    private var reported: Set<String> = []
    /// Who hears of the worker that serves from this version.
    public let globals = GlobalNotifications()

    /// How old the knowledge of a web.config may be. Unit: milliseconds.
    public static let recheckInterval: UInt64 = 50

    /// - Parameters:
    ///   - model: the sites of one pool; applications of pools that it does not hold are not served.
    ///   - definitions: every module that is compiled in.
    ///   - isTrial: whether nobody is served: modules then hear nothing of the worker.
    ///   - report: gets one line for each thing of the configuration that has no effect here, once.
    public init(
        model: HostModel, system: ConfigurationSystem, definitions: [ModuleDefinition], traits: WorkerTraits,
        isTrial: Bool = false, report: @escaping (String) -> Void
    ) {
        self.system = system
        let pools = Set(model.pools.map { $0.name.lowercased() })
        sites = Dictionary(model.sites.map { ($0.id, SiteNode($0, pools: pools)) }) { first, _ in first }
        // Names of modules are told apart by their definitions' author, who gives each once.
        self.definitions = Dictionary(definitions.map { ($0.name, $0) }) { first, _ in first }
        enforced = Set(definitions.flatMap(\.sections))
        sectionNames = PathSettings.sectionNames(definitions)
        self.traits = traits
        self.report = report
        if !isTrial { subscribe(definitions) }
    }

    private func subscribe(_ definitions: [ModuleDefinition]) {
        guard definitions.contains(where: { $0.global != nil }) else { return }
        let entries = (try? system.root.section("system.webServer/globalModules"))?.items ?? []
        let names = Set(entries.filter { traits.satisfy($0.string("preCondition")) }.map { $0.string("name") })
        for definition in definitions where names.contains(definition.name) {
            if let subscription = definition.global { globals.subscribe(subscription) }
        }
    }

    /// No request comes to this version any more: its applications stop as soon as those in work are through.
    func retire() {
        guard globals.wanted.contains(.applicationStop) else { return }
        for application in sites.values.flatMap(\.applications) {
            let (globals, load) = (globals, application.load)
            load.stop { globals.raise(.applicationStop(load.name)) }
        }
    }

    /// What `path`, cooked, means in the site; `nil` where the site or its application is not served here.
    ///
    /// - Parameter now: milliseconds of a clock that never goes back.
    func resolve(site: UInt32, path: Span<UInt8>, now: UInt64) -> Resolution? {
        let known = table.find(site: site, path: path)
        if let known, isCurrent(known, now: now) { return known }
        guard let survey = survey(site: site, path: path) else { return nil }
        return resolve(survey, survey.perform(asksForType: false), now: now)
    }

    /// What a path means, or what must be looked at first by a thread that may wait for it.
    enum Answer {
        case resolved(Resolution?)
        case unseen(PathSurvey)
    }

    /// As `resolve(site:path:now:)` does, without waiting for a disk or a server.
    func answer(site: UInt32, path: Span<UInt8>, now: UInt64) -> Answer {
        if let known = table.find(site: site, path: path), isAtHand(known, now: now) {
            // How folders spell names is nowhere but in the folders, which the path alone does not bring into memory.
            let mustLook = known.spellings != nil && isDue(known, now: now)
            if !mustLook, isCurrent(known, now: now) { return .resolved(known) }
            guard let survey = survey(site: site, path: path) else { return .resolved(nil) }
            return mustLook ? .unseen(survey) : .resolved(resolve(survey, survey.perform(), now: now))
        }
        return survey(site: site, path: path).map { .unseen($0) } ?? .resolved(nil)
    }

    /// Whether all that is to be looked at is in the kernel's memory: it was a moment ago, or the kernel says so.
    private func isAtHand(_ resolution: Resolution, now: UInt64) -> Bool {
        guard !resolution.isRemote else { return false }
        guard now &- resolution.seenAt >= Self.memoryTime else { return true }
        guard resolution.physicalPath.map({ FileInformation.isAtHand($0) }) ?? true else { return false }
        resolution.seenAt = now
        return true
    }

    private func survey(site: UInt32, path: Span<UInt8>) -> PathSurvey? {
        guard let node = sites[site], let application = application(of: path, in: node),
            let directory = application.virtualDirectory(of: path)
        else { return nil }
        return PathSurvey(path, site: site, node, directory, spellings, system)
    }

    /// The folder of the virtual directory that holds the path; nil where nothing is served.
    func root(site: UInt32, path: Span<UInt8>) -> SystemPath? {
        guard let node = sites[site], let application = application(of: path, in: node) else { return nil }
        return application.virtualDirectory(of: path)?.root
    }

    /// What the path's text names on disk, whatever is there and however folders spell it; nil where nothing is served.
    func physicalPath(site: UInt32, path: Span<UInt8>) -> SystemPath? {
        survey(site: site, path: path)?.place(looks: false).physicalPath
    }

    private func application(of path: Span<UInt8>, in node: SiteNode) -> SiteNode.ApplicationNode? {
        guard let application = node.application(of: path), application.isServed else { return nil }
        return application
    }

    /// What the path means by what was found.
    func resolve(_ survey: PathSurvey, _ findings: PathSurvey.Findings, now: UInt64) -> Resolution? {
        let path = survey.path
        if let known = table.find(site: survey.site, path: path.span) {
            if known.holds(by: findings) {
                known.checkedAt = now
                known.seenAt = now
                return known
            }
            tellOfChange(known)
        }
        guard let node = sites[survey.site], let application = application(of: path.span, in: node) else {
            return nil
        }
        let (configuration, outcome) = settings(findings.configuration)
        let resolution = Resolution(
            survey, findings, site: node, application: application.application, load: application.load,
            outcome: outcome, configuration: configuration, now: now)
        table.insert(resolution, site: survey.site)
        return resolution
    }

    /// Tells of a change that a resolution, which is not current, has shown.
    public func tellOfChange(_ resolution: Resolution) {
        // What was broken is tried again all the time.
        if case .success = resolution.outcome { globals.raise(.configurationChange(resolution.configurationPath)) }
    }

    /// Whether the resolution still says what the configuration does. Looks at the disk at most every
    /// `recheckInterval`.
    public func isCurrent(_ resolution: Resolution, now: UInt64) -> Bool {
        guard isDue(resolution, now: now) else { return true }
        // What was broken is tried again.
        guard case .success = resolution.outcome, !resolution.leadsOut, resolution.isSpelledAsBefore,
            let configuration = try? system.configuration(at: resolution.configurationPath, isFile: resolution.isFile),
            configuration === resolution.configuration
        else { return false }
        resolution.checkedAt = now
        return true
    }

    /// Whether it is time to look at what the resolution says.
    private func isDue(_ resolution: Resolution, now: UInt64) -> Bool {
        now &- resolution.checkedAt >= Self.recheckInterval
    }

    private func settings(
        _ found: Result<PathConfiguration, ConfigurationError>
    ) -> (PathConfiguration?, Result<PathSettings, ConfigurationError>) {
        do throws(ConfigurationError) {
            let configuration = try found.get()
            return (configuration, .success(try settings(configuration)))
        } catch {
            return (nil, .failure(error))
        }
    }

    private func settings(_ configuration: PathConfiguration) throws(ConfigurationError) -> PathSettings {
        if let known = known[ObjectIdentifier(configuration)] { return known.settings }
        let sections = try SectionReadings(sectionNames, at: configuration)
        let key = sections.key
        let settings: PathSettings
        if let same = compiled[key] {
            settings = same
        } else {
            settings = try PathSettings(
                configuration, sections: sections, definitions: definitions, enforced: enforced, traits: traits)
            tell(settings)
            if compiled.count >= Self.maximumSettings { compiled.removeAll() }
            compiled[key] = settings
        }
        if known.count >= Self.maximumConfigurations { known.removeAll() }
        known[ObjectIdentifier(configuration)] = (configuration, settings)
        return settings
    }

    /// Reports what has no effect.
    private func tell(_ settings: PathSettings) {
        let missing = settings.missingModules.filter { reported.insert($0).inserted }
        if !missing.isEmpty {
            report(
                "Modules that are not available: \(missing.joined(separator: ", ")); what needs them does not happen, and handlers that need them answer 500.21"
            )
        }
        if let section = settings.unenforced, reported.insert(section.explanation).inserted {
            report("\(section.explanation); what it covers is refused")
        }
    }

    /// For how long what was looked at counts as still in the kernel's memory. Unit: milliseconds.
    private static let memoryTime: UInt64 = 1000
    /// How many different settings are kept at once.
    private static let maximumSettings = 256
    /// How many directories' configurations are kept at once.
    private static let maximumConfigurations = 1024
}
