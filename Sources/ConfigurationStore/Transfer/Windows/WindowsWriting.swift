internal import Configuration

/// Goes through a file of this server once, collecting changes and rows for Windows.
struct WindowsWriting {
    private(set) var edit: DocumentEdit
    private(set) var rows: [WindowsExport.Row] = []
    private let server: ServerConfiguration
    private let mapping: WindowsImport.Mapping

    init(_ server: ServerConfiguration, _ mapping: WindowsImport.Mapping) {
        self.server = server
        self.mapping = mapping
        edit = DocumentEdit(server.file.document)
    }

    mutating func write() {
        if let sections = server.file.document.root.child("configSections") { write(declarations: sections, path: "") }
        for occurrence in server.file.occurrences {
            if let schema = server.schema.section(occurrence.section) {
                write(occurrence.element, schema, occurrence.section)
            }
            if occurrence.section == "system.webServer/globalModules" { look(at: occurrence.element) }
        }
    }

    /// Windows refuses a section that is declared and that it does not know.
    private mutating func write(declarations group: DocumentElement, path: String) {
        for element in group.children {
            guard let name = element["name"] else { continue }
            let whole = path.isEmpty ? name : "\(path)/\(name)"
            if element.name == "sectionGroup" {
                write(declarations: element, path: whole)
            } else if server.schema.section(whole)?.isOurs == true {
                edit.remove(element)
            }
        }
    }

    private mutating func write(_ element: DocumentElement, _ schema: ElementSchema, _ section: String) {
        guard !schema.isOurs else {
            edit.remove(element)
            add(element, section, nil, "", .leftOut, "only this server has it")
            return
        }
        for attribute in element.attributes {
            guard let known = schema.attribute(attribute.name) else { continue }
            write(attribute, known, of: element, section)
        }
        for child in element.children {
            if let known = schema.collection?.item(child.name) ?? schema.element(child.name) {
                write(child, known, section)
            }
        }
    }

    private mutating func write(
        _ attribute: DocumentAttribute, _ known: AttributeSchema, of element: DocumentElement, _ section: String
    ) {
        let (name, value) = (attribute.name, attribute.value)
        if known.isOurs {
            edit.remove(name, from: element)
            add(element, section, name, known.isSecret ? "" : value, .leftOut, "only this server has it")
        } else if known.isEncrypted {
            write(secret: value, name, of: element, section)
        } else if known.isExpanded {
            write(path: value, known, of: element, section)
        } else if name == "userName", element.name == "processModel", !value.isEmpty, !value.contains("\\"),
            !value.contains("@")
        {
            write(account: value, of: element, section)
        }
    }

    private mutating func write(
        secret value: String, _ name: String, of element: DocumentElement, _ section: String
    ) {
        guard !value.isEmpty else { return }
        let encrypted = EncryptedText(value)
        if let encrypted, encrypted.provider != HostelryAesProvider.name {
            guard !encrypted.payload.isEmpty else { return }
            add(
                element, section, name, "", .decide,
                "kept as it is: only the machine whose key sealed it (\(encrypted.provider)) opens it")
            return
        }
        edit.remove(name, from: element)
        // The empty string needs no decision.
        if encrypted?.payload.isEmpty == true { return }
        add(element, section, name, "", .secret, "no key of Windows opens it; set it anew there")
    }

    private mutating func write(
        path written: String, _ known: AttributeSchema, of element: DocumentElement, _ section: String
    ) {
        let path = server.environment.expand(written)
        guard path.hasPrefix("/"), !path.hasPrefix("/?") else { return }
        let value = known.isSecret ? "" : written
        if let there = mapping.paths.windows(of: path) {
            edit.set(known.name, to: there, on: element)
            add(element, section, known.name, value, .replaced, known.isSecret ? "its folder is mapped" : there)
        } else {
            add(
                element, section, known.name, value, .decide,
                "a file or folder of this machine; say where it lies there: --map 'WINDOWS=HERE'")
        }
    }

    private mutating func write(account: String, of element: DocumentElement, _ section: String) {
        let there = mapping.accounts.filter { $0.value == account }.map(\.key).sorted().first
        if let there {
            edit.set("userName", to: there, on: element)
            add(element, section, "userName", account, .replaced, there)
        } else {
            add(
                element, section, "userName", account, .decide,
                "an account of this machine; say which one stands for it: --account 'WINDOWS=\(account)'")
        }
    }

    /// Here modules are compiled in.
    private mutating func look(at modules: DocumentElement) {
        let count = modules.children.count { $0.name == "add" && ($0["image"] ?? "").isEmpty }
        guard count > 0 else { return }
        add(
            modules, "system.webServer/globalModules", nil, "", .decide,
            "\(count) modules name no library, which Windows needs; keep this section, modules and handlers as the machine "
                + "there has them")
    }

    private mutating func add(
        _ element: DocumentElement, _ section: String, _ attribute: String?, _ value: String,
        _ outcome: WindowsExport.Row.Outcome, _ note: String
    ) {
        rows.append(
            WindowsExport.Row(
                line: element.line, section: section,
                attribute: attribute.map { "\(element.name)/\($0)" } ?? element.name, value: value, outcome: outcome,
                note: note))
    }
}
