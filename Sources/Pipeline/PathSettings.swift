import Configuration

/// What the pipeline needs of a directory's configuration, compiled once for all directories where the same holds.
public final class PathSettings {
    /// Kept because their identities are the key under which the settings are found.
    private let sections: SectionReadings
    let modules: ModuleList
    let handlers: HandlerMapping
    let responseHeaders: ResponseHeaders
    let secureChannel: SecureChannel
    let serverRuntime: ServerRuntime
    let unenforced: UnenforcedSection?
    /// Modules that are needed and not here.
    let missingModules: [String]

    init(
        _ configuration: PathConfiguration, sections: SectionReadings, definitions: [String: ModuleDefinition],
        enforced: Set<String>, traits: WorkerTraits
    ) throws(ConfigurationError) {
        self.sections = sections
        modules = try ModuleList(configuration, definitions: definitions, traits: traits)
        handlers = HandlerMapping(try configuration.section("system.webServer/handlers"), modules, traits)
        responseHeaders = try ResponseHeaders(try configuration.section("system.webServer/httpProtocol"))
        secureChannel = SecureChannel(try configuration.section("system.webServer/security/access"))
        serverRuntime = ServerRuntime(try configuration.section("system.webServer/serverRuntime"))
        missingModules = try MissingModules.names(
            configuration, modules, available: Set(definitions.keys), traits)
        unenforced = try UnenforcedSection.first(in: configuration, enforced: enforced)
    }

    /// Every section that settings are made from, when these modules are compiled in.
    static func sectionNames(_ definitions: [ModuleDefinition]) -> [String] {
        let own = [
            "system.webServer/globalModules", "system.webServer/handlers", "system.webServer/httpProtocol",
            "system.webServer/modules", "system.webServer/security/access", "system.webServer/serverRuntime",
        ]
        return Set(own + UnenforcedSection.names + MissingModules.sectionNames + definitions.flatMap(\.sections))
            .sorted()
    }
}
