internal import Configuration
internal import Operations

/// Lists of objects.
extension Session {
    func list() throws(Failure) {
        let rows = try selected()
        lines += try RowOutput(line: line).lines(rows)
        if rows.isEmpty { code = 1 }
    }

    /// The objects that the line names, narrows to or pipes in.
    func selected() throws(Failure) -> [Row] {
        let wanted: String?
        do throws(Failure) {
            wanted = try line.identifier.map { text throws(Failure) in try identifier() ?? text }
        } catch {
            // A URL that nothing takes names nothing.
            return []
        }
        var rows = try rows(of: kind, named: wanted)
        if line.input {
            let relations = try piped().compactMap { $0.relation(to: kind) }
            rows = RelatedRows(rows).related(toAny: relations)
        }
        if let wanted { rows = rows.filter { Self.isNamed($0.name, wanted) } }
        let filters = try filters()
        var matching: [Row] = []
        for row in rows {
            if try row.matches(filters) { matching.append(row) }
        }
        return matching
    }

    private func filters() throws(Failure) -> [Filter] {
        var filters: [Filter] = []
        for property in line.properties(except: kind == .request ? ["elapsed"] : kind == .module ? ["app.name"] : []) {
            guard property.sign == .none else { throw .unknownAttribute(property.name) }
            guard let value = property.value else { throw .missingValue(property.name) }
            filters.append(Filter(name: property.name, value: value))
        }
        return filters
    }

    /// A site's name alone, and an application's for its root folder, mean what has a slash behind.
    static func isNamed(_ name: String, _ wanted: String) -> Bool {
        name.isSame(as: wanted) || (name.hasSuffix("/") && name.isSame(as: wanted + "/"))
    }

    /// - Parameter named: the object that is meant; others need not be among the rows.
    func rows(of kind: ObjectKind, named: String? = nil) throws(Failure) -> [Row] {
        switch kind {
        case .site: try sites(of: named).map(row)
        case .app: try sites(of: named).flatMap { site in site.applications.map { row($0) } }
        case .vdir:
            try sites(of: named).flatMap { site in
                site.applications.flatMap { application in application.directories.map { row($0) } }
            }
        case .pool: try objects().pools.map(row)
        case .wp: try running().workers.map(row)
        case .request: try requests()
        case .module: try modules()
        case .backup:
            instance.backups().map { name in
                Row(kind: .backup, name: name, attributes: [("BACKUP.NAME", name)], summary: nil)
            }
        case .binding: try objects().sites.flatMap(secureBindings)
        case .config, .trace: []
        }
    }

    /// The sites that an object of that name may be, or belong to.
    private func sites(of name: String?) throws(Failure) -> [HostedSite] {
        let sites = try objects().sites
        guard let name else { return sites }
        let site = String(name.prefix { $0 != "/" })
        return sites.filter { $0.name.isSame(as: site) }
    }

    private func row(_ site: HostedSite) -> Row {
        let (id, bindings) = (site.id, site.bindings.joined(separator: ","))
        let state = live()?.sites[site.name.lowercased()] ?? "Unknown"
        return Row(
            kind: .site, name: site.name,
            attributes: [("SITE.NAME", site.name), ("SITE.ID", id), ("bindings", bindings), ("state", state)],
            summary: "id:\(id),bindings:\(bindings),state:\(state)", element: site.element)
    }

    private func row(_ application: HostedApplication) -> Row {
        Row(
            kind: .app, name: application.name,
            attributes: [
                ("path", application.path), ("APP.NAME", application.name), ("APPPOOL.NAME", application.pool),
                ("SITE.NAME", application.site),
            ], summary: "applicationPool:\(application.pool)", element: application.element)
    }

    private func row(_ directory: HostedDirectory) -> Row {
        Row(
            kind: .vdir, name: directory.name,
            attributes: [
                ("VDIR.NAME", directory.name), ("physicalPath", directory.physicalPath), ("path", directory.path),
                ("APP.NAME", directory.application),
            ], summary: "physicalPath:\(directory.physicalPath)", element: directory.element)
    }

    private func row(_ pool: HostedPool) -> Row {
        let runtime = pool.element.string("managedRuntimeVersion")
        let mode = pool.element.member("managedPipelineMode")
        let state = live()?.pools[pool.name.lowercased()] ?? "Unknown"
        return Row(
            kind: .pool, name: pool.name,
            attributes: [
                ("APPPOOL.NAME", pool.name), ("PipelineMode", mode), ("RuntimeVersion", runtime), ("state", state),
            ], summary: "MgdVersion:\(runtime),MgdMode:\(mode),state:\(state)", element: pool.element)
    }

    /// Those whose connections are encrypted.
    private func secureBindings(_ site: HostedSite) -> [Row] {
        site.element.element("bindings").items.filter { $0.string("protocol").isSame(as: "https") }.map { binding in
            let name = "\(binding.string("protocol"))/\(binding.string("bindingInformation"))"
            let flags = binding.string("sslFlags")
            return Row(
                kind: .binding, name: name,
                attributes: [("BINDING.NAME", name), ("SITE.NAME", site.name), ("sslFlags", flags)],
                summary: "site:\(site.name),sslFlags:\(flags)", element: binding)
        }
    }

    private func row(_ worker: LiveState.Worker) -> Row {
        Row(
            kind: .wp, name: "\(worker.pid)",
            attributes: [("WP.NAME", "\(worker.pid)"), ("APPPOOL.NAME", worker.pool)],
            summary: "applicationPool:\(worker.pool)")
    }

    private func requests() throws(Failure) -> [Row] {
        let least: UInt64
        if let text = line["elapsed"] {
            guard let number = UInt64(text) else { throw .badOption("elapsed", text) }
            least = number
        } else {
            least = 0
        }
        guard let requests = try ask({ () throws(InstanceFailure) in try instance.requests() }) else { throw .noServer }
        let objects = try objects()
        return requests.filter { $0.milliseconds >= least }.map { request in
            let name = request.name
            let client = ["127.0.0.1", "::1"].contains(request.client) ? "localhost" : request.client
            return Row(
                kind: .request, name: name,
                attributes: [
                    ("REQUEST.NAME", name), ("verb", request.verb), ("url", request.url),
                    ("time", "\(request.milliseconds)"), ("client", client), ("stage", request.stage),
                    ("module", request.module), ("SITE.NAME", request.site),
                    ("SITE.ID", objects.site(request.site)?.id ?? ""),
                    ("APPPOOL.NAME", request.pool), ("WP.NAME", request.pid.map { "\($0)" } ?? ""),
                ],
                summary: "url:\(request.verb) \(request.url), time:\(request.milliseconds) msec, client:\(client), "
                    + "stage:\(request.stage), module:\(request.module)")
        }
    }
}
