import BuiltInFiles
import Configuration
import Testing

/// What the pages of the demonstration instance promise, asked of the engine.
@Suite struct DemonstrationInstanceTests {
    private static let sites = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Sites"
    /// The server's own list, in the order of IIS.
    private static let stockDocuments = [
        "Default.htm", "Default.asp", "index.htm", "index.html", "iisstart.htm", "default.aspx",
    ]

    private let server: ServerConfiguration
    private let system: ConfigurationSystem

    init() throws {
        server = try ServerConfiguration.read(path: Self.sites + "/applicationHost.config")
        system = ConfigurationSystem(server: server) { name in
            func application(_ path: String, _ folder: String) -> SiteLayout.Application {
                let physicalPath = Self.sites + "/content/" + folder
                return SiteLayout.Application(
                    path: path, readsWebConfig: true,
                    directories: [
                        SiteLayout.Directory(
                            path: "/", physicalPath: physicalPath, allowsSubdirectoryConfiguration: true)
                    ])
            }
            switch name {
            case "Default Web Site": return SiteLayout(name: name, applications: [application("/", "default")])
            case "Blog":
                return SiteLayout(
                    name: name, applications: [application("/", "blog"), application("/archive", "blog/archive")])
            case "Shop":
                return SiteLayout(name: name, applications: [application("/", "shop"), application("/cart", "cart")])
            case "Status": return SiteLayout(name: name, applications: [application("/", "status")])
            default: return nil
            }
        }
    }

    private func defaultDocuments(_ site: String, _ path: String) throws -> [String] {
        let place = try system.configuration(at: ConfigurationPath(site: site, path: path))
        return try place.section("system.webServer/defaultDocument").element("files").items.map { $0.string("value") }
    }

    private func mimeType(of fileExtension: String, _ site: String, _ path: String) throws -> String? {
        let place = try system.configuration(at: ConfigurationPath(site: site, path: path))
        return try place.section("system.webServer/staticContent").items
            .first { $0.string("fileExtension") == fileExtension }?.string("mimeType")
    }

    @Test func theServerFileHasNoProblem() {
        #expect(server.problems() == [])
    }

    @Test func theConfigurationInTheProgramHasNoProblemOfItsOwn() throws {
        let file = try #require(BuiltInFile.applicationHost)
        let alone = try ServerConfiguration(bytes: file.bytes, path: file.path)
        #expect(alone.problems() == [])
        #expect(alone.builtIn == nil)
    }

    @Test func theBlogsFolderGetsItsSettingsAndTheApplicationBelowItDoesNot() throws {
        #expect(try defaultDocuments("Blog", "/") == ["welcome.demo"] + Self.stockDocuments)
        #expect(try defaultDocuments("Blog", "/notes") == ["welcome.demo"] + Self.stockDocuments)
        #expect(try defaultDocuments("Blog", "/archive") == Self.stockDocuments)
        #expect(try mimeType(of: ".demo", "Blog", "/notes") == "text/html")
        #expect(try mimeType(of: ".demo", "Blog", "/archive") == nil)
    }

    @Test func theCartGetsTheShopsSettingsThoughItsFolderIsElsewhere() throws {
        #expect(try defaultDocuments("Shop", "/cart") == ["window.html"] + Self.stockDocuments)
        #expect(try mimeType(of: ".price", "Shop", "/cart") == "text/plain")
    }

    @Test func theStatusSiteHasItsLocationsSettings() throws {
        #expect(try defaultDocuments("Status", "/") == ["status.html"])
        let status = try system.configuration(at: ConfigurationPath(site: "Status"))
        let hidden = try status.section("system.webServer/security/requestFiltering").element("hiddenSegments").items
        #expect(hidden.map { $0.string("segment") }.suffix(1) == ["internal"])
        #expect(hidden.contains { $0.string("segment") == "web.config" })
    }

    @Test func theMistakeIsNamedWithItsLineAndStaysInItsFolder() throws {
        let mistake = try system.configuration(at: ConfigurationPath(site: "Default Web Site", path: "/mistake"))
        let error = try #require(throws: ConfigurationError.self) { try mistake.validate() }
        #expect(error.file == Self.sites + "/content/default/mistake/web.config")
        #expect(error.line == 5)
        #expect(error.message == "Unrecognized attribute 'enable'")
        #expect(try defaultDocuments("Default Web Site", "/") == Self.stockDocuments)
    }
}
