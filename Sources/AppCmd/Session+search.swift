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
            let found = try perform { () throws(OperationError) in try selector.written(in: occurrence.element, schema)
            }
            guard let found else { return false }
            if let wanted = condition.value, !found.attribute.areSame(found.value, wanted) { return false }
        }
        return true
    }
}
