import Configuration
import Testing

/// What is kept, what is looked at again, and what a change replaces (reference §3.10).
@Suite struct LiveChangeTests {
    let host = TestServer()

    @Test func aChangedWebConfigReplacesItsFolderAndWhatIsBelowAndNothingElse() throws {
        host.addSite("Site")
        host.makeFolder("Site/a/b")
        host.makeFolder("Site/c")
        let system = try host.system()
        func at(_ path: String) throws -> PathConfiguration {
            try system.configuration(at: ConfigurationPath(site: "Site", path: path))
        }
        let (root, a, b, c) = (try at("/"), try at("/a"), try at("/a/b"), try at("/c"))
        #expect(try at("/a/b") === b)
        host.writeWebConfig("Site/a/web.config", #"<directoryBrowse enabled="true"/>"#)
        #expect(!system.isCurrent(b) && system.isCurrent(c))
        #expect(try at("/a") !== a && at("/a/b") !== b && at("/c") === c && at("/") === root)
        #expect(try at("/a/b").section("system.webServer/directoryBrowse").bool("enabled"))
        host.writeWebConfig("Site/a/web.config", #"<directoryBrowse enabled="false"/>"#)
        #expect(try !at("/a/b").section("system.webServer/directoryBrowse").bool("enabled"))
    }

    @Test func aPathThatIsNoFolderIsAnsweredByTheDeepestFolder() throws {
        host.addSite("Site")
        let system = try host.system()
        let root = try system.configuration(at: ConfigurationPath(site: "Site"))
        #expect(try system.configuration(at: ConfigurationPath(site: "Site", path: "/no/such/folder")) === root)
    }

    @Test func variablesInExpandedAttributesAreReplacedByTheReader() throws {
        let variables = EnvironmentVariables(["Home": "/srv", "EMPTY": ""])
        #expect(variables.expand("%HOME%/www") == "/srv/www")
        #expect(variables.expand("100% of %NOBODY% and %home%%empty%!") == "100% of %NOBODY% and /srv!")
        let server = try ServerConfiguration(
            bytes: Array(
                "<configuration><system.applicationHost><configHistory path='%home%/history'/></system.applicationHost></configuration>"
                    .utf8),
            path: "x", variables: ["HOME": "/srv"])
        #expect(server.section("system.applicationHost/configHistory").written("path") == "%home%/history")
    }

    @Test(arguments: [
        ("[enc:AesProvider:AbC=:enc]", "AbC="), ("[enc:AesProvider::enc]", ""),
    ])
    func anEncryptedValueIsRecognised(_ text: String, _ payload: String) {
        #expect(EncryptedText(text)?.payload == payload)
        #expect(EncryptedText(text)?.provider == "AesProvider")
    }

    @Test(arguments: ["[enc:AesProvider:enc]", "[enc::enc]", "[enc:enc]", "[encenc]", "[]", "", "secret"])
    func anythingElseIsClearText(_ text: String) {
        #expect(EncryptedText(text) == nil)
    }

    @Test func aFolderThatAppearsWhereALocationStandsIsRead() throws {
        host.addSite("Site")
        let system = try host.system(
            #"<configuration><location path="Site/up/load"><system.webServer><directoryBrowse showFlags="Date"/></system.webServer></location></configuration>"#
        )
        func browse(_ path: String) throws -> Element {
            try system.configuration(at: ConfigurationPath(site: "Site", path: path)).section(
                "system.webServer/directoryBrowse")
        }
        #expect(try !browse("/up/load").bool("enabled"))
        host.writeWebConfig("Site/up/load/web.config", #"<directoryBrowse enabled="true"/>"#)
        #expect(try browse("/up/load").bool("enabled"))
        #expect(try browse("/up/load").member("showFlags") == "Date")
    }

    @Test func aChangedFileOfAConfigSourceIsReadAgain() throws {
        host.addSite("Site")
        host.makeFolder("Site/folder")
        host.writeWebConfig("Site/web.config", #"<directoryBrowse configSource="browse.config"/>"#)
        let system = try host.system()
        func enabled() throws -> Bool {
            try system.configuration(at: ConfigurationPath(site: "Site", path: "/folder")).section(
                "system.webServer/directoryBrowse"
            ).bool("enabled")
        }
        #expect(throws: ConfigurationError.self) { try enabled() }
        host.write("Site/browse.config", #"<directoryBrowse enabled="true"/>"#)
        #expect(try enabled())
        host.write("Site/browse.config", #"<directoryBrowse enabled="false"/>"#)
        #expect(try !enabled())
    }

    @Test func whatIsReplacedAndWhatASystemReadIsFreedWithIt() throws {
        host.addSite("Site")
        host.makeFolder("Site/a/b")
        weak var replaced: PathConfiguration?
        weak var last: PathConfiguration?
        func use() throws {
            let system = try host.system()
            let path = ConfigurationPath(site: "Site", path: "/a/b")
            replaced = try system.configuration(at: path)
            #expect(replaced != nil)
            host.writeWebConfig("Site/web.config", #"<directoryBrowse enabled="true"/>"#)
            last = try system.configuration(at: path)
            #expect(replaced == nil && last != nil)
        }
        try use()
        #expect(last == nil)
    }
}
