internal import Platform
internal import Synchronization

/// Answers for any path what the configuration is there, in the reference's order of evaluation (§3.3).
///
/// Folders are read when they are first asked about and looked at again at most every `recheckInterval`; a web.config
/// that changed, came or went replaces its folder's configuration and everything below it, and nothing else.
public final class ConfigurationSystem: Sendable {
    /// What every place of one system shares.
    final class Shared: Sendable {
        let server: ServerConfiguration
        let layout: @Sendable (String) -> SiteLayout?

        init(server: ServerConfiguration, layout: @escaping @Sendable (String) -> SiteLayout?) {
            self.server = server
            self.layout = layout
        }
    }

    /// How many folders are remembered before all are forgotten: a bound, not a tuning knob.
    private static let placesLimit = 100_000

    public let server: ServerConfiguration
    /// The configuration of the server level.
    public let root: PathConfiguration
    /// Nanoseconds.
    public let recheckInterval: UInt64
    private let shared: Shared
    private let clock: @Sendable () -> UInt64
    private let observer: (any WebConfigObserver)?
    private let places = Atomic<Int>(0)

    /// `layout` says where a site (by name, any case) lies on disk; `clock` counts nanoseconds from any start; `observer`
    /// hears of each web.config that is read.
    public init(
        server: ServerConfiguration, recheckInterval: Duration = .milliseconds(200),
        clock: (@Sendable () -> UInt64)? = nil, observer: (any WebConfigObserver)? = nil,
        layout: @escaping @Sendable (String) -> SiteLayout?
    ) {
        self.server = server
        self.observer = observer
        self.clock = clock ?? { MonotonicClock.nanoseconds() }
        let (seconds, attoseconds) = recheckInterval.components
        self.recheckInterval = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        shared = Shared(server: server, layout: layout)
        root = PathConfiguration(system: shared)
    }

    deinit { root.forgetChildren() }

    /// The configuration at `path`. `isFile` says that the last segment is no folder, which spares looking.
    ///
    /// Throws *Unrecognized configuration path* for a site that has no layout or no root.
    public func configuration(
        at path: ConfigurationPath, isFile: Bool = false
    ) throws(ConfigurationError) -> PathConfiguration {
        guard let site = path.site else { return root }
        let now = clock()
        var place = try self.site(site, now: now)
        for (index, segment) in path.segments.enumerated() {
            let leaf = isFile && index == path.segments.count - 1
            guard let next = child(segment, of: place, isFile: leaf, now: now) else { break }
            place = next
        }
        return place
    }

    /// Every problem of the web.config at `path`: its structure, what its sections say, and whether they may stand there;
    /// none where the folder has no such file. Throws *Unrecognized configuration path* as `configuration(at:)` does.
    public func problems(ofFileAt path: ConfigurationPath) throws(ConfigurationError) -> [ConfigurationError] {
        let here = try configuration(at: path)
        if let error = here.webConfig?.error { return [error] }
        guard here.path == path, here !== root else { return [] }
        return problems(of: here) { key throws(ConfigurationError) in
            try self.configuration(at: ConfigurationPath(site: path.site ?? "", path: path.urlPath + "/" + key))
        }
    }

    /// Every problem of a web.config that stands in no site, read as the root file of one.
    func problems(of document: Document) -> [ConfigurationError] {
        let here = configuration(of: document)
        return problems(of: here) { key in
            PathConfiguration(
                ConfigurationPath(site: document.path, path: key), parent: here, folder: nil, isApplicationRoot: false,
                reading: .none, webConfig: nil, checkedAt: 0)
        }
    }

    /// The root of a site that has the document as its web.config.
    func configuration(of document: Document) -> PathConfiguration {
        PathConfiguration(
            ConfigurationPath(site: document.path), parent: root, folder: nil, isApplicationRoot: true, reading: .none,
            webConfig: WebConfig(document), checkedAt: 0)
    }

    /// `place` gives the configuration at a location's key below `here`.
    func problems(
        of here: PathConfiguration, place: (String) throws(ConfigurationError) -> PathConfiguration
    ) -> [ConfigurationError] {
        guard let file = here.file else { return [] }
        var problems = file.problems
        for occurrence in file.occurrences {
            guard let schema = server.schema.section(occurrence.section) else { continue }
            let found = SectionChecker.problems(of: occurrence.element, schema: schema, isServerFile: false)
            problems += found
            guard found.isEmpty, file.problems.isEmpty else { continue }
            do throws(ConfigurationError) {
                let key = occurrence.location.key
                _ = try (key.isEmpty ? here : place(key)).section(occurrence.section)
            } catch {
                let isItsOwn =
                    error.file == file.document.path || occurrence.element[ReservedAttributes.configSource] != nil
                if isItsOwn { problems.append(error) }
            }
        }
        return problems
    }

    /// Whether `configuration` still is what `configuration(at:)` would return. Looks at the disk at most every
    /// `recheckInterval`.
    public func isCurrent(_ configuration: PathConfiguration) -> Bool {
        let now = clock()
        var place: PathConfiguration? = configuration
        while let here = place, let parent = here.parent {
            guard isFresh(here, now: now) else { return false }
            guard parent.children.withLock({ $0[here.key] }) === here else { return false }
            place = parent
        }
        return true
    }

    private func site(_ name: String, now: UInt64) throws(ConfigurationError) -> PathConfiguration {
        let key = name.lowercased()
        let known = root.children.withLock { $0[key] }
        if let known, isFresh(known, now: now) { return known }
        guard let layout = shared.layout(name), let place = layout.directory(at: "/") else {
            throw ConfigurationError(
                file: server.file.document.path, line: 0,
                "Unrecognized configuration path '\(ConfigurationPath(site: name))'", code: .unrecognizedPath)
        }
        let webConfig =
            place.application.readsWebConfig ? WebConfig(inFolder: place.directory.physicalPath, isRequired: true) : nil
        let made = PathConfiguration(
            ConfigurationPath(site: layout.name), parent: root, folder: place.directory.physicalPath,
            isApplicationRoot: true, reading: Self.reading(place), webConfig: webConfig, checkedAt: now)
        if let known, known.holds(until: made) { return known }
        return remember(made, of: root)
    }

    private func child(
        _ segment: String, of parent: PathConfiguration, isFile: Bool, now: UInt64
    ) -> PathConfiguration? {
        let known = parent.children.withLock { $0[segment] }
        if let known, isFresh(known, now: now) { return known }
        guard let site = parent.path.site, let layout = shared.layout(site) else { return nil }
        let path = ConfigurationPath(site: site, path: parent.path.urlPath + "/" + segment)
        let made: PathConfiguration
        if let place = layout.directory(at: path.urlPath) {
            let webConfig =
                place.application.readsWebConfig
                ? WebConfig(inFolder: place.directory.physicalPath, isRequired: true) : nil
            made = PathConfiguration(
                path, parent: parent, folder: place.directory.physicalPath,
                isApplicationRoot: layout.application(at: path.urlPath) != nil, reading: Self.reading(place),
                webConfig: webConfig, checkedAt: now)
        } else {
            let folder = parent.folder.map { "\($0)/\(segment)" }
            let webConfig = isFile ? nil : folder.flatMap { WebConfig(inFolder: $0) }
            made = PathConfiguration(
                path, parent: parent, folder: webConfig == nil ? nil : folder, isApplicationRoot: false,
                reading: parent.reading, webConfig: parent.reading == .all ? webConfig : nil, checkedAt: now,
                absentFolder: webConfig == nil ? folder ?? parent.absentFolder.map { "\($0)/\(segment)" } : nil)
            // What is no folder, in no file's words and on the way to neither adds nothing and is not remembered:
            // strangers name such paths.
            if webConfig == nil, !made.contributes, !made.leadsToLocations, !layout.hasDirectory(below: path.urlPath) {
                if !isFile { observer?.foundNothing(at: path) }
                return nil
            }
        }
        if let known, known.holds(until: made) { return known }
        return remember(made, of: parent)
    }

    private static func reading(
        _ place: (application: SiteLayout.Application, directory: SiteLayout.Directory)
    ) -> PathConfiguration.Reading {
        guard place.application.readsWebConfig else { return .poolForbids }
        return place.directory.allowsSubdirectoryConfiguration ? .all : .none
    }

    private func remember(_ made: PathConfiguration, of parent: PathConfiguration) -> PathConfiguration {
        if places.wrappingAdd(1, ordering: .relaxed).newValue > Self.placesLimit {
            places.store(0, ordering: .relaxed)
            root.forgetChildren()
        }
        let replaced = parent.children.withLock { children in
            defer { children[made.key] = made }
            return children[made.key]
        }
        replaced?.forgetChildren()
        if made.reading != .poolForbids, made.folder ?? made.absentFolder != nil {
            observer?.read(WebConfigReading(made))
        }
        return made
    }

    private func isFresh(_ place: PathConfiguration, now: UInt64) -> Bool {
        guard now &- place.checkedAt.load(ordering: .relaxed) >= recheckInterval else { return true }
        guard place.isAsOnDisk() else { return false }
        place.checkedAt.store(now, ordering: .relaxed)
        return true
    }
}

extension PathConfiguration {
    /// Lets go of every place below: places and their parents hold each other.
    fileprivate func forgetChildren() {
        var waiting = [self]
        while let place = waiting.popLast() {
            waiting += place.children.withLock { children in
                defer { children = [:] }
                return children.values
            }
        }
    }

    /// Whether this place, the last good one, goes on while the file of the `next` one is being written.
    fileprivate func holds(until next: PathConfiguration) -> Bool {
        next.webConfig?.isBeingWritten == true && webConfig?.error == nil
    }

    /// The name under which the parent remembers it: a site's in lower case, a segment as it is spelled.
    var key: String { path.segments.last ?? path.site?.lowercased() ?? "" }
}
