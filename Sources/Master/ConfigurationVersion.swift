import Configuration
import ConfigurationStore
import HostModel
import Platform

/// One version of the configuration as it was read: the file, and the model made of it.
struct ConfigurationVersion: Sendable {
    let hosted: HostConfiguration
    private let schemaStamps: SchemaStamps
    /// Where it was read.
    let file: FileInForce
    /// The file's path.
    var path: String { file.path }

    var model: HostModel { hosted.model }
    /// Sections of the server level.
    var server: ServerConfiguration { hosted.server }
    /// What is wrong now and was not in the version before.
    var newProblems: [Problem] { hosted.newProblems }

    /// Reads the local file and builds the model. Throws for what is unreadable or malformed; whatever else is wrong is a
    /// problem of the model.
    static func read(_ path: String, state: String) throws(ConfigurationError) -> ConfigurationVersion {
        let file = FileInForce(local: path)
        return try of(ServerConfiguration.bytes(ofFile: path), in: file, state: state)
    }

    /// The same of a file that has been read.
    static func of(
        _ bytes: [UInt8], in file: FileInForce, state: String
    ) throws(ConfigurationError) -> ConfigurationVersion {
        let stamps = SchemaStamps.of(file.schemaFolder)
        let hosted = try HostConfiguration.of(file.configuration(bytes, variables: ["HOSTELRY_STATE": state]))
        // Parsing a large file leaves much behind.
        HeapMemory.release()
        return ConfigurationVersion(hosted: hosted, schemaStamps: stamps, file: file)
    }

    /// The version that the local file holds now; nil where it is this one.
    func next() -> Result<ConfigurationVersion?, ConfigurationError> {
        let local = FileInForce(local: file.local)
        return Result { () throws(ConfigurationError) in
            try next(ServerConfiguration.bytes(ofFile: local.path), in: local)
        }
    }

    /// The version that `bytes`, as on disk, make in `file`; nil where it is this one.
    func next(_ bytes: [UInt8], in file: FileInForce) throws(ConfigurationError) -> ConfigurationVersion? {
        let stamps = SchemaStamps.of(file.schemaFolder)
        let next: HostConfiguration?
        if file == self.file, stamps == schemaStamps {
            next = try hosted.following(bytes)
        } else {
            next = try hosted.replaced(by: file.configuration(bytes, variables: server.environment.values))
        }
        return next.map { ConfigurationVersion(hosted: $0, schemaStamps: stamps, file: file) }
    }

    /// What the file held.
    func storedBytes() -> [UInt8]? { hosted.storedBytes() }

    /// What the pool's workers may see of the file.
    func slice(ofPool name: String) -> [UInt8] { hosted.slice(ofPool: name) }

    /// What going over to `next` means for the workers of each pool, by the pools' names.
    func poolChanges(to next: ConfigurationVersion) -> [String: PoolChange] {
        var outdated: Set<String> = []
        var replaced: Set<String> = []
        for change in model.changes(to: next.model) {
            switch change {
            case .siteAdded(let site), .siteRemoved(let site): outdated.formUnion(site.poolNames)
            case .siteChanged(let old, let new, let aspects):
                let logsOthers = aspects.contains(.log) && !old.log.tellsSame(as: new.log)
                guard logsOthers || !aspects.isDisjoint(with: [.name, .routes, .limits, .settings]) else { continue }
                outdated.formUnion(old.poolNames.union(new.poolNames))
            case .poolChanged(_, let new, let recycles):
                if recycles { replaced.insert(new.name) } else { outdated.insert(new.name) }
            case .serverSettingsChanged: outdated.formUnion(next.model.pools.map(\.name))
            case .poolAdded, .poolRemoved, .limitsChanged: break
            }
        }
        // Workers name the file in what they tell.
        if path != next.path { outdated.formUnion(next.model.pools.map(\.name)) }
        let changes = outdated.map { ($0, PoolChange.settings) } + replaced.map { ($0, .process) }
        return Dictionary(changes, uniquingKeysWith: { _, last in last })
    }
}

extension LogFile {
    /// Whether both want the same of a worker.
    fileprivate func tellsSame(as other: LogFile) -> Bool {
        serverVariables == other.serverVariables && maxCustomFieldLength == other.maxCustomFieldLength
    }
}

extension Site {
    fileprivate var poolNames: Set<String> { Set(applications.map(\.pool)) }
}
