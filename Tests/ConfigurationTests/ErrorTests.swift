import Configuration
import Testing

/// Every row of reference §2.6 that a file on disk can cause: IIS's text, the line, the code.
@Suite struct ErrorTests {
    let host = TestServer()

    @Test(arguments: [
        ("<a\n>", "Configuration file is not well-formed XML", 2),
        ("", "Configuration file is not well-formed XML", 1),
    ])
    func whatIsNotXMLIsRefused(_ text: String, _ message: String, _ line: Int) {
        let error = configurationError { _ = try host.server(text) }
        #expect(error?.message == message && error?.line == line && error?.code == 0x8007_000D)
    }

    /// One line of a server file each; the built-in sections lie beneath.
    @Test(arguments: [
        ("<system.webServer>\n<directoryBrowse colour='1'/></system.webServer>", "Unrecognized attribute 'colour'"),
        ("<system.webServer>\n<directoryBrowse><x/></directoryBrowse></system.webServer>", "Unrecognized element 'x'"),
        ("<system.webServer>\n<nonsense/></system.webServer>", "Unrecognized element 'nonsense'"),
        (
            "\n<nonsense/>",
            "The configuration section 'nonsense' cannot be read because it is missing a section declaration"
        ),
        (
            "<system.webServer><staticContent>\n<mimeMap fileExtension='.a'/></staticContent></system.webServer>",
            "Missing required attribute 'mimeType'"
        ),
        (
            "<system.webServer><staticContent>\n<mimeMap/></staticContent></system.webServer>",
            "Missing required attributes 'fileExtension,mimeType'"
        ),
        (
            "<system.webServer>\n<directoryBrowse enabled='maybe'/></system.webServer>",
            "The 'enabled' attribute is invalid.  Not a valid boolean"
        ),
        (
            "<system.webServer><httpErrors>\n<error statusCode='200' path='x'/></httpErrors></system.webServer>",
            "The 'statusCode' attribute is invalid.  Integer value must be between 400 and 999 inclusive"
        ),
        (
            "<system.applicationHost><applicationPools>\n<add name='a|b'/></applicationPools></system.applicationHost>",
            "The 'name' attribute is invalid.  Invalid application pool name"
        ),
        (
            "<system.webServer>\n<directoryBrowse configSource='x'/></system.webServer>",
            "Unrecognized attribute 'configSource'"
        ),
        (
            "<system.webServer><directoryBrowse/>\n<directoryBrowse/></system.webServer>",
            "There is a duplicate 'system.webServer/directoryBrowse' section defined"
        ),
        (
            "<system.webServer><directoryBrowse/></system.webServer><location path='.'><system.webServer>\n<directoryBrowse/></system.webServer></location>",
            "There is a duplicate 'system.webServer/directoryBrowse' section defined"
        ),
        (
            "<location path='S'><system.webServer><directoryBrowse/></system.webServer></location><location path='s'><system.webServer>\n<directoryBrowse/></system.webServer></location>",
            "There is a duplicate 'system.webServer/directoryBrowse' section defined"
        ),
        (
            "<appSettings/>\n<configSections/>",
            "Only one <configSections> element allowed.  It must be the first child element of the root <configuration> element"
        ),
        (
            "<system.applicationHost><sites>\n<clear/></sites></system.applicationHost>", "Unrecognized element 'clear'"
        ),
        (
            "<system.applicationHost><sites><site name='S' id='1'><bindings><binding protocol='http' bindingInformation='*:80:a'/>\n<binding protocol='HTTP' bindingInformation='*:80:A'/></bindings></site></sites></system.applicationHost>",
            "Cannot add duplicate collection entry of type 'binding' with combined key attributes 'protocol, bindingInformation' respectively set to 'HTTP, *:80:A'"
        ),
        (
            "<system.applicationHost><sites><site name='S' id='1'/>\n<site name='T' id='1'/></sites></system.applicationHost>",
            "Cannot add duplicate collection entry of type 'site' with unique key attribute 'id' set to '1'"
        ),
        (
            "<system.applicationHost><sites>\n<site name='S' id='x'/></sites></system.applicationHost>",
            "The 'id' attribute is invalid.  Not a valid unsigned integer"
        ),
        (
            "\n<location path='a' overrideMode='Allow' allowOverride='true'/>",
            "Only one of the attributes 'overrideMode' and 'allowOverride' is allowed"
        ),
        (
            "<location path='a'>\n<location path='b'/></location>",
            "The configuration section 'location' cannot be read because it is missing a section declaration"
        ),
    ])
    func aBrokenServerFileSaysWhatAndOnWhichLine(_ content: String, _ message: String) throws {
        let problems = try host.server("<configuration>\(content)</configuration>").problems()
        #expect(problems.map(\.message) == [message])
        #expect(problems.first?.line == 2)
    }

    @Test func everyProblemIsToldNotOnlyTheFirst() throws {
        let problems = try host.server(
            "<configuration><system.webServer>\n<directoryBrowse a='1' b='2' enabled='x'/>\n<nonsense/></system.webServer></configuration>"
        ).problems()
        #expect(problems.count == 4)
        #expect(Set(problems.map(\.line)) == [2, 3])
    }

    @Test func aBrokenWebConfigBreaksItsFolderAndWhatIsBelowOnly() throws {
        host.addSite("Site")
        host.makeFolder("Site/a/b")
        host.makeFolder("Site/c")
        host.write("Site/a/web.config", "<configuration>\n<oops>\n</configuration>")
        let system = try host.system()
        func read(_ path: String) throws {
            _ = try system.configuration(at: ConfigurationPath(site: "Site", path: path)).section(
                "system.webServer/directoryBrowse")
        }
        #expect(throws: Never.self) { try read("/") }
        #expect(throws: Never.self) { try read("/c") }
        for path in ["/a", "/a/b", "/a/file.htm"] {
            let error = configurationError { try read(path) }
            #expect(error?.line == 3 && error?.file.hasSuffix("/Site/a/web.config") == true)
        }
    }

    @Test func aDeclaredSectionWithoutSchemaFailsOnlyWhenItIsAskedFor() throws {
        host.addSite("Site")
        host.write(
            "Site/web.config",
            """
            <configuration><configSections><section name="log4net" type="x"/></configSections>
            <log4net><anything goes="here"/></log4net><system.web><compilation debug="true"/></system.web></configuration>
            """)
        let configuration = try host.system().configuration(at: ConfigurationPath(site: "Site"))
        #expect(throws: Never.self) { try configuration.section("system.webServer/directoryBrowse") }
        #expect(throws: Never.self) { try configuration.validate() }
        let undeclared = try host.system("<configuration><configSections/></configuration>").root
        let error = configurationError { _ = try undeclared.section("system.webServer/directoryBrowse") }
        #expect(
            error?.message
                == "The configuration section 'system.webServer/directoryBrowse' cannot be read because it is missing a section declaration"
        )
    }

    @Test func aSiteThatIsNotThereIsAnUnrecognizedPath() throws {
        let system = try host.system()
        let error = configurationError { _ = try system.configuration(at: ConfigurationPath(site: "Nobody")) }
        #expect(error?.message == "Unrecognized configuration path 'MACHINE/WEBROOT/APPHOST/Nobody'")
    }

    @Test func aMissingRootFolderCannotBeRead() throws {
        host.addSite("Site")
        removeTree("\(host.folder)/Site")
        let configuration = try host.system().configuration(at: ConfigurationPath(site: "Site"))
        let error = configurationError { _ = try configuration.section("system.webServer/directoryBrowse") }
        #expect(error?.message == "Cannot read configuration file" && error?.code == 0x8007_0003)
    }

    @Test func configSourceIsReadFromTheFoldersBelowAndNowhereElse() throws {
        host.addSite("Site")
        host.write("Site/parts/browse.config", "<directoryBrowse enabled=\"true\"/>")
        host.write("Site/parts/wrong.config", "<handlers/>")
        host.write("outside.config", "<directoryBrowse enabled=\"true\"/>")
        func section(_ source: String) throws -> Element {
            host.writeWebConfig("Site/web.config", "<directoryBrowse configSource=\"\(source)\"/>")
            return try host.system().configuration(at: ConfigurationPath(site: "Site")).section(
                "system.webServer/directoryBrowse")
        }
        let good = try section(#"parts\browse.config"#)
        #expect(good.bool("enabled"))
        #expect(good.source("enabled").file?.hasSuffix("parts/browse.config") == true)
        for bad in ["../outside.config", "/etc/passwd", "parts/wrong.config", "nowhere.config", "C:\\x.config", ""] {
            let error = configurationError { _ = try section(bad) }
            #expect(error?.message == "Specified configSource cannot be parsed" && error?.line == 3)
        }
    }

    @Test func twoSpellingsOfWebConfigInOneFolderAreAnErrorThatNamesBoth() throws {
        host.addSite("Site")
        host.writeWebConfig("Site/Web.config", #"<directoryBrowse enabled="true"/>"#)
        let configuration = try host.system().configuration(at: ConfigurationPath(site: "Site"))
        #expect(try configuration.section("system.webServer/directoryBrowse").bool("enabled"))
        host.writeWebConfig("Site/web.config", "")
        let error = configurationError {
            _ = try host.system().configuration(at: ConfigurationPath(site: "Site")).section(
                "system.webServer/directoryBrowse")
        }
        #expect(error?.text.contains("Web.config, web.config") == true)
    }

    @Test func aWebConfigLargerThanIISReadsIsRefused() throws {
        host.addSite("Site")
        host.write("Site/web.config", "<configuration>" + String(repeating: " ", count: 260_000) + "</configuration>")
        let error = configurationError {
            _ = try host.system().configuration(at: ConfigurationPath(site: "Site")).section(
                "system.webServer/directoryBrowse")
        }
        #expect(error?.message == "Cannot read configuration file because it exceeds the maximum file size")
    }
}
