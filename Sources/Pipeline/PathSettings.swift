public import Configuration

/// What the pipeline needs of one directory's configuration, compiled once.
public final class PathSettings {
    /// The effective configuration that all this was made from.
    public let configuration: PathConfiguration
    let modules: ModuleList
    let handlers: HandlerMapping
    let responseHeaders: ResponseHeaders
    let secureChannel: SecureChannel
    let unenforced: UnenforcedSection?

    init(
        _ configuration: PathConfiguration, definitions: [String: ModuleDefinition], enforced: Set<String>,
        traits: WorkerTraits
    ) throws(ConfigurationError) {
        self.configuration = configuration
        modules = try ModuleList(configuration, definitions: definitions, traits: traits)
        handlers = HandlerMapping(try configuration.section("system.webServer/handlers"), modules, traits)
        responseHeaders = try ResponseHeaders(try configuration.section("system.webServer/httpProtocol"))
        secureChannel = SecureChannel(try configuration.section("system.webServer/security/access"))
        unenforced = try UnenforcedSection.first(in: configuration, enforced: enforced)
    }
}
