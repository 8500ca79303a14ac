internal import BuiltInFiles

/// Every section's schema, by full path, for example `system.webServer/security/requestFiltering`.
public struct Schema: Sendable {
    public let sections: [String: ElementSchema]

    public func section(_ path: String) -> ElementSchema? { sections[path] }

    /// The schema files embedded in the program.
    public static let builtIn: Schema = {
        var reader = SchemaReader()
        for file in BuiltInFile.all where file.isSchema {
            do {
                try reader.add(file.bytes, path: file.path)
            } catch {
                // Built with the program and read by every test: a defect of the build, not of the installation.
                fatalError("embedded schema: \(error)")
            }
        }
        return reader.schema()
    }()

    /// The built-in schema with more files merged in, in the order given.
    public static func builtIn(adding files: [(path: String, bytes: [UInt8])]) throws(ConfigurationError) -> Schema {
        guard !files.isEmpty else { return builtIn }
        var reader = SchemaReader()
        for file in BuiltInFile.all where file.isSchema { try reader.add(file.bytes, path: file.path) }
        for file in files { try reader.add(file.bytes, path: file.path) }
        return reader.schema()
    }

    /// A schema of these files alone.
    public static func reading(_ files: [(path: String, bytes: [UInt8])]) throws(ConfigurationError) -> Schema {
        var reader = SchemaReader()
        for file in files { try reader.add(file.bytes, path: file.path) }
        return reader.schema()
    }
}
