import HostModel
import Platform
import Wire

/// A site as requests meet it: its applications and their virtual directories, longest path first.
package struct SiteNode {
    struct ApplicationNode {
        let application: Application
        /// Whether its pool is this worker's.
        let isServed: Bool
        /// Empty for the root application.
        let path: [UInt8]
        let virtualDirectories: [VirtualDirectoryNode]
        let load: ApplicationLoad
    }

    struct VirtualDirectoryNode {
        /// Within the site: the application's path and its own. Empty for the site's root.
        let path: [UInt8]
        let root: SystemPath
        let isCaseSensitive: Bool
    }

    let name: String
    /// More slashes in a path are 404.20; `Int.max` where the limit is off. IIS: 32.
    let maximumSegments: Int
    let applications: [ApplicationNode]
    /// Nil where its access log shows none.
    let loggedVariables: LoggedVariables?

    /// - Parameter pools: names in lower case.
    init(_ site: Site, pools: Set<String>) {
        name = site.name
        // Off at 0, as the limit of HTTP.sys is that has the same range (UrlSegmentMaxCount).
        maximumSegments = site.limits.maxUrlSegments == 0 ? .max : Int(site.limits.maxUrlSegments)
        loggedVariables = LoggedVariables(site.log)
        applications = site.applications.map { application in
            let path = Self.prefix(application.path)
            let directories = application.virtualDirectories.compactMap { directory in
                SystemPath(directory.physicalPath.utf8).map { root in
                    VirtualDirectoryNode(
                        path: path + Self.prefix(directory.path), root: root,
                        isCaseSensitive: directory.isCaseSensitive)
                }
            }
            return ApplicationNode(
                application: application, isServed: pools.contains(application.pool.lowercased()), path: path,
                virtualDirectories: directories.sorted { $0.path.count > $1.path.count },
                load: ApplicationLoad(ApplicationName(site: site.name, path: application.path)))
        }.sorted { $0.path.count > $1.path.count }
    }

    /// The application whose path is the longest that begins `path`, segment by segment.
    func application(of path: Span<UInt8>) -> ApplicationNode? {
        for application in applications where Self.begins(path, with: application.path) { return application }
        return nil
    }

    /// Whether `prefix` is the beginning of `path` in whole segments and any case. The empty prefix begins everything.
    package static func begins(_ path: Span<UInt8>, with prefix: [UInt8]) -> Bool {
        guard path.count >= prefix.count else { return false }
        guard path.count == prefix.count || path[prefix.count] == 0x2F else { return false }
        return path.extracting(first: prefix.count).equalsIgnoringCase(prefix.span)
    }

    private static func prefix(_ path: String) -> [UInt8] { withoutSlash(Array(path.utf8)) }

    private static func withoutSlash(_ path: [UInt8]) -> [UInt8] { path.last == 0x2F ? path.dropLast() : path }
}

extension SiteNode.ApplicationNode {
    /// The virtual directory whose path is the longest that begins `path`, segment by segment.
    func virtualDirectory(of path: Span<UInt8>) -> SiteNode.VirtualDirectoryNode? {
        for directory in virtualDirectories where SiteNode.begins(path, with: directory.path) { return directory }
        return nil
    }
}
