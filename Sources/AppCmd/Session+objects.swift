internal import Configuration
internal import Operations

/// Adding, changing and deleting sites, applications, virtual directories and pools: all of a command at once.
extension Session {
    private var hostingKind: HostingEditor.Kind {
        switch kind {
        case .app: .application
        case .vdir: .directory
        case .pool: .pool
        default: .site
        }
    }

    private func editor() throws(Failure) -> HostingEditor {
        HostingEditor(try soundServer(), seal: { text throws(OperationError) in try self.seal(text) })
    }

    /// Has what the editor holds written, and says `said` when that is done. Objects of an import that were refused
    /// (`failure`) keep none of the others away.
    private func submit(_ editor: HostingEditor, _ said: [String], _ failure: Failure? = nil) throws(Failure) {
        if editor.file.isChanged {
            let file = PendingFile(ConfigurationPath(), editor.file, isNew: false)
            let server = try server()
            file.stored = try perform { () throws(OperationError) in
                let (document, stored) = try editor.file.applied()
                try ServerFileCheck.verify(
                    server, changedTo: document, in: [HostedObjects.sitesSection, HostedObjects.poolsSection])
                return stored
            }
            pending.append(file)
        }
        try commit()
        lines += said
        if let failure { throw failure }
    }

    // MARK: Adding

    func addObjects() throws(Failure) {
        let editor = try editor()
        guard line.input else {
            let said = try add(AddedObject(line), to: editor)
            return try submit(editor, said)
        }
        var said: [String] = []
        var failure: Failure?
        for object in try piped() where object.kind == kind {
            do throws(Failure) {
                said += try add(AddedObject(line, object), to: editor)
            } catch {
                if let failure { said += failure.lines }
                failure = error
            }
        }
        try submit(editor, said, failure)
    }

    private func add(_ object: AddedObject, to editor: HostingEditor) throws(Failure) -> [String] {
        let draft: DraftElement
        let name: String
        var said: [String] = []
        switch kind {
        case .site:
            let wanted = try object.required("name", of: "site")
            draft = try perform { () throws(OperationError) in try editor.addSite(wanted, id: object["id"]) }
            name = wanted
        case .app:
            let site = try object.required("site.name", of: "application")
            let path = try object.required("path", of: "application")
            draft = try parent(.site, site) { () throws(OperationError) in
                try editor.addApplication(to: site, path: path)
            }
            name = try perform { () throws(OperationError) in try editor.site(site)["name"] ?? site } + path
        case .vdir:
            let application = try object.required("app.name", of: "virtualDirectory")
            let path = try object.required("path", of: "virtualDirectory")
            draft = try parent(.app, application) { () throws(OperationError) in
                try editor.addDirectory(to: application, path: path)
            }
            name = (application.hasSuffix("/") ? String(application.dropLast()) : application) + path
        default:
            let wanted = try object.required("name", of: "add")
            draft = try perform { () throws(OperationError) in try editor.addPool(wanted) }
            name = wanted
        }
        do throws(Failure) {
            said.append("\(kind.name) object \(quoted(name)) added")
            try fill(draft, name, object, editor, &said)
        } catch {
            // Of a refused object nothing stays.
            _ = try? delete(name, in: editor)
            throw error
        }
        return said
    }

    /// What else an added object is given: its root, its bindings, its attributes.
    private func fill(
        _ draft: DraftElement, _ name: String, _ object: AddedObject, _ editor: HostingEditor, _ said: inout [String]
    ) throws(Failure) {
        if let element = object.configuration {
            try perform { () throws(OperationError) in try editor.fill(draft, hostingKind, from: element) }
        }
        if kind == .site, let bindings = object["bindings"], object.configuration == nil {
            try perform { () throws(OperationError) in try editor.setBindings(bindings, of: draft) }
        }
        if kind == .site || kind == .app, let folder = object["physicalPath"] {
            let application = kind == .site ? name + "/" : name
            try perform { () throws(OperationError) in
                if kind == .site { _ = try editor.addApplication(to: name, path: "/") }
                let root = try editor.addDirectory(to: application, path: "/")
                try editor.editor(of: root, .directory).set(ElementSelector("physicalPath"), to: folder)
            }
            if kind == .site { said.append("APP object \(quoted(application)) added") }
            said.append("VDIR object \(quoted(application.hasSuffix("/") ? application : application + "/")) added")
        }
        try apply(object.properties, to: draft, editor)
    }

    /// Of an object that another one holds: where there is no such other one, its kind is told.
    private func parent<Outcome>(
        _ kind: ObjectKind, _ name: String, _ body: () throws(OperationError) -> Outcome
    ) throws(Failure) -> Outcome {
        do throws(OperationError) {
            return try body()
        } catch {
            throw Failure(error, object: kind.name)
        }
    }

    private func apply(
        _ properties: [ArgumentLine.Property], to draft: DraftElement, _ editor: HostingEditor
    ) throws(Failure) {
        let own = try perform { () throws(OperationError) in try editor.editor(of: draft, hostingKind) }
        for property in properties {
            if kind == .site, property.sign == .none, property.name.isSame(as: "bindings") {
                try perform { () throws(OperationError) in
                    try editor.setBindings(property.value ?? "", of: draft)
                }
            } else {
                try perform { () throws(OperationError) in try own.apply(property) }
            }
        }
    }

    private func isKey(_ property: ArgumentLine.Property) -> Bool {
        ["name", "id", "path"].contains { $0.isSame(as: property.name) }
    }

    // MARK: Changing

    func setObjects() throws(Failure) {
        let editor = try editor()
        let properties = line.properties(except: [kind.nameAttribute])
        var said: [String] = []
        for target in try targets() {
            let (draft, name, holder) = try draft(target.name, in: editor, exactly: false)
            if let element = target.configuration {
                try perform { () throws(OperationError) in try editor.fill(draft, hostingKind, from: element) }
            }
            try apply(properties, to: draft, editor)
            if let holder, properties.contains(where: isKey) {
                try perform { () throws(OperationError) in try editor.checkKeys(of: draft, in: holder) }
            }
            said.append("\(kind.name) object \(quoted(name)) changed")
        }
        try submit(editor, said)
    }

    func deleteObjects() throws(Failure) {
        let editor = try editor()
        if let stranger = line.properties(except: [kind.nameAttribute]).first {
            throw .unknownAttribute(stranger.name)
        }
        var said: [String] = []
        for target in try targets() {
            let name = try delete(target.name, in: editor)
            said.append("\(kind.name) object \(quoted(name)) deleted")
        }
        try submit(editor, said)
    }

    private func delete(_ name: String, in editor: HostingEditor) throws(Failure) -> String {
        let known = try draft(name, in: editor, exactly: true).name
        try perform { () throws(OperationError) in
            switch kind {
            case .app: try editor.deleteApplication(known)
            case .vdir: try editor.deleteDirectory(known)
            case .pool: try editor.deletePool(known)
            default: try editor.deleteSite(known)
            }
        }
        return known
    }

    /// The objects that a verb is about: the one that is named, or those that are piped in, or that belong to them. Each
    /// is one, however many of what is piped in belong to it.
    func targets() throws(Failure) -> [(name: String, configuration: DocumentElement?)] {
        guard line.input else { return [(try requiredIdentifier(), nil)] }
        var targets: [(name: String, configuration: DocumentElement?)] = []
        var places: [String: Int] = [:]
        func add(_ name: String, _ configuration: DocumentElement?) {
            guard let place = places[name.lowercased()] else {
                places[name.lowercased()] = targets.count
                return targets.append((name, configuration))
            }
            if targets[place].configuration == nil { targets[place].configuration = configuration }
        }
        var known: RelatedRows?
        for object in try piped() {
            if let name = object.value(kind.nameAttribute) {
                add(name, object.kind == kind ? object.configuration : nil)
            } else if let relation = object.relation(to: kind) {
                if known == nil { known = RelatedRows(try rows(of: kind)) }
                for row in known?.related(to: relation) ?? [] { add(row.name, nil) }
            }
        }
        return targets
    }

    /// An object as it is edited, its name in the file's spelling, and the element that holds it.
    private func draft(
        _ name: String, in editor: HostingEditor, exactly: Bool
    ) throws(Failure) -> (element: DraftElement, name: String, holder: DraftElement?) {
        switch kind {
        case .site, .pool:
            let draft = try perform { () throws(OperationError) in
                try kind == .site ? editor.site(name) : editor.pool(name)
            }
            return (draft, draft["name"] ?? name, editor.holder(of: hostingKind))
        case .app:
            let (site, draft) = try perform { () throws(OperationError) in try editor.application(name) }
            guard name.contains("/") || !exactly else { throw .notExact(kind.name, verb.name) }
            return (draft, (site["name"] ?? "") + (draft["path"] ?? ""), site)
        default:
            if let (application, draft) = try? editor.directory(name) { return (draft, name, application) }
            let rooted = name + "/"
            guard let (application, draft) = try? editor.directory(rooted) else { throw .notFound(name, kind.name) }
            guard !exactly else { throw .notExact(kind.name, verb.name) }
            return (draft, rooted, application)
        }
    }
}

/// What is said of an object that is to be added: on the command line, or by another appcmd's XML.
struct AddedObject {
    private let line: ArgumentLine
    private let piped: PipedObject?

    init(_ line: ArgumentLine, _ piped: PipedObject? = nil) {
        self.line = line
        self.piped = piped
    }

    var configuration: DocumentElement? { piped?.configuration }

    /// Where XML says what a parameter says on the line.
    private static let names: [ObjectKind: [String: String]] = [
        .site: ["name": "SITE.NAME", "id": "SITE.ID", "bindings": "bindings"],
        .app: ["site.name": "SITE.NAME", "path": "path"], .vdir: ["app.name": "APP.NAME", "path": "path"],
        .pool: ["name": "APPPOOL.NAME"],
    ]

    /// Attributes of the XML form that are attributes of the configuration too.
    private static let attributes: [ObjectKind: [String: String]] = [
        .app: ["APPPOOL.NAME": "applicationPool"], .vdir: ["physicalPath": "physicalPath"],
        .pool: ["PipelineMode": "managedPipelineMode", "RuntimeVersion": "managedRuntimeVersion"],
    ]

    private static let parameters = ["name", "id", "site.name", "app.name", "bindings", "path"]

    subscript(_ name: String) -> String? {
        if let value = line[name] { return value }
        guard let piped, let attribute = Self.names[piped.kind]?[name] else { return nil }
        return piped.value(attribute)
    }

    /// In the words of an item that lacks a required attribute.
    func required(_ name: String, of element: String) throws(Failure) -> String {
        if let value = self[name] { return value }
        throw .refusedItem(element, "Missing required attribute '\(name)'", isDuplicate: false)
    }

    /// What the object is given besides.
    var properties: [ArgumentLine.Property] {
        // A root's folder is no attribute of the site or application.
        let isRoot = line.object.flatMap(ObjectKind.init(word:)).map { $0 == .site || $0 == .app } ?? false
        let own = line.properties(except: Self.parameters + (isRoot ? ["physicalPath"] : []))
        guard let piped, configuration == nil else { return own }
        let given = (Self.attributes[piped.kind] ?? [:]).sorted { $0.key < $1.key }.compactMap { name, attribute in
            piped.value(name).flatMap { value in
                value.isEmpty ? nil : ArgumentLine.Property(name: attribute, value: value)
            }
        }
        return given + own
    }
}

extension SectionEditor {
    /// Does what a parameter of `set` says.
    func apply(_ property: ArgumentLine.Property) throws(OperationError) {
        let selector = try ElementSelector(property.name)
        switch property.sign {
        case .add: try add(selector)
        case .remove: try remove(selector)
        case .none:
            guard let value = property.value else { throw .missingValue(property.name) }
            try set(selector, to: value)
        }
    }
}
