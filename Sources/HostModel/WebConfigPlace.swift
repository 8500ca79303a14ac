/// Where a web.config stands by the configuration: the application it belongs to, and the folder it must lie in.
public struct WebConfigPlace: Hashable, Sendable {
    /// Of the application, as configured: `/` or for example `/shop`.
    public let application: String
    /// The URL path of the folder in its site, spelled as the configuration spells what it names: `/` or for example
    /// `/shop/images`.
    public let path: String
    public let folder: String

    public init(application: String, path: String, folder: String) {
        self.application = application
        self.path = path
        self.folder = folder
    }
}

extension Site {
    /// The place of the web.config for the URL path, where the pool's workers may read one: nil for what is no path of an
    /// application of the pool, and where files are switched off.
    public func webConfigPlace(at path: String, in pool: ApplicationPool) -> WebConfigPlace? {
        guard pool.enableConfigurationOverride else { return nil }
        let segments = path.split(separator: "/").map(String.init)
        guard !segments.contains(".."), !segments.contains(".") else { return nil }
        let names = segments.map { $0.lowercased() }
        // The folder that begins the path with the most segments has it; of several the pool's own.
        var best: (length: Int, place: WebConfigPlace?)?
        for application in applications {
            for directory in application.virtualDirectories {
                let own = (application.path + "/" + directory.path).split(separator: "/").map(String.init)
                guard names.starts(with: own.map { $0.lowercased() }), own.count >= best?.length ?? 0 else { continue }
                let rest = segments.dropFirst(own.count)
                let isRead = rest.isEmpty || directory.allowSubDirConfig
                guard application.pool.isSame(ignoringCaseAs: pool.name), isRead else {
                    if own.count > best?.length ?? -1 { best = (own.count, nil) }
                    continue
                }
                let place = WebConfigPlace(
                    application: application.path, path: "/" + (own + rest).joined(separator: "/"),
                    folder: ([directory.physicalPath] + rest).joined(separator: "/"))
                if own.count > best?.length ?? -1 || best?.place == nil { best = (own.count, place) }
            }
        }
        return best?.place
    }
}
