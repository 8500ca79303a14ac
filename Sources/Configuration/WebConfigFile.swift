internal import Platform

/// One web.config on its own, checked as the root file of a site.
public enum WebConfigFile {
    /// Every problem of the file at `path` beneath `server`'s sections, locks and entries.
    public static func problems(
        of path: String, below server: ServerConfiguration
    ) throws(ConfigurationError) -> [ConfigurationError] {
        problems(
            of: try Document(bytes: FileAccess.read(path, with: FileAccess.webConfig).bytes, path: path), below: server)
    }

    /// What holds at the root of a site with the file at `path`.
    public static func configuration(
        of path: String, below server: ServerConfiguration
    ) throws(ConfigurationError) -> PathConfiguration {
        let document = try Document(bytes: FileAccess.read(path, with: FileAccess.webConfig).bytes, path: path)
        return ConfigurationSystem(server: server, layout: { _ in nil }).configuration(of: document)
    }

    /// The same for a file that was read already.
    public static func problems(of document: Document, below server: ServerConfiguration) -> [ConfigurationError] {
        ConfigurationSystem(server: server, layout: { _ in nil }).problems(of: document)
    }
}
