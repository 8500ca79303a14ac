public import Configuration

/// What makes a native module and its section known to a server: entries of applicationHost.config, and no handler, which
/// is for each application to say.
public struct ModuleRegistration: Sendable {
    /// For example `AspNetCoreModuleV2`.
    public let module: String
    /// For example `system.webServer/aspNetCore`.
    public let section: String

    public init(module: String, section: String) {
        self.module = module
        self.section = section
    }

    /// The ASP.NET Core Module, as its installer registers it.
    public static let aspNetCore = ModuleRegistration(
        module: "AspNetCoreModuleV2", section: "system.webServer/aspNetCore")

    private static let globalModules = "system.webServer/globalModules"
    private static let modules = "system.webServer/modules"

    public enum Entry: Equatable, Sendable, CaseIterable {
        /// In `configSections`, open to web.config files.
        case section
        case globalModule
        case module
    }

    /// As a person reads it, for example `<section name="aspNetCore"> in configSections`.
    public func text(_ entry: Entry) -> String {
        switch entry {
        case .section: "the section \(section) in configSections"
        case .globalModule: "\(module) in globalModules"
        case .module: "\(module) in modules"
        }
    }

    /// What does not hold yet, whether a file says so or what is built in beneath it.
    public func missing(in server: ServerConfiguration) -> [Entry] {
        Entry.allCases.filter { entry in
            switch entry {
            case .section: server.file.declarations.sections[section] == nil
            case .globalModule: !lists(Self.globalModules, in: server)
            case .module: !lists(Self.modules, in: server)
            }
        }
    }

    private func lists(_ list: String, in server: ServerConfiguration) -> Bool {
        server.section(list).items.contains { $0.string("name").isSame(as: module) }
    }

    public func add(_ entries: [Entry], to file: DraftFile) {
        for entry in entries {
            switch entry {
            case .section:
                let names = section.split(separator: "/").map(String.init)
                let group = names.dropLast().reduce(file.root.childMade("configSections")) { holder, name in
                    Self.group(name, in: holder) ?? Self.appended("sectionGroup", [("name", name)], to: holder)
                }
                let last = names[names.count - 1]
                _ = Self.appended("section", [("name", last), ("overrideModeDefault", "Allow")], to: group)
            case .globalModule: append(to: file.sectionMade(Self.globalModules, at: ""))
            case .module: append(to: file.sectionMade(Self.modules, at: ""))
            }
        }
    }

    private func append(to list: DraftElement) { _ = Self.appended("add", [("name", module)], to: list) }

    private static func appended(
        _ name: String, _ attributes: [(name: String, value: String)], to holder: DraftElement
    ) -> DraftElement {
        let made = DraftElement(name, attributes: attributes)
        holder.append(made)
        return made
    }

    private static func group(_ name: String, in holder: DraftElement) -> DraftElement? {
        holder.children.first { $0.name == "sectionGroup" && $0["name"] == name }
    }

    /// Takes away what the file itself says, and answers what that was.
    public func remove(from file: DraftFile) -> [Entry] {
        var removed: [Entry] = []
        let names = section.split(separator: "/").map(String.init)
        var holder = file.root.child("configSections")
        for name in names.dropLast() { holder = holder.flatMap { Self.group(name, in: $0) } }
        let declaration = holder?.children.first { $0.name == "section" && $0["name"] == names.last }
        if let holder, let declaration {
            holder.remove(declaration)
            removed.append(.section)
        }
        for (entry, list) in [(Entry.globalModule, Self.globalModules), (.module, Self.modules)] {
            guard let list = file.section(list, at: "") else { continue }
            for element in list.children where element.name == "add" && (element["name"] ?? "").isSame(as: module) {
                list.remove(element)
                removed.append(entry)
            }
        }
        return removed
    }
}
