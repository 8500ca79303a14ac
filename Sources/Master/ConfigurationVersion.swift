import Configuration
import HostModel

/// One version of the configuration as it was read: the file, and the model made of it.
struct ConfigurationVersion: Sendable {
    let server: ServerConfiguration
    let model: HostModel
    /// The file's path.
    let path: String

    /// Reads the file and builds the model. Throws for what is unreadable or malformed; whatever else is wrong is a
    /// problem of the model.
    static func read(_ path: String, state: String) throws(ConfigurationError) -> ConfigurationVersion {
        let server = try ServerConfiguration.read(path: path, variables: ["HOSTELRY_STATE": state])
        return ConfigurationVersion(server: server, model: HostModel.build(server), path: path)
    }

    /// What the pool's workers may see of the file.
    func slice(ofPool name: String) -> [UInt8] { PoolSlice.bytes(of: server, pool: name, in: model) }

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
