internal import Configuration
internal import Operations

/// Modules of the server or an application: `system.webServer/modules`, and `globalModules` for native ones.
extension Session {
    private static let enabled = "system.webServer/modules"
    private static let installed = "system.webServer/globalModules"

    private func modulesPath() throws(Failure) -> ConfigurationPath { try path(of: line["app.name"] ?? "") }

    func modules() throws(Failure) -> [Row] {
        let path = try modulesPath()
        let items: [Element]
        let native: Set<String>
        let system = try system()
        do throws(ConfigurationError) {
            items = try system.configuration(at: path).section(Self.enabled).items
            native = Set(system.server.section(Self.installed).items.map { $0.string("name").lowercased() })
        } catch {
            throw .configuration(error)
        }
        return items.map { item in
            let (name, type) = (item.string("name"), item.string("type"))
            let condition = item.string("preCondition")
            let isNative = type.isEmpty && native.contains(name.lowercased())
            let kind = isNative ? "native" : "type:\(type)"
            return Row(
                kind: .module, name: name,
                attributes: [
                    ("MODULE.NAME", name), (isNative ? "native" : "type", isNative ? "true" : type),
                    ("preCondition", condition),
                ], summary: " \(kind), preCondition:\(condition) ", element: item)
        }
    }

    func edit(
        _ section: String, at path: ConfigurationPath, _ body: (SectionEditor) throws(OperationError) -> Void
    ) throws(Failure) {
        _ = try change(section, at: path) { editor throws(Failure) in
            try perform { () throws(OperationError) in
                try body(try editor.editor(seal: { text throws(OperationError) in try self.seal(text) }))
            }
        }
    }

    private static func item(_ name: String, _ more: [ElementSelector.Item.Key] = []) -> ElementSelector {
        ElementSelector(steps: [.item(.init([.init("name", name)] + more))])
    }

    private func keys(_ names: [String]) -> [ElementSelector.Item.Key] {
        names.compactMap { name in line[name].map { ElementSelector.Item.Key(name, $0) } }
    }

    private func moduleName() throws(Failure) -> String {
        guard let name = line["name"], !name.isEmpty else {
            throw .refusedItem("add", "Missing required attribute 'name'", isDuplicate: false)
        }
        return name
    }

    func addModule() throws(Failure) {
        let name = try moduleName()
        let keys = keys(["type", "preCondition", "lockItem"])
        if let stranger = line.properties(except: ["name", "type", "preCondition", "lockItem", "app.name"]).first {
            throw .unknownAttribute(stranger.name)
        }
        try edit(Self.enabled, at: try modulesPath()) { editor throws(OperationError) in
            try editor.add(Self.item(name, keys))
        }
        lines.append("MODULE object \(quoted(name)) added")
    }

    func setModule() throws(Failure) {
        let name = try existing(requiredIdentifier())
        let properties = line.properties(except: ["app.name", kind.nameAttribute])
        try edit(Self.enabled, at: try modulesPath()) { editor throws(OperationError) in
            for property in properties {
                var selector = Self.item(name)
                selector.steps += try ElementSelector(property.name).steps
                guard let value = property.value else { throw .missingValue(property.name) }
                try editor.set(selector, to: value)
            }
        }
        lines.append("MODULE object \(quoted(name)) changed")
    }

    func deleteModule() throws(Failure) {
        for target in try targets() {
            let name = try existing(target.name)
            try edit(Self.enabled, at: try modulesPath()) { editor throws(OperationError) in
                try editor.remove(Self.item(name))
            }
            lines.append("MODULE object \(quoted(name)) deleted")
        }
    }

    private func existing(_ name: String) throws(Failure) -> String {
        guard let row = try modules().first(where: { $0.name.isSame(as: name) }) else {
            throw .notFound(name, kind.name)
        }
        return row.name
    }

    /// Both sections in one file are one change.
    func installModule() throws(Failure) {
        let name = try moduleName()
        guard let image = line["image"] else {
            throw .refusedItem("add", "Missing required attribute 'image'", isDuplicate: false)
        }
        let isEnabled = try line.flag("add", default: true)
        let isLocked = try line.flag("lock", default: false)
        let conditions = keys(["preCondition"])
        _ = try change(Self.installed, at: ConfigurationPath()) { editor throws(Failure) in
            try perform { () throws(OperationError) in
                let seal: SectionEditor.Seal = { text throws(OperationError) in try self.seal(text) }
                try editor.editor(seal: seal).add(Self.item(name, [.init("image", image)] + conditions))
                guard isEnabled else { return }
                let lock = isLocked ? [ElementSelector.Item.Key("lockItem", "true")] : []
                try enabledModules(editor)?.editor(seal: seal).add(Self.item(name, conditions + lock))
            }
        }
        lines.append("GLOBAL MODULE object \(quoted(name)) added")
        if isEnabled { lines.append("MODULE object \(quoted(name)) added") }
    }

    func uninstallModule() throws(Failure) {
        let name = try requiredIdentifier()
        let isRemoved = try line.flag("remove", default: true)
        var wasEnabled = false
        _ = try change(Self.installed, at: ConfigurationPath()) { editor throws(Failure) in
            try perform { () throws(OperationError) in
                let seal: SectionEditor.Seal = { text throws(OperationError) in try self.seal(text) }
                try editor.editor(seal: seal).remove(Self.item(name))
                guard isRemoved, let enabled = try enabledModules(editor)?.editor(seal: seal) else { return }
                do throws(OperationError) {
                    try enabled.remove(Self.item(name))
                    wasEnabled = true
                } catch .noSuchItem {
                    // It was not enabled.
                }
            }
        }
        lines.append("GLOBAL MODULE object \(quoted(name)) deleted")
        if wasEnabled { lines.append("MODULE object \(quoted(name)) deleted") }
    }

    private func enabledModules(_ editor: ConfigurationEditor) -> ConfigurationEditor? {
        ConfigurationEditor(
            editor.system, section: Self.enabled, at: editor.path, in: editor.file, of: editor.commitPath)
    }
}
