public import Pipeline

/// Every module that is compiled in.
public enum BuiltInModules {
    /// - Parameter files: the worker's cache of small files.
    public static func definitions(files: FileCache) -> [ModuleDefinition] {
        [
            AnonymousAuthenticationModule.definition,
            CustomErrorModule.definition,
            DefaultDocumentModule.definition,
            DirectoryListingModule.definition,
            ProtocolSupportModule.definition,
            RequestFilteringModule.definition,
            StaticFileModule.definition(files),
            URLAuthorizationModule.definition,
        ]
    }
}
