public import Configuration
internal import Platform

/// The instance that something is imported into, as it is now.
public struct ImportTarget: Sendable {
    public let configurationPath: String
    /// Nil where there is no such file yet.
    public let bytes: [UInt8]?
    public let administrationBytes: [UInt8]?
    /// Nil where there is none yet.
    public let current: ServerConfiguration?
    private let variables: [String: String]

    /// - Parameter variables: what `%NAME%` stands for besides `%HOSTELRY_CONFIG_DIR%`.
    public static func read(_ configurationPath: String, variables: [String: String]) throws -> ImportTarget {
        try ImportTarget(configurationPath, variables)
    }

    private init(_ path: String, _ variables: [String: String]) throws {
        configurationPath = path
        // An absolute path has a slash.
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let variables = variables.merging(["HOSTELRY_CONFIG_DIR": folder]) { given, _ in given }
        let schemaFolder = "\(folder)/schema"
        administrationPath = "\(folder)/administration.config"
        bytes = try DocumentFile(path).read()?.bytes
        administrationBytes = try DocumentFile(administrationPath).read()?.bytes
        current = try bytes.map { bytes in
            try ServerConfiguration(
                bytes: bytes, path: path, schemaFiles: ServerConfiguration.schemaFiles(in: schemaFolder),
                variables: variables)
        }
        self.schemaFolder = schemaFolder
        self.variables = variables
    }

    let administrationPath: String
    let schemaFolder: String

    /// An administration.config, read as it would be here.
    func administration(_ bytes: [UInt8], path: String) throws(ConfigurationError) -> ServerConfiguration {
        try ServerConfiguration(
            bytes: bytes, path: path, schemaFiles: ServerConfiguration.schemaFiles(in: schemaFolder),
            variables: variables)
    }

    /// The configuration that `bytes`, as on disk, would make here.
    ///
    /// - Parameter files: schema files that come with it.
    func configuration(
        _ bytes: [UInt8], adding files: [(path: String, bytes: [UInt8])] = []
    ) throws(ConfigurationError) -> ServerConfiguration {
        try ServerConfiguration(
            bytes: bytes, path: configurationPath,
            schemaFiles: WindowsSchemaFiles.merged(ServerConfiguration.schemaFiles(in: schemaFolder), files),
            variables: variables)
    }
}
