internal import Configuration
internal import Operations

/// Configuration sections at a path.
extension Session {
    // MARK: Which section, which place

    /// The full path of the section that `/section:` names, by its path or by the last word of it.
    func section(_ text: String) throws(Failure) -> String {
        guard case .section(let path) = SectionNames(try soundServer()).meaning(of: text) else {
            throw .unknownSection(text)
        }
        return path
    }

    private func requiredSection() throws(Failure) -> String {
        guard let text = line["section"], !text.isEmpty else {
            throw .missingParameter("section", verb.name, kind.name)
        }
        return try section(text)
    }

    /// The place that the line is about; the server where it names none.
    func path() throws(Failure) -> ConfigurationPath {
        try path(of: try identifier() ?? "")
    }

    func path(of text: String) throws(Failure) -> ConfigurationPath {
        let levels = ["machine", "machine/webroot"]
        // Those files are the .NET Framework's, which is not here.
        guard !levels.contains(HostedName.trimmed(text).lowercased()) else { throw .notImplemented }
        let path = ConfigurationPath(text: text)
        guard path.site != nil else { return path }
        guard let known = try objects().known(path) else { throw .notFound(text, ObjectKind.site.name) }
        // No URL has such segments, and no folder outside the site is meant.
        guard !path.segments.contains(where: { [".", ".."].contains($0) }) else {
            throw .notFound(text, kind.name)
        }
        return known
    }

    private func tellApplied(_ section: String, _ place: (path: ConfigurationPath, commitPath: ConfigurationPath)) {
        lines.append(
            "Applied configuration changes to section \(quoted(section)) for \(quoted("\(place.path)")) at "
                + "configuration commit path \(quoted("\(place.commitPath)"))")
    }

    // MARK: Verbs

    func setConfiguration() throws(Failure) {
        if line.input { return try importConfiguration() }
        let section = try requiredSection()
        let properties = line.properties(except: ["section"])
        let place = try change(section) { editor throws(Failure) in
            try perform { () throws(OperationError) in
                let own = try editor.editor(seal: { text throws(OperationError) in try self.seal(text) })
                for property in properties { try own.apply(property) }
            }
        }
        tellApplied(section, place)
    }

    /// `list config … /xml | set config /in`
    private func importConfiguration() throws(Failure) {
        for object in try piped() where object.kind == .config {
            guard let name = object.value("CONFIG.SECTION"), let element = object.configuration else { continue }
            let section = try section(name)
            let path = try path(of: object.value("path") ?? "")
            let place = try change(section, at: path) { editor throws(Failure) in
                try perform { () throws(OperationError) in
                    guard let schema = editor.system.server.schema.section(section) else {
                        throw .unknownSection(section)
                    }
                    let seal: SectionEditor.Seal = { text throws(OperationError) in try self.seal(text) }
                    try editor.editor(seal: seal).merge(try ImportedElement.read(element, as: schema, seal: seal))
                }
            }
            tellApplied(section, place)
        }
    }

    func clearConfiguration() throws(Failure) {
        let section = try requiredSection()
        let properties = line.properties(except: ["section", "delete"])
        let entirely = try line.flag("delete", default: false)
        let place = try change(section) { editor throws(Failure) in
            guard !properties.isEmpty else { return editor.clear(entirely: entirely) }
            try perform { () throws(OperationError) in
                let own = try editor.editor(seal: { text throws(OperationError) in try self.seal(text) })
                for property in properties { try own.clear(ElementSelector(property.name)) }
            }
        }
        tellApplied(section, place)
    }

    func resetConfiguration() throws(Failure) {
        let section = try requiredSection()
        let place = try change(section) { editor throws(Failure) in
            try perform { () throws(OperationError) in try editor.reset() }
        }
        tellApplied(section, place)
    }

    /// Locks are the server file's matter unless another is named.
    func setMode(_ mode: OverrideMode) throws(Failure) {
        let section = try requiredSection()
        if let stranger = line.properties(except: ["section"]).first { throw .unknownAttribute(stranger.name) }
        let place = try change(section, usualCommit: "apphost", ownFileOnly: true) { editor throws(Failure) in
            editor.setMode(mode)
        }
        let word = mode == .deny ? "Locked" : "Unlocked"
        lines.append("\(word) section \(quoted(section)) at configuration path \(quoted("\(place.path)")).")
    }

    // MARK: Lists

    func listConfiguration() throws(Failure) {
        if let wanted = line["section"], wanted.hasPrefix("?") {
            let found = SectionNames(try soundServer()).matching(String(wanted.dropFirst()))
            lines += found
            if found.isEmpty { code = 1 }
            return
        }
        if let stranger = line.properties(except: ["section"]).first { throw .unknownAttribute(stranger.name) }
        let named = try line["section"].map { text throws(Failure) in try section(text) }
        let path = try path()
        let all = SectionNames(try soundServer()).all
        let sections = named.map { [$0] } ?? all
        var rows: [Row] = []
        for section in sections {
            guard let row = try row(section, at: path, isNamed: named != nil) else { continue }
            rows.append(row)
        }
        lines += try RowOutput(line: line).lines(rows)
        if rows.isEmpty { code = 1 }
    }

    /// Nil for a section that nobody writes, unless it is asked for.
    private func row(_ section: String, at path: ConfigurationPath, isNamed: Bool) throws(Failure) -> Row? {
        let element: Element
        let system = try system()
        do throws(ConfigurationError) {
            element = try system.configuration(at: path).section(section)
        } catch {
            // Sections without a schema are somebody else's.
            guard isNamed || error.code != ConfigurationError.Code.notSupported.rawValue else { return nil }
            throw .configuration(error)
        }
        guard isNamed || element.isWritten || line.config == .all else { return nil }
        var output = line.config == .all ? ElementOutput.all(element) : ElementOutput.written(element)
        if line.xml {
            output.name = section.split(separator: "/").joined(separator: "-")
        } else if line.text == nil {
            output = ElementOutput.grouped(output, section: section)
        }
        let (mode, isLocked) = try mode(of: section, at: path)
        return Row(
            kind: .config, name: section,
            attributes: [
                ("CONFIG.SECTION", section), ("path", "\(path)"), ("overrideMode", mode.rawValue),
                ("locked", isLocked ? "true" : "false"),
            ], summary: nil, element: element, fragment: output)
    }

    /// What a location of the server's file about exactly this place says of files below, and whether the place's own
    /// file may not write the section.
    private func mode(
        of section: String, at path: ConfigurationPath
    ) throws(Failure) -> (mode: OverrideMode, isLocked: Bool) {
        let server = try server()
        let key = path.relative(to: ConfigurationPath()) ?? ""
        let own = server.file.occurrences.first { occurrence in
            guard occurrence.section == section, let written = occurrence.location.path else { return false }
            return (written == "." ? "" : written).isSame(as: key)
        }
        guard path.site != nil else { return (own?.location.overrideMode ?? .inherit, false) }
        let names = section.split(separator: "/").map(String.init)
        let inner = names.dropLast().reversed().reduce("<\(names[names.count - 1])/>") { "<\($1)>\($0)</\($1)>" }
        let system = try system()
        do throws(ConfigurationError) {
            let probe = try Document(bytes: Array("<configuration>\(inner)</configuration>".utf8), path: "")
            _ = try system.configuration(at: path, with: probe).section(section)
            return (own?.location.overrideMode ?? .inherit, false)
        } catch {
            return (own?.location.overrideMode ?? .inherit, error.code == ConfigurationError.Code.locked.rawValue)
        }
    }

}

enum HostedName {
    static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last == "/" { text.removeLast() }
        return String(text)
    }
}
