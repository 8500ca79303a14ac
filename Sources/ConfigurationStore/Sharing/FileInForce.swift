public import Configuration
public import Platform

/// The file that the server's configuration is read from: the one that a command or a master was given, or the one of
/// a shared folder that takes its place.
///
/// Schema files, `%HOSTELRY_CONFIG_DIR%` and redirection.config stay the local file's, as each server's own.
public struct FileInForce: Equatable, Sendable {
    /// The file as a command or a master was given it: absolute.
    public let local: String
    /// Nil where the local file is in force.
    public let shared: SharedFolder?

    public init(local: String, shared: SharedFolder? = nil) {
        self.local = local
        self.shared = shared
    }

    /// What redirection.config beside the local file says now.
    public static func of(_ local: String) throws(ConfigurationError) -> FileInForce {
        FileInForce(local: local, shared: try Redirection.beside(local).sharedFolder)
    }

    /// Where the file lies, as errors name it.
    public var path: String { shared?.serverFile ?? local }
    public var administrationPath: String { shared?.administrationFile ?? "\(folder)/administration.config" }
    /// What `%HOSTELRY_CONFIG_DIR%` stands for.
    public var folder: String { LocalFolder.of(local) }
    /// The folder of further schema files.
    public var schemaFolder: String { "\(folder)/schema" }

    /// What the file holds, nil where there is none: for a command, which waits no longer than `SharedFolder.patience`.
    public func bytes() throws(FileError) -> [UInt8]? { try DoubtfulFile(path).read() }

    /// Reads the configuration for a command, which waits for a shared folder no longer than `SharedFolder.patience`.
    public func read(variables: [String: String]) throws(ConfigurationError) -> ServerConfiguration {
        if let shared {
            return try configuration(try shared.read(within: SharedFolder.patience).server, variables: variables)
        }
        return try configuration(try ServerConfiguration.bytes(ofFile: local), variables: variables)
    }

    /// The administration.config that `bytes`, as on disk, make in this place.
    func administration(
        _ bytes: [UInt8], variables: [String: String]
    ) throws(ConfigurationError) -> ServerConfiguration {
        try configuration(bytes, at: administrationPath, variables)
    }

    /// The configuration that `bytes`, as on disk, make in this place.
    public func configuration(
        _ bytes: [UInt8], variables: [String: String]
    ) throws(ConfigurationError) -> ServerConfiguration {
        try configuration(bytes, at: path, variables)
    }

    private func configuration(
        _ bytes: [UInt8], at path: String, _ variables: [String: String]
    ) throws(ConfigurationError) -> ServerConfiguration {
        try ServerConfiguration(
            bytes: bytes, path: path, schemaFiles: ServerConfiguration.schemaFiles(in: schemaFolder),
            variables: variables.merging(["HOSTELRY_CONFIG_DIR": folder]) { given, _ in given })
    }
}
