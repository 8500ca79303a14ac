internal import Configuration
internal import Platform

/// The server's files with their secrets sealed anew: what a rotation, or sealing clear text, would write.
public struct SecretRewriting: Sendable {
    public struct File: Sendable {
        public let path: String
        public let old: [UInt8]
        /// The same where nothing is sealed.
        public let new: [UInt8]
        public let isServerFile: Bool
    }

    /// Those that are there: the configuration file, and beside it administration.config and redirection.config.
    public let files: [File]
    /// What is sealed, where it stands.
    public let sealed: [SecretValue]
    /// What stays as it is: values of other providers, and those that no key opens.
    public let left: [SecretValue]

    /// - Parameter configurationPath: absolute.
    public init(
        _ choice: SecretSealing.Choice, configurationPath path: String, with ring: KeyRing
    ) throws {
        var files: [File] = []
        var sealed: [SecretValue] = []
        var left: [SecretValue] = []
        for server in try Self.servers(beside: path) {
            let outcome = try SecretSealing.seal(choice, in: server.configuration, with: ring)
            sealed += outcome.sealed
            left += outcome.left
            let file = server.configuration.file.document.path
            files.append(
                File(
                    path: file, old: server.bytes, new: outcome.sealed.isEmpty ? server.bytes : outcome.bytes,
                    isServerFile: file == path))
        }
        self.files = files
        self.sealed = sealed
        self.left = left
    }

    /// Values that this instance's provider sealed and no key of it opens.
    public var lost: [SecretValue] { left.filter { $0.encrypted?.provider == HostelryAesProvider.name } }

    /// Every encrypted attribute of the server's files.
    public static func values(beside path: String) throws -> [SecretValue] {
        try servers(beside: path).flatMap { SecretValue.all(in: $0.configuration) }
    }

    /// The folder that several servers share, where redirection.config beside the file says that it is in force.
    public static func sharedFolder(beside path: String) throws -> String? {
        let file = "\(folder(of: path))/redirection.config"
        guard let bytes = try DocumentFile(file).read()?.bytes else { return nil }
        let section = try ServerConfiguration(bytes: bytes, path: file).section("configurationRedirection")
        return section.bool("enabled") ? section.string("path") : nil
    }

    private static func servers(
        beside path: String
    ) throws -> [(configuration: ServerConfiguration, bytes: [UInt8])] {
        let folder = folder(of: path)
        let schema = try ServerConfiguration.schemaFiles(in: "\(folder)/schema")
        var servers: [(ServerConfiguration, [UInt8])] = []
        for file in [path, "\(folder)/administration.config", "\(folder)/redirection.config"] {
            guard let bytes = try DocumentFile(file).read()?.bytes else {
                guard file != path else { throw FileError(path, .missing) }
                continue
            }
            servers.append((try ServerConfiguration(bytes: bytes, path: file, schemaFiles: schema), bytes))
        }
        return servers
    }

    private static func folder(of path: String) -> String {
        // An absolute path has a slash.
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
