internal import Configuration
internal import HostModel
internal import SQLite

/// The SQL function `effective(path, section, attribute)`: what holds at a path, as `hostelry config show` says it. Files
/// of sites are read as whoever asks.
final class EffectiveValues {
    private let server: () throws(ConfigurationError) -> ServerConfiguration
    private var system: ConfigurationSystem?

    init(_ server: @escaping () throws(ConfigurationError) -> ServerConfiguration) { self.server = server }

    func install(in database: Database) throws(SQLiteError) {
        try database.addFunction("effective", arguments: 3) { [self] values throws(SQLiteError) in
            guard case .text(let path) = values[0], case .text(let section) = values[1],
                case .text(let attribute) = values[2]
            else { return .null }
            do throws(ConfigurationError) {
                return try value(path, section, attribute)
            } catch {
                throw SQLiteError("effective: \(error.description)")
            }
        }
    }

    /// NULL where the section or the attribute is none that the schema knows, or cannot be read there.
    private func value(
        _ path: String, _ section: String, _ attribute: String
    ) throws(ConfigurationError) -> SQLValue {
        let system: ConfigurationSystem
        if let known = self.system {
            system = known
        } else {
            let server = try server()
            // A question sees one state of the files.
            system = ConfigurationSystem(
                server: server, recheckInterval: .seconds(3600), layout: HostModel.build(server).layouts())
            self.system = system
        }
        guard system.server.schema.section(section) != nil,
            var element = try? system.configuration(at: ConfigurationPath(text: path)).section(section)
        else { return .null }
        var names = attribute.split(separator: "/").map(String.init)
        guard let last = names.popLast() else { return .null }
        for name in names {
            guard element.schema.element(name) != nil else { return .null }
            element = element.element(name)
        }
        guard let schema = element.schema.attribute(last) else { return .null }
        if schema.isSecret { return .text(SecretAttributes.shown(element.written(last) ?? "")) }
        switch schema.type {
        case .bool: return SQLValue(element.bool(last))
        case .int, .uint, .int64: return .integer(element.integer(last))
        default: return .text(element.string(last))
        }
    }
}
