public import Configuration

/// A section at a path, and the file and location that changes of it are written to.
public struct ConfigurationEditor {
    public let system: ConfigurationSystem
    /// For example `system.webServer/defaultDocument`.
    public let section: String
    /// What the change is about.
    public let path: ConfigurationPath
    /// The place whose file takes it.
    public let commitPath: ConfigurationPath
    public let file: DraftFile
    /// The path of the location in that file; empty outside any.
    public let location: String

    /// Nil where the file of `commitPath` has no say at `path`.
    public init?(
        _ system: ConfigurationSystem, section: String, at path: ConfigurationPath, in file: DraftFile,
        of commitPath: ConfigurationPath
    ) {
        guard let location = path.relative(to: commitPath) else { return nil }
        self.system = system
        self.section = section
        self.path = path
        self.commitPath = commitPath
        self.file = file
        self.location = location
    }

    /// The editor of what the file says of the section there.
    public func editor(seal: @escaping SectionEditor.Seal) throws(OperationError) -> SectionEditor {
        guard let schema = system.server.schema.section(section) else { throw .unknownSection(section) }
        let isServer = commitPath.site == nil && location.isEmpty
        try takeIn()
        return SectionEditor(
            schema, written: file.section(section, at: location), inherited: try inherited(),
            level: isServer ? .server : .below, seal: seal
        ) { file.sectionMade(section, at: location) }
    }

    /// A section that stands in a file of its own is written where it is named from then on.
    private func takeIn() throws(OperationError) {
        guard commitPath.site != nil, let written = file.section(section, at: location), written["configSource"] != nil
        else { return }
        let source: DocumentElement?
        do throws(ConfigurationError) {
            source = try system.configuration(at: path).section(section).document
        } catch {
            throw .configuration(error)
        }
        written.remove("configSource")
        guard let source else { return }
        for attribute in source.attributes { written.set(attribute.name, to: attribute.value) }
        for child in source.children { written.append(DraftElement(copying: child)) }
    }

    /// What holds at the path without that file's say there.
    private func inherited() throws(OperationError) -> Element? {
        do throws(ConfigurationError) {
            guard commitPath.site != nil || !location.isEmpty else {
                guard system.server.builtIn != nil else { return nil }
                return try system.server.replacingText(Array(Self.empty.utf8)).section(section)
            }
            if location.isEmpty {
                let document = try Document(bytes: Array(Self.empty.utf8), path: file.document.path)
                return try system.configuration(at: path, with: document).section(section)
            }
            return try system.configuration(at: path.parent ?? path).section(section)
        } catch {
            throw .configuration(error)
        }
    }

    /// What a new web.config begins as.
    public static let empty = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration>\n</configuration>\n"

    /// Throws what the change would make wrong of the section at the path: a lock, a duplicate, what the schema refuses.
    ///
    /// - Parameter ownFileOnly: what other files say counts for nothing: a lock is for those that break it.
    public func verify(_ document: Document, ownFileOnly: Bool = false) throws(OperationError) {
        let after = failure { () throws(ConfigurationError) in
            if commitPath.site != nil {
                return try system.configuration(at: path, with: document, at: commitPath).section(section)
            }
            let objects = HostedObjects(try system.server.replacing(document))
            if let problem = objects.server.file.problems.first, system.server.file.problems.isEmpty { throw problem }
            return try ConfigurationSystem(server: objects.server, layout: objects.layouts())
                .configuration(at: path).section(section)
        }
        guard let after, !ownFileOnly || after.file == document.path else { return }
        let before = failure { () throws(ConfigurationError) in try system.configuration(at: path).section(section) }
        if after.message != before?.message { throw .configuration(after) }
    }

    private func failure(_ body: () throws(ConfigurationError) -> Element) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    // MARK: Whole sections

    /// Takes what the file says of the section away; `entirely` the empty element too.
    public func clear(entirely: Bool) {
        guard !entirely else { return file.remove(section, at: location) }
        guard let element = file.section(section, at: location) else { return }
        for (name, _) in element.attributes { element.remove(name) }
        element.removeChildren()
    }

    /// Lets files below write the section, or not.
    public func setMode(_ mode: OverrideMode) {
        if let (element, holders) = file.written(section, at: location) {
            let tag = holders[0]
            // A location that holds this section alone takes the mode.
            if tag !== file.root, holders.allSatisfy({ $0.children.count == 1 }) {
                tag.set("overrideMode", to: mode.rawValue)
                tag.remove("allowOverride")
                return
            }
            file.remove(section, at: location)
            place(element.copy(), in: file.locationMade(location, overrideMode: mode))
        } else {
            let names = section.split(separator: "/").map(String.init)
            place(DraftElement(names[names.count - 1]), in: file.locationMade(location, overrideMode: mode))
        }
    }

    private func place(_ element: DraftElement, in tag: DraftElement) {
        let groups = section.split(separator: "/").map(String.init).dropLast()
        groups.reduce(tag) { $0.childMade($1) }.append(element)
    }

    /// Makes the section what it is in a new server's file.
    public func reset() throws(OperationError) {
        file.remove(section, at: location)
        // A file without declarations of its own lies on top of that one.
        guard system.server.builtIn == nil, commitPath.site == nil, location.isEmpty else { return }
        let original: ServerConfiguration
        do throws(ConfigurationError) {
            original = try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "")
        } catch {
            throw .configuration(error)
        }
        guard let element = original.section(section).document else { return }
        place(DraftElement(copying: element), in: file.root)
    }
}
