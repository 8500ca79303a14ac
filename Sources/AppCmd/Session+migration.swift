internal import Configuration
internal import Operations

/// What a site's or application's web.config has in `system.web` for the classic pipeline, added where the integrated one
/// reads it. The old sections stay for the classic one, and the check that refuses them (500.22, 500.23) is turned off, as
/// IIS does it.
extension Session {
    private static let modules = "system.webServer/modules"
    private static let handlers = "system.webServer/handlers"
    private static let validation = "system.webServer/validation"

    func migrateConfiguration() throws(Failure) {
        let path = try path(of: try requiredIdentifier())
        guard path.site != nil else { throw .notFound("\(path)", ObjectKind.app.name) }
        var migrated: [String] = []
        try migrate("httpModules", to: Self.modules, at: path, &migrated) { item in
            guard let name = item["name"], let type = item["type"] else { return nil }
            return [.init("name", name), .init("type", type), .init("preCondition", "managedHandler")]
        }
        try migrate("httpHandlers", to: Self.handlers, at: path, &migrated) { item in
            guard let path = item["path"], let verb = item["verb"], let type = item["type"] else { return nil }
            return [
                .init("name", "\(path)_\(verb)"), .init("path", path), .init("verb", verb), .init("type", type),
                .init("preCondition", "integratedMode"),
            ]
        }
        guard !migrated.isEmpty else {
            lines.append("No section of \(quoted("\(path)")) has to be migrated.")
            return
        }
        try edit(Self.validation, at: path) { editor throws(OperationError) in
            try editor.set(ElementSelector("validateIntegratedModeConfiguration"), to: "false")
        }
        try commit()
        lines += migrated.map { "Successfully migrated section \(quoted("system.web/\($0)"))." }
    }

    /// - Parameter keys: what an item of the old section is in the new one; nil for what is none.
    private func migrate(
        _ name: String, to section: String, at path: ConfigurationPath, _ migrated: inout [String],
        _ keys: (DraftElement) -> [ElementSelector.Item.Key]?
    ) throws(Failure) {
        var isMigrated = false
        _ = try change(section, at: path) { editor throws(Failure) in
            let items = (editor.file.root.child("system.web")?.child(name)?.children ?? []).filter { $0.name == "add" }
            guard !items.isEmpty else { return }
            isMigrated = true
            try perform { () throws(OperationError) in
                let own = try editor.editor(seal: { text throws(OperationError) in try self.seal(text) })
                for item in items {
                    guard let keys = keys(item) else { continue }
                    do throws(OperationError) {
                        try own.add(ElementSelector(steps: [.item(.init(keys))]))
                    } catch .refusedItem(_, _, isDuplicate: true) {
                        // It has been migrated before.
                    }
                }
            }
        }
        if isMigrated { migrated.append(name) }
    }
}
