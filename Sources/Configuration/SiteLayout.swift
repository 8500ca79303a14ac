/// Where a site's URL paths lie on disk, as far as configuration files are concerned.
public struct SiteLayout: Sendable {
    public struct Application: Sendable {
        /// For example `/` or `/shop`.
        public let path: String
        /// False where the pool's `enableConfigurationOverride` switches every web.config off.
        public let readsWebConfig: Bool
        public let directories: [Directory]

        public init(path: String, readsWebConfig: Bool, directories: [Directory]) {
            self.path = path
            self.readsWebConfig = readsWebConfig
            self.directories = directories
        }
    }

    public struct Directory: Sendable {
        /// Within its application, for example `/` or `/images`.
        public let path: String
        public let physicalPath: String
        /// False: only the web.config in `physicalPath` itself is read.
        public let allowsSubdirectoryConfiguration: Bool

        public init(path: String, physicalPath: String, allowsSubdirectoryConfiguration: Bool) {
            self.path = path
            self.physicalPath = physicalPath
            self.allowsSubdirectoryConfiguration = allowsSubdirectoryConfiguration
        }
    }

    public let name: String
    public let applications: [Application]

    public init(name: String, applications: [Application]) {
        self.name = name
        self.applications = applications
    }

    /// The application whose root is `path`.
    func application(at path: String) -> Application? {
        applications.first { Self.equal($0.path, path) }
    }

    /// The virtual directory that begins exactly at `path`, with the application it belongs to.
    func directory(at path: String) -> (application: Application, directory: Directory)? {
        for application in applications {
            for directory in application.directories where Self.equal(Self.join(application.path, directory.path), path)
            {
                return (application, directory)
            }
        }
        return nil
    }

    /// Whether a virtual directory lies somewhere below `path`.
    func hasDirectory(below path: String) -> Bool {
        let prefix = path.lowercased() + "/"
        return applications.contains { application in
            application.directories.contains { directory in
                Self.join(application.path, directory.path).lowercased().hasPrefix(prefix)
            }
        }
    }

    private static func join(_ application: String, _ directory: String) -> String {
        if directory == "/" || directory.isEmpty { return application }
        return application == "/" ? directory : application + directory
    }

    private static func equal(_ one: String, _ other: String) -> Bool { one.lowercased() == other.lowercased() }
}
