public import Configuration

/// Sites, applications, virtual directories and pools as the server's file has them, read one by one when they are asked
/// for. What is broken in one keeps no other from being read.
public struct HostedObjects: Sendable {
    public static let sitesSection = "system.applicationHost/sites"
    public static let poolsSection = "system.applicationHost/applicationPools"

    public let server: ServerConfiguration
    public let sites: [HostedSite]
    /// The places of `sites` by their names in lower case.
    private let places: [String: Int]

    public init(_ server: ServerConfiguration) {
        self.server = server
        sites = server.section(Self.sitesSection).items.map { HostedSite($0) }
        places = Dictionary(sites.enumerated().map { ($1.name.lowercased(), $0) }) { first, _ in first }
    }

    public var pools: [HostedPool] { server.section(Self.poolsSection).items.map { HostedPool($0) } }

    public func site(_ name: String) -> HostedSite? { places[name.lowercased()].map { sites[$0] } }

    /// The path with its site's name as the file has it; nil where there is no such site.
    public func known(_ path: ConfigurationPath) -> ConfigurationPath? {
        guard let name = path.site else { return path }
        return site(name).map { ConfigurationPath(site: $0.name, path: path.segments.joined(separator: "/")) }
    }

    /// Where sites lie on disk, for a `ConfigurationSystem`: the one that is asked for is read.
    public func layouts() -> @Sendable (String) -> SiteLayout? {
        let reads = Dictionary(
            pools.map { ($0.name.lowercased(), $0.element.bool("enableConfigurationOverride")) }
        ) { first, _ in first }
        return { name in
            guard let site = site(name) else { return nil }
            return SiteLayout(
                name: site.name,
                applications: site.applications.map { application in
                    SiteLayout.Application(
                        path: application.path, readsWebConfig: reads[application.pool.lowercased()] ?? true,
                        directories: application.directories.map { directory in
                            SiteLayout.Directory(
                                path: directory.path, physicalPath: directory.folder,
                                allowsSubdirectoryConfiguration: directory.element.bool("allowSubDirConfig"))
                        })
                })
        }
    }
}

public struct HostedSite: Sendable {
    public let element: Element
    public let name: String

    init(_ element: Element) {
        self.element = element
        name = element.string("name")
    }

    public var id: String { element.string("id") }

    /// As `http/*:80:www.example.com`.
    public var bindings: [String] {
        element.element("bindings").items.map { "\($0.string("protocol"))/\($0.string("bindingInformation"))" }
    }

    public var applications: [HostedApplication] {
        element.items.map { HostedApplication($0, site: name) }
    }
}

public struct HostedApplication: Sendable {
    public let element: Element
    public let site: String
    /// For example `/` or `/shop`.
    public let path: String

    init(_ element: Element, site: String) {
        self.element = element
        self.site = site
        path = HostedPath.trimmed(element.string("path"))
    }

    /// For example `Site/` or `Site/shop`.
    public var name: String { site + path }
    public var pool: String { element.string("applicationPool") }

    public var directories: [HostedDirectory] {
        element.items.map { HostedDirectory($0, application: name) }
    }
}

public struct HostedDirectory: Sendable {
    public let element: Element
    /// The application's name.
    public let application: String
    /// Within its application, for example `/` or `/images`.
    public let path: String

    init(_ element: Element, application: String) {
        self.element = element
        self.application = application
        let written = element.string("path")
        path = written.isEmpty ? "/" : HostedPath.trimmed(written)
    }

    /// For example `Site/`, `Site/shop/` or `Site/shop/images`.
    public var name: String { (application.hasSuffix("/") ? String(application.dropLast()) : application) + path }
    /// As written.
    public var physicalPath: String { element.written("physicalPath") ?? "" }
    /// With variables replaced.
    public var folder: String { HostedPath.trimmed(element.string("physicalPath")) }
}

public struct HostedPool: Sendable {
    public let element: Element
    public let name: String

    init(_ element: Element) {
        self.element = element
        name = element.string("name")
    }
}

enum HostedPath {
    static func trimmed(_ path: String) -> String {
        var path = path[...]
        while path.utf8.count > 1, path.last == "/" { path.removeLast() }
        return String(path)
    }
}
