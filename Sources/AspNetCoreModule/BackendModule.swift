import Configuration
public import Pipeline

/// The handler that lets an application's own program answer. It is called at no stage: handlers name it.
public final class BackendModule: Module {
    private let manager: ApplicationManager?
    private let dialect: BackendSettings.Dialect

    private init(_ manager: ApplicationManager?, _ dialect: BackendSettings.Dialect) {
        self.manager = manager
        self.dialect = dialect
    }

    /// All of them. `AspNetCoreModule`, version 1, is another name of version 2.
    ///
    /// - Parameter manager: nil where requests are looked at and not served.
    public static func definitions(_ manager: ApplicationManager?) -> [ModuleDefinition] {
        let core = BackendModule(manager, .aspNetCore)
        let platform = BackendModule(manager, .httpPlatform)
        return [
            definition("AspNetCoreModuleV2", alias: "AspNetCoreModule", core),
            definition("AspNetCoreModule", alias: "AspNetCoreModuleV2", core),
            definition("httpPlatformHandler", platform),
        ]
    }

    /// Their section is read for a whole application, and what is wrong with it is the application's failure (event 1034),
    /// not its path's (500.19).
    private static func definition(
        _ name: String, alias: String? = nil, _ module: BackendModule
    ) -> ModuleDefinition {
        ModuleDefinition(name: name, alias: alias, sections: []) { _ in module }
    }

    public func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        // Whoever looks at requests without serving them answers in the module's place.
        guard let manager, let program = manager.program(of: request, dialect) else {
            return request.refuse(manager?.isEnding == true ? .applicationStopping : .notFound)
        }
        return program.handle(request, request.resolution.configuration?.applicationRoot, dialect)
    }
}
