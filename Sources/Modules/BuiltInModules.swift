public import Pipeline

/// Every module that is compiled in.
public enum BuiltInModules {
    /// - Parameters:
    ///   - files: the worker's cache of small files.
    ///   - services: what modules have of their worker.
    ///   - traits: the worker's own.
    public static func definitions(
        files: FileCache, services: any ModuleServices, traits: WorkerTraits = WorkerTraits()
    ) -> [ModuleDefinition] {
        let compression = WorkerCompression(services, clock: files.clock)
        return [
            AnonymousAuthenticationModule.definition,
            BasicAuthenticationModule.definition(services),
            ConfigurationValidationModule.definition(traits),
            CORSModule.definition,
            CustomErrorModule.definition(services),
            DefaultDocumentModule.definition(services),
            DirectoryListingModule.definition(services),
            DynamicCompressionModule.definition(compression),
            DynamicIPRestrictionModule.definition(services),
            HTTPCacheModule.definition(ResponseStore(), services, clock: files.clock),
            IPRestrictionModule.definition(HostNames(services)),
            HTTPRedirectionModule.definition,
            ProtocolSupportModule.definition,
            RequestFilteringModule.definition,
            StaticCompressionModule.definition(compression),
            StaticFileModule.definition(files, services),
            URLAuthorizationModule.definition,
        ]
    }
}
