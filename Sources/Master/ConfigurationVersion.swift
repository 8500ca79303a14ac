import Configuration
import HostModel
import Platform

/// One version of the configuration as it was read: the file, and the model made of it.
struct ConfigurationVersion: Sendable {
    private let hosted: HostConfiguration
    private let schemaStamps: SchemaStamps
    /// The file's path.
    let path: String

    var model: HostModel { hosted.model }
    /// Sections of the server level.
    var server: ServerConfiguration { hosted.server }
    /// What is wrong now and was not in the version before.
    var newProblems: [Problem] { hosted.newProblems }

    /// Reads the file and builds the model. Throws for what is unreadable or malformed; whatever else is wrong is a
    /// problem of the model.
    static func read(_ path: String, state: String) throws(ConfigurationError) -> ConfigurationVersion {
        let stamps = SchemaStamps.of(schemaFolder(of: path))
        let hosted = try HostConfiguration.read(path: path, variables: ["HOSTELRY_STATE": state])
        // Parsing a large file leaves much behind.
        HeapMemory.release()
        return ConfigurationVersion(hosted: hosted, schemaStamps: stamps, path: path)
    }

    /// The version that the file holds now; nil where it is this one.
    func next() -> Result<ConfigurationVersion?, ConfigurationError> {
        let stamps = SchemaStamps.of(schemaFolder)
        return Result { () throws(ConfigurationError) in
            let next = try hosted.reread(isWhole: stamps != schemaStamps)
            return next.map { ConfigurationVersion(hosted: $0, schemaStamps: stamps, path: path) }
        }
    }

    /// The folder of further schema files, beside the file.
    var schemaFolder: String { Self.schemaFolder(of: path) }

    private static func schemaFolder(of path: String) -> String {
        // An absolute path has a slash.
        "\(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])/schema"
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
                guard !aspects.isDisjoint(with: [.name, .routes, .limits, .settings]) else { continue }
                outdated.formUnion(old.poolNames.union(new.poolNames))
            case .poolChanged(_, let new, let recycles):
                if recycles { replaced.insert(new.name) } else { outdated.insert(new.name) }
            case .serverSettingsChanged: outdated.formUnion(next.model.pools.map(\.name))
            case .poolAdded, .poolRemoved, .limitsChanged: break
            }
        }
        let changes = outdated.map { ($0, PoolChange.settings) } + replaced.map { ($0, .process) }
        return Dictionary(changes, uniquingKeysWith: { _, last in last })
    }
}

extension Site {
    fileprivate var poolNames: Set<String> { Set(applications.map(\.pool)) }
}
