/// The deepest level where a section may be written.
public enum AllowDefinition: String, CaseIterable, Sendable {
    case everywhere = "Everywhere"
    case machineOnly = "MachineOnly"
    case machineToRootWeb = "MachineToRootWeb"
    case machineToApplication = "MachineToApplication"
    case appHostOnly = "AppHostOnly"

    /// The level that `text` names in any case of letters.
    init?(text: String) {
        let name = text.lowercased()
        // .NET's spelling of the same level.
        let wanted = name == "machinetowebroot" ? "machinetorootweb" : name
        guard let level = Self.allCases.first(where: { $0.rawValue.lowercased() == wanted }) else { return nil }
        self = level
    }
}

/// Whether levels below may write a section.
public enum OverrideMode: String, CaseIterable, Sendable {
    case inherit = "Inherit"
    case allow = "Allow"
    case deny = "Deny"

    /// The mode that `text` names in any case of letters.
    init?(text: String) {
        let name = text.lowercased()
        guard let mode = Self.allCases.first(where: { $0.rawValue.lowercased() == name }) else { return nil }
        self = mode
    }
}

/// One `<section>` of `configSections` (reference §2.1).
public struct SectionDeclaration: Sendable {
    /// For example `system.webServer/security/access`.
    public let path: String
    public let allowDefinition: AllowDefinition
    public let overrideModeDefault: OverrideMode
    public let allowsLocation: Bool
    public let file: String
    public let line: Int

    fileprivate func declaresTheSame(as other: SectionDeclaration) -> Bool {
        path == other.path && allowDefinition == other.allowDefinition
            && overrideModeDefault == other.overrideModeDefault && allowsLocation == other.allowsLocation
    }
}

/// The sections and groups that a file and those above it declare.
public struct SectionDeclarations: Sendable {
    public private(set) var sections: [String: SectionDeclaration] = [:]
    private var groups: Set<String> = []

    /// What stands above every server file. `configProtectedData` is the one section of .NET's that the server reads.
    static let machine: SectionDeclarations = {
        var machine = SectionDeclarations()
        machine.sections["configProtectedData"] = SectionDeclaration(
            path: "configProtectedData", allowDefinition: .everywhere, overrideModeDefault: .allow,
            allowsLocation: true,
            file: "built-in", line: 0)
        return machine
    }()

    /// Whether the same sections may stand in the same places, wherever that is written.
    public func declaresTheSame(as other: SectionDeclarations) -> Bool {
        groups == other.groups && sections.count == other.sections.count
            && sections.allSatisfy { path, section in other.sections[path].map(section.declaresTheSame) ?? false }
    }

    public func isGroup(_ path: String) -> Bool { groups.contains(path) }

    /// Adds what a `configSections` element declares; what is declared above cannot be declared again.
    mutating func add(_ configSections: DocumentElement, problems: inout [ConfigurationError]) {
        addGroup(configSections, prefix: "", problems: &problems)
    }

    private mutating func addGroup(_ group: DocumentElement, prefix: String, problems: inout [ConfigurationError]) {
        for element in group.children {
            guard ["section", "sectionGroup", "remove", "clear"].contains(element.name) else {
                problems.append(.at(element, "Unrecognized element '\(element.name)'"))
                continue
            }
            guard element.name.hasPrefix("section") else { continue }
            guard let name = element["name"], !name.isEmpty else {
                problems.append(.at(element, "Missing required attribute 'name'"))
                continue
            }
            let path = prefix + name
            if element.name == "sectionGroup" {
                groups.insert(path)
                addGroup(element, prefix: path + "/", problems: &problems)
            } else {
                addSection(element, path: path, problems: &problems)
            }
        }
    }

    private mutating func addSection(_ element: DocumentElement, path: String, problems: inout [ConfigurationError]) {
        if sections[path] != nil {
            problems.append(.at(element, "There is a duplicate '\(path)' section defined", code: .duplicate))
            return
        }
        let definition = element["allowDefinition"].map { AllowDefinition(text: $0) } ?? .everywhere
        let mode = element["overrideModeDefault"].map { OverrideMode(text: $0) } ?? .allow
        guard let definition else {
            let names = "MachineOnly, MachineToRootWeb, MachineToApplication, AppHostOnly, Everywhere"
            problems.append(.at(element, "The 'allowDefinition' attribute is invalid.  Enum must be one of \(names)"))
            return
        }
        guard let mode, mode != .inherit else {
            problems.append(
                .at(element, "The 'overrideModeDefault' attribute is invalid.  Enum must be one of Allow, Deny"))
            return
        }
        sections[path] = SectionDeclaration(
            path: path, allowDefinition: definition, overrideModeDefault: mode,
            allowsLocation: element["allowLocation"]?.lowercased() != "false", file: element.document.path,
            line: element.line)
    }
}

extension ConfigurationError {
    /// An error of `element`'s line.
    static func at(
        _ element: DocumentElement, _ message: String, detail: String = "", code: Code = .invalidData
    ) -> ConfigurationError {
        ConfigurationError(
            file: element.document.path, line: element.line, message, detail: detail, code: code,
            position: element.span.lowerBound)
    }
}
