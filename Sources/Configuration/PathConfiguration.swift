internal import Platform
internal import Synchronization

/// The configuration in force at one place: a server, site, application, folder or file.
///
/// It reads a section when it is first asked for and keeps it. The same object is returned for the path while nothing
/// it depends on changed, so whoever compiles settings from it may key them by identity.
public final class PathConfiguration: Sendable {
    public let path: ConfigurationPath
    /// The physical folder; nil for the server level and for places that are no folder.
    public let folder: String?
    public let isApplicationRoot: Bool

    let parent: PathConfiguration?
    let reading: Reading
    let webConfig: WebConfig?
    /// The folder's own file; nil where it has none.
    let file: ConfigurationFile?
    /// The files that may hold sections for exactly this place, in the order of evaluation.
    let contributions: [Contribution]
    private let system: ConfigurationSystem.Shared
    private let sections = Mutex<[String: Result<EffectiveSection, ConfigurationError>]>([:])
    let children = Mutex<[String: PathConfiguration]>([:])
    /// The files that a `configSource` of this place names, as they were when they were read.
    private let sources = Mutex<[String: FileStamp?]>([:])
    /// The folder that would belong to this place and was not there; nil where it was, or where there can be none.
    let absentFolder: String?
    let checkedAt: Atomic<UInt64>

    /// Which web.config files below this place are read.
    enum Reading: Sendable {
        case all
        /// `allowSubDirConfig="false"`: the virtual directory's own file alone.
        case none
        /// `enableConfigurationOverride="false"`
        case poolForbids
    }

    /// One file's sections for this place.
    struct Contribution: Sendable {
        let file: ConfigurationFile
        let level: Int
        let isBuiltIn: Bool
        /// The location's key in that file.
        let location: String
    }

    /// The server level.
    init(system: ConfigurationSystem.Shared) {
        self.system = system
        path = ConfigurationPath()
        folder = nil
        isApplicationRoot = false
        parent = nil
        absentFolder = nil
        reading = .all
        webConfig = nil
        file = system.server.file
        let builtIn = system.server.builtIn.map { Contribution(file: $0, level: 0, isBuiltIn: true, location: "") }
        contributions =
            [builtIn].compactMap(\.self)
            + [Contribution(file: system.server.file, level: 0, isBuiltIn: false, location: "")]
        checkedAt = Atomic(0)
    }

    /// A place below `parent`.
    init(
        _ path: ConfigurationPath, parent: PathConfiguration, folder: String?, isApplicationRoot: Bool,
        reading: Reading, webConfig: WebConfig?, checkedAt: UInt64, absentFolder: String? = nil
    ) {
        self.path = path
        self.absentFolder = absentFolder
        self.parent = parent
        self.folder = folder
        self.isApplicationRoot = isApplicationRoot
        self.reading = reading
        self.webConfig = webConfig
        self.checkedAt = Atomic(checkedAt)
        let system = parent.system
        self.system = system
        let file = webConfig?.document.map { document in
            ConfigurationFile(document, inheriting: parent.declarations, schema: system.server.schema)
        }
        self.file = file
        let own = file.map { Contribution(file: $0, level: path.depth, isBuiltIn: false, location: "") }
        contributions = Self.locations(for: path, above: parent) + [own].compactMap(\.self)
    }

    /// The section's effective value at this place, for example of `system.webServer/staticContent`.
    ///
    /// Throws IIS's error where a file in the chain is broken, the section is not declared or has no schema, is locked,
    /// or says what it may not.
    public func section(_ name: String) throws(ConfigurationError) -> Element {
        Element(try effective(name).here, environment: system.server.environment)
    }

    /// The place, this one or one above, from which the value that a section's attribute has here comes down.
    public func origin(of attribute: String, in section: String) throws(ConfigurationError) -> ConfigurationPath {
        let source = try self.section(section).source(attribute)
        var place = self
        while let above = place.parent, try above.section(section).source(attribute) == source { place = above }
        return place.path
    }

    /// Throws the first problem of any section that this place's chain of web.config files and locations writes,
    /// whether or not anybody asks for it.
    public func validate() throws(ConfigurationError) {
        if let parent { try parent.validate() }
        try throwFileError()
        guard parent != nil else { return }
        for contribution in contributions {
            for occurrence in contribution.file.occurrences(at: contribution.location) {
                guard system.server.schema.section(occurrence.section) != nil else { continue }
                _ = try effective(occurrence.section)
            }
        }
    }

    /// The web.config files that are read for this place, outermost first, those in error too.
    public var files: [String] {
        let own = webConfig?.document?.path ?? webConfig?.error?.file
        return (parent?.files ?? []) + [own].compactMap(\.self)
    }

    /// What this file's own level and those above declare.
    public var declarations: SectionDeclarations { file?.declarations ?? parent?.declarations ?? SectionDeclarations() }

    /// Whether some file says something for exactly this place.
    var contributes: Bool { !contributions.isEmpty || webConfig?.error != nil }

    /// Whether some file above says something for a place below this one.
    var leadsToLocations: Bool {
        var place = parent
        while let here = place {
            if let file = here.file, file.hasOccurrences(below: path.key(below: here.path)) { return true }
            place = here.parent
        }
        return false
    }

    /// Whether the files that went into this place are as they were read. Looks at the disk.
    func isAsOnDisk() -> Bool {
        if let webConfig, !webConfig.isCurrent() { return false }
        if let absentFolder, (try? NameLookup.find("web.config", inFolder: absentFolder)) != nil { return false }
        return sources.withLock { $0.allSatisfy { file, stamp in (try? FileStamp.of(file)) == stamp } }
    }

    private func effective(_ name: String) throws(ConfigurationError) -> EffectiveSection {
        if let known = sections.withLock({ $0[name] }) { return try known.get() }
        let result: Result<EffectiveSection, ConfigurationError>
        do throws(ConfigurationError) {
            result = .success(try evaluate(name))
        } catch {
            result = .failure(error)
        }
        sections.withLock { $0[name] = result }
        return try result.get()
    }

    private func evaluate(_ name: String) throws(ConfigurationError) -> EffectiveSection {
        var section: EffectiveSection
        // Where neither declares it, the server level says so.
        if let parent, parent.declares(name) || !declares(name) {
            try throwFileError()
            section = try parent.effective(name)
            // Crossing into an application leaves behind what the one above keeps for itself.
            if isApplicationRoot {
                section = EffectiveSection(here: section.forChildren, forChildren: section.forChildren)
            }
        } else {
            try throwFileErrors()
            section = try undeclaredOrEmpty(name)
        }
        for contribution in contributions {
            guard let occurrence = contribution.file.occurrence(of: name, at: contribution.location) else { continue }
            try checkPlace(of: occurrence, contribution)
            let layer = Layer(
                element: try source(of: occurrence, contribution), level: contribution.level,
                isBuiltIn: contribution.isBuiltIn, locationPath: occurrence.location.path)
            let problems =
                contribution.isBuiltIn
                ? []
                : SectionChecker.problems(
                    of: layer.element, schema: section.here.schema, isServerFile: contribution.level == 0)
            if let problem = problems.first { throw problem }
            section = try section.adding(layer, inherited: occurrence.location.inheritsInChildApplications)
        }
        return section
    }

    private func undeclaredOrEmpty(_ name: String) throws(ConfigurationError) -> EffectiveSection {
        guard let declaration = declarations.sections[name] else {
            throw ConfigurationError(
                file: system.server.file.document.path, line: 0,
                "The configuration section '\(name)' cannot be read because it is missing a section declaration")
        }
        guard let schema = system.server.schema.section(name) else {
            throw ConfigurationError(
                file: declaration.file, line: declaration.line,
                "The configuration section '\(name)' cannot be read because it is missing schema", code: .notSupported)
        }
        let empty = EffectiveElement.empty(schema)
        return EffectiveSection(here: empty, forChildren: empty)
    }

    private func declares(_ section: String) -> Bool { declarations.sections[section] != nil }

    /// Throws the first error of a file of this place or one above.
    private func throwFileErrors() throws(ConfigurationError) {
        try parent?.throwFileErrors()
        try throwFileError()
    }

    private func throwFileError() throws(ConfigurationError) {
        if let error = webConfig?.error { throw error }
        if parent != nil, let problem = file?.problems.first { throw problem }
    }

    /// The element with the section's content: the occurrence's own, or the root of its `configSource`.
    private func source(
        of occurrence: SectionOccurrence, _ contribution: Contribution
    ) throws(ConfigurationError) -> DocumentElement {
        guard contribution.level > 0, let target = occurrence.element[ReservedAttributes.configSource] else {
            return occurrence.element
        }
        let file = try ConfigurationSource.file(target, of: occurrence.element)
        let stamp = try? FileStamp.of(file)
        sources.withLock { $0[file] = .some(stamp) }
        return try ConfigurationSource.read(file, of: occurrence.element)
    }

    /// Whether the section may stand here: its `allowDefinition` and the locks of the levels above.
    private func checkPlace(of occurrence: SectionOccurrence, _ contribution: Contribution) throws(ConfigurationError) {
        guard let declaration = declarations.sections[occurrence.section] else { return }
        let allowed: Bool
        switch declaration.allowDefinition {
        case .everywhere: allowed = true
        case .machineToApplication: allowed = parent == nil || isApplicationRoot
        case .appHostOnly, .machineOnly, .machineToRootWeb: allowed = parent == nil
        }
        // A file may lock what it declares for the levels below, not for itself.
        let isFree = contribution.level == 0 || declaration.file == contribution.file.document.path
        guard allowed, isFree || !isLocked(occurrence.section, below: contribution.level, declaration) else {
            throw .at(
                occurrence.element,
                "This configuration section cannot be used at this path. This happens when the section is locked at a "
                    + "parent level. Locking is either by default (overrideModeDefault=\"Deny\"), or set explicitly by "
                    + "a location tag with overrideMode=\"Deny\" or the legacy allowOverride=\"false\".",
                code: .locked)
        }
    }

    /// The nearest location at or above this place, in a file above `level`, that states a mode decides; a deeper
    /// file's lock further up contradicts it and holds as well.
    private func isLocked(_ section: String, below level: Int, _ declaration: SectionDeclaration) -> Bool {
        var nearest: (mode: OverrideMode, level: Int)?
        var place: PathConfiguration? = self
        while let here = place {
            for contribution in here.contributions.reversed() where contribution.level < level {
                let occurrence = contribution.file.occurrence(of: section, at: contribution.location)
                guard let mode = occurrence?.location.overrideMode, mode != .inherit else { continue }
                if let nearest {
                    if nearest.mode == .allow, mode == .deny, contribution.level > nearest.level { return true }
                } else {
                    nearest = (mode, contribution.level)
                }
            }
            place = here.parent
        }
        return (nearest?.mode ?? declaration.overrideModeDefault) == .deny
    }

    /// The location tags of the files above that resolve to `path`, from the shallowest file to the deepest.
    private static func locations(for path: ConfigurationPath, above: PathConfiguration) -> [Contribution] {
        var found: [Contribution] = []
        var place: PathConfiguration? = above
        while let here = place {
            if let file = here.file {
                let key = path.key(below: here.path)
                if file.hasOccurrences(at: key) {
                    found.append(Contribution(file: file, level: here.path.depth, isBuiltIn: false, location: key))
                }
            }
            place = here.parent
        }
        return found.reversed()
    }
}

/// A section at one place: what holds there, and what applications below inherit of it.
struct EffectiveSection: Sendable {
    let here: EffectiveElement
    let forChildren: EffectiveElement

    func adding(_ layer: Layer, inherited: Bool) throws(ConfigurationError) -> EffectiveSection {
        let next = try here.adding(layer)
        guard inherited else { return EffectiveSection(here: next, forChildren: forChildren) }
        return EffectiveSection(here: next, forChildren: here === forChildren ? next : try forChildren.adding(layer))
    }
}

extension ConfigurationPath {
    /// 0 for the server, 1 for a site, more below.
    var depth: Int { site == nil ? 0 : 1 + segments.count }

    /// The path relative to `ancestor`, as location tags name it, in lower case.
    func key(below ancestor: ConfigurationPath) -> String {
        let names = [site].compactMap(\.self) + segments
        return names.dropFirst(ancestor.depth).joined(separator: "/").lowercased()
    }

    /// The URL path, for example `/app/dir`.
    public var urlPath: String { "/" + segments.joined(separator: "/") }
}
