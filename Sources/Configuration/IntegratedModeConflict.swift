/// A setting of ASP.NET that does not hold in an application pool in integrated mode (reference §5.1, `validation`).
///
/// In integrated mode modules and handlers stand in `system.webServer`, and no early stage runs as the client's user; IIS
/// would rather tell than ignore what `system.web` says of them.
public struct IntegratedModeConflict: Sendable {
    /// In the order in which IIS looks.
    public enum Setting: CaseIterable, Sendable {
        case httpModules
        case httpHandlers
        case impersonation
    }

    public let setting: Setting
    public let file: String
    public let line: Int

    /// The sections that decide, for whoever keeps what was found.
    public static let sections = ["system.web/httpModules", "system.web/httpHandlers", "system.web/identity"]

    /// What is set, as its file writes it.
    public var text: String {
        switch setting {
        case .httpModules: "system.web/httpModules"
        case .httpHandlers: "system.web/httpHandlers"
        case .impersonation: "system.web/identity with impersonate=\"true\""
        }
    }

    /// With which IIS tells it, beside the status 500.
    public var subStatus: Int {
        switch setting {
        case .httpModules: 22
        case .httpHandlers: 23
        case .impersonation: 24
        }
    }

    /// The first that holds at the place; nil where none does, or `validateIntegratedModeConfiguration` wants none told.
    public static func first(at configuration: PathConfiguration) throws(ConfigurationError) -> IntegratedModeConflict?
    {
        guard try configuration.section("system.webServer/validation").bool("validateIntegratedModeConfiguration")
        else { return nil }
        for setting in Setting.allCases {
            if let element = setting.element(at: configuration) {
                return IntegratedModeConflict(setting: setting, file: element.document.path, line: element.line)
            }
        }
        return nil
    }
}

extension IntegratedModeConflict.Setting {
    /// The deepest element that sets it. An empty one sets nothing.
    fileprivate func element(at configuration: PathConfiguration) -> DocumentElement? {
        func deepest(_ name: String, where isMeant: (DocumentElement) -> Bool) -> DocumentElement? {
            configuration.foreignElements(of: "system.web/\(name)")?.last(where: isMeant)
        }
        func hasContent(_ element: DocumentElement) -> Bool {
            element.hasChildren || element[ReservedAttributes.configSource] != nil
        }
        switch self {
        case .httpModules: return deepest("httpModules", where: hasContent)
        case .httpHandlers: return deepest("httpHandlers", where: hasContent)
        case .impersonation:
            let deciding = deepest("identity") { $0["impersonate"] != nil }
            return deciding?["impersonate"]?.lowercased() == "true" ? deciding : nil
        }
    }
}
