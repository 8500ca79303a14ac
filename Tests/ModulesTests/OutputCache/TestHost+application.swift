import Modules
import Pipeline
import PipelineTesting
import Platform

extension TestHost {
    /// One with every module, whose `*.app` is answered by `application`, and that keeps what is asked for once.
    static func cachingFrequentHits(of application: any Module, _ services: TestServices) throws -> TestHost {
        // It takes the place of a module that has nothing to do with the output cache.
        let name = "ProtocolSupportModule"
        // Late enough for what was written just now to count as settled.
        let files = FileCache { FileStamp.now() + 1_000_000_000 }
        let others = BuiltInModules.definitions(files: files, services: services).filter { $0.name != name }
        return try TestHost(
            others + [ModuleDefinition(name: name, sections: []) { _ in application }],
            server: """
                <system.webServer><handlers><add name="App" path="*.app" verb="*" modules="\(name)"/>
                </handlers><serverRuntime frequentHitThreshold="1"/></system.webServer>
                """)
    }
}
