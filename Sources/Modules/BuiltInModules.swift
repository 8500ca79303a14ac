public import Pipeline

/// Every module that is compiled in.
public enum BuiltInModules {
    /// - Parameters:
    ///   - files: the worker's cache of small files.
    ///   - services: what modules have of their worker.
    public static func definitions(files: FileCache, services: any ModuleServices) -> [ModuleDefinition] {
        [
            AnonymousAuthenticationModule.definition,
            CustomErrorModule.definition,
            DefaultDocumentModule.definition,
            DirectoryListingModule.definition,
            HTTPCacheModule.definition(ResponseStore(), services),
            ProtocolSupportModule.definition,
            RequestFilteringModule.definition,
            StaticFileModule.definition(files, services),
            URLAuthorizationModule.definition,
        ]
    }
}
