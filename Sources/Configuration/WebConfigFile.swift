internal import Platform

/// One web.config on its own, checked as the root file of a site.
public enum WebConfigFile {
    /// Every problem of the file at `path` beneath `server`'s sections, locks and entries.
    public static func problems(
        of path: String, below server: ServerConfiguration
    ) throws(ConfigurationError) -> [ConfigurationError] {
        let document = try Document(bytes: FileAccess.read(path, with: FileAccess.webConfig).bytes, path: path)
        let system = ConfigurationSystem(server: server, layout: { _ in nil })
        return system.problems(of: document)
    }
}
