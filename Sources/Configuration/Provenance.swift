internal import BuiltInFiles

/// Where a value was written. Without a file it is the schema's default.
public struct Provenance: Hashable, Sendable, CustomStringConvertible {
    public let file: String?
    /// Line of the attribute or element, from 1; 0 for a schema default.
    public let line: Int
    /// The `path` of the `<location>` it stands in, as written; nil outside any.
    public let locationPath: String?

    public static let schemaDefault = Provenance(file: nil, line: 0, locationPath: nil)

    /// Whether it stands in the configuration that is part of the program.
    public var isBuiltIn: Bool { file?.hasPrefix(BuiltInFile.folder) ?? false }

    public var description: String {
        guard let file else { return "schema default" }
        guard let locationPath else { return "\(file):\(line)" }
        return "\(file):\(line) location \"\(locationPath)\""
    }
}
