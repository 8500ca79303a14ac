import AspNetCoreModule
import Configuration
import HostModel
import Modules
import Pipeline
import Platform
import Wire

/// One version of the pool's configuration, as the master handed it over: lines and sites of other pools are left out.
struct WorkerConfiguration {
    let server: ServerConfiguration
    let model: HostModel
    /// By their names in lower case.
    let sites: [String: Site]
    let pool: ApplicationPool?
    var schema: Schema { server.schema }

    /// The largest file and as much again of schema files. Unit: bytes.
    private static let memoryLimit = 2 * FileReader.usualLimit

    /// - Parameters:
    ///   - memory: the bytes of the schema files and of the slice.
    init(_ slice: ControlMessage.Slice, _ memory: borrowing FileDescriptor) throws {
        let bytes = try memory.memoryContents(limit: Self.memoryLimit)
        var rest = bytes[...]
        var schemaFiles: [(path: String, bytes: [UInt8])] = []
        for file in slice.schemaFiles {
            guard rest.count >= Int(file.size) else {
                throw ConfigurationError(file: file.path, line: 0, "The schema file arrived cut short")
            }
            schemaFiles.append((file.path, Array(rest.prefix(Int(file.size)))))
            rest = rest.dropFirst(Int(file.size))
        }
        server = try ServerConfiguration(
            bytes: Array(rest), path: slice.path, schemaFiles: schemaFiles,
            variables: ["HOSTELRY_CONFIG_DIR": slice.folder])
        model = HostModel.build(server)
        sites = Dictionary(model.sites.map { ($0.name.lowercased(), $0) }) { first, _ in first }
        pool = model.poolsByName()[slice.poolName.lowercased()]
    }

    /// What paths mean in this version.
    ///
    /// What of the configuration has no effect is reported to `services`; `observer` hears of the web.config files that are
    /// read.
    func resolver(
        files: FileCache, services: any ModuleServices, applications: ApplicationManager,
        observer: (any WebConfigObserver)?
    ) -> PathResolver {
        let system = ConfigurationSystem(
            server: server, recheckInterval: .milliseconds(Int(PathResolver.recheckInterval)), observer: observer,
            layout: model.layouts())
        let traits = pool.map { WorkerTraits($0) } ?? WorkerTraits()
        if let pool { applications.use(system, model, pool: pool) }
        return PathResolver(
            model: model, system: system,
            definitions: BuiltInModules.definitions(files: files, services: services, traits: traits)
                + BackendModule.definitions(applications), traits: traits,
            report: services.report)
    }
}
