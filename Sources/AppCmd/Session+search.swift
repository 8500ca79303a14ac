internal import Configuration
internal import Operations

/// Where a section, or an attribute in it, is set: in the server's file, its locations, and the web.config files of
/// applications and virtual directories.
extension Session {
    func searchConfiguration() throws(Failure) {
        let server = try soundServer()
        let wanted = try line["section"].map { text throws(Failure) in try section(text) }
        let conditions = line.properties(except: ["section"])
        guard wanted != nil || conditions.isEmpty else { throw .missingParameter("section", verb.name, kind.name) }
        let top = ConfigurationPath(text: try identifier() ?? "")
        if let site = top.site, try objects().site(site) == nil { throw .notFound(site, ObjectKind.site.name) }
        var found: [ConfigurationPath] = []
        func look(_ file: ConfigurationFile, at place: ConfigurationPath) throws(Failure) {
            for occurrence in file.occurrences where wanted == nil || occurrence.section == wanted {
                let written = occurrence.location.path ?? ""
                let text = "\(place)" + (written.isEmpty || written == "." ? "" : "/\(written)")
                let path = ConfigurationPath(text: text)
                guard path.relative(to: top) != nil, !found.contains(path) else { continue }
                if try matches(occurrence, server, conditions) { found.append(path) }
            }
        }
        try look(server.file, at: ConfigurationPath())
        for site in try objects().sites where top.site.map({ $0.isSame(as: site.name) }) ?? true {
            for application in site.applications {
                for directory in application.directories {
                    let path = ConfigurationPath(text: directory.name)
                    guard let bytes = try? instance.bytes(of: directory.folder + "/web.config"),
                        let document = try? Document(bytes: bytes, path: directory.folder + "/web.config")
                    else { continue }
                    try look(
                        ConfigurationFile(document, inheriting: server.file.declarations, schema: server.schema),
                        at: path)
                }
            }
        }
        lines += found.map { "CONFIGSEARCH \(quoted("\($0)"))" }
        if found.isEmpty { code = 1 }
    }

    /// Whether the section, as written there, has the attributes, with the values where any are given.
    private func matches(
        _ occurrence: SectionOccurrence, _ server: ServerConfiguration, _ conditions: [ArgumentLine.Property]
    ) throws(Failure) -> Bool {
        guard let schema = server.schema.section(occurrence.section) else { return false }
        for condition in conditions {
            let selector = try perform { () throws(OperationError) in try ElementSelector(condition.name) }
            guard let (value, attribute) = try written(selector.steps[...], occurrence.element, schema) else {
                return false
            }
            if let wanted = condition.value, !attribute.areSame(value, wanted) { return false }
        }
        return true
    }

    private func written(
        _ steps: ArraySlice<ElementSelector.Step>, _ element: DocumentElement, _ schema: ElementSchema
    ) throws(Failure) -> (String, AttributeSchema)? {
        switch steps.first {
        case .name(let text) where steps.count == 1:
            guard let attribute = schema.listed(text) else { throw .unknownAttribute(text) }
            return element[attribute.name].map { ($0, attribute) }
        case .name(let text):
            guard let child = schema.child(text) else { throw .unknownAttribute(text) }
            guard let inner = element.child(child.name) else { return nil }
            return try written(steps.dropFirst(), inner, child)
        case .item(let wanted):
            for child in element.children {
                guard let item = schema.collection?.item(child.name) else { continue }
                let isMeant = wanted.keys.allSatisfy { key in
                    item.listed(key.name).map { $0.areSame(child[$0.name] ?? $0.defaultValueText, key.value) } ?? false
                }
                guard isMeant else { continue }
                guard steps.count > 1 else { return item.attributes.first.map { (child[$0.name] ?? "", $0) } }
                return try written(steps.dropFirst(), child, item)
            }
            return nil
        case nil: return nil
        }
    }
}
