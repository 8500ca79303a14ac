import Configuration
import TestSupport
import Testing

/// Real configuration files load; what IIS rejects is rejected with its text and the right line.
@Suite(.enabled(if: Corpus.isHere, "\(Corpus.absence)")) struct CorpusTests {
    @Test func aRealServerFileHasTheOneProblemThatIISWouldFind() throws {
        let path = "iis-express/applicationHost.config"
        let server = try ServerConfiguration(bytes: Corpus.bytes(path), path: path)
        // <add duration="00:00:00" extension=".cs"/>, and a duration is at least a second.
        let text =
            "Timespan value must be between 00:00:01 and 49.17:02:47 seconds inclusive, with a granularity of 1 seconds"
        #expect(server.problems().map(\.description) == ["\(path):297: The 'duration' attribute is invalid.  \(text)"])
        #expect(server.builtIn == nil)
        let root = ConfigurationSystem(server: server, layout: { _ in nil }).root
        #expect(try root.section("system.webServer/handlers").items.count == 82)
        #expect(try root.section("system.webServer/globalModules").items.count == 37)
        #expect(try root.section("system.webServer/modules").items.count == 44)
        #expect(try root.section("system.webServer/defaultDocument").element("files").list("value").count == 6)
    }

    @Test func theExportOfARealSharedConfigurationLoadsWithItsSchemaFiles() throws {
        let schema = try Corpus.names("shared-configuration/schema").map { name in
            (path: name, bytes: try Corpus.bytes("shared-configuration/schema/\(name)"))
        }
        for name in ["applicationHost.config", "administration.config", "redirection.config"] {
            let server = try ServerConfiguration(
                bytes: Corpus.bytes("shared-configuration/\(name)"), path: name, schemaFiles: schema)
            #expect(server.problems().map(\.description) == [])
        }
    }

    /// The lines are those of the files, found with another parser and by eye.
    static let rejected: [String: (line: Int, message: String)] = [
        "007": (46, "Configuration file is not well-formed XML"),
        "039": (16, "Configuration file is not well-formed XML"),
        "045": (5, "Configuration file is not well-formed XML"),
        // The document type of an HTML page; what follows is not even looked at.
        "056": (7, "Configuration file is not well-formed XML"),
        "063": (2, "Configuration file is not well-formed XML"),
    ]

    @Test func realWebConfigFilesLoadOrAreRejectedWithTheRightLine() throws {
        let names = try Corpus.names("web").filter { $0.hasSuffix(".config") }
        #expect(names.count == 63)
        for name in names {
            let number = String(name.prefix(3))
            do {
                _ = try Document(bytes: Corpus.bytes("web/\(name)"), path: name)
                #expect(Self.rejected[number] == nil, "\(name) is malformed")
            } catch {
                let error = try #require(error as? ConfigurationError)
                #expect(error.message == Self.rejected[number]?.message, "\(error)")
                #expect(error.line == Self.rejected[number]?.line, "\(error)")
            }
        }
    }

    /// What a stock server refuses in the files that are well formed: by file, the line and the beginning of the text.
    static let refused: [String: [(line: Int, text: String)]] = [
        "002": [(6, locked)], "012": [(5, locked)], "025": [(6, locked)], "050": [(12, locked)],  // webSocket
        "016": [(35, "There is a duplicate 'system.webServer/staticContent' section defined")],
        "017": [(5, locked), (8, stock + "'.json'")],  // asp; a MIME type that is there already
        "019": [
            (4, transform + "Transform'"), (5, transform + "Transform'"), (6, transform + "Locator'"),
            (6, transform + "Transform'"),
        ],
        "024": [(115, "Unrecognized element 'iisnode'")], "057": [(28, "Unrecognized element 'iisnode'")],
        "043": [(20, locked)],  // httpCompression is the server's alone
        "048": [(3, "Unrecognized element 'authorization'")],
        "053": [(30, stock + "'.json'")], "060": [(31, stock + "'.jpg'")],
    ]
    static let locked = "This configuration section cannot be used at this path."
    static let stock =
        "Cannot add duplicate collection entry of type 'mimeMap' with unique key attribute 'fileExtension' set to "
    static let transform = "Unrecognized attribute 'xdt:"

    @Test func realWebConfigFilesAreRefusedWhereAStockServerRefusesThem() throws {
        for name in try Corpus.names("web").filter({ $0.hasSuffix(".config") }) {
            let number = String(name.prefix(3))
            guard Self.rejected[number] == nil else { continue }
            let host = TestServer()
            host.addSite("Site")
            host.write("Site/web.config", String(decoding: try Corpus.bytes("web/\(name)"), as: UTF8.self))
            let problems = try host.system().problems(ofFileAt: ConfigurationPath(site: "Site"))
            let expected = Self.refused[number] ?? []
            #expect(problems.map(\.line) == expected.map(\.line), "\(name): \(problems)")
            for (problem, row) in zip(problems, expected) { #expect(problem.text.hasPrefix(row.text), "\(name)") }
        }
    }
}
