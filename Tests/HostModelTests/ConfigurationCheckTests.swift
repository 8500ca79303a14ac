import Configuration
import Glibc
import HostModel
import Platform
import Testing

@Suite struct ConfigurationCheckTests {
    let folder = CheckFolder()

    private func problems(pools: String = "<add name=\"P\"/>", _ sites: String) throws -> [Problem] {
        ConfigurationCheck.problems(of: try serverConfiguration(pools: pools, sites: sites))
    }

    private func webConfig(_ sections: String) -> String {
        "<configuration><system.webServer>\(sections)</system.webServer></configuration>"
    }

    @Test func brokenWebConfigFilesAreFoundInEveryFolderAndToldOnce() throws {
        folder.write("a/web.config", webConfig("<directoryBrowse enabled=\"true\"/>"))
        folder.write("a/x/y/Web.config", "<configuration>\n<oops/></configuration>")
        folder.write(
            "a/z/web.config", "<configuration>\n<system.webServer><directoryBrowse color=\"1\"/></system.webServer>")
        let problems = try problems(
            siteText("A", id: 1, path: folder.path + "/a") + siteText("B", id: 2, path: folder.path + "/a"))
        #expect(problems.count == 2)
        #expect(problems.contains { $0.file.hasSuffix("/a/x/y/Web.config") && $0.line.number == 2 })
        #expect(problems.contains { $0.message.hasPrefix("Configuration file is not well-formed XML") })
    }

    @Test func aMissingRootFolderIsAnErrorOfTheSite() throws {
        let problems = try problems(siteText("A", id: 1, path: folder.path + "/nowhere"))
        #expect(problems.map(\.message) == ["Cannot read configuration file (the folder does not exist)"])
    }

    @Test func hostingRulesAreToldBeforehand() throws {
        for name in ["one", "two", "behind"] {
            let model = name == "behind" ? "outofprocess" : "inprocess"
            folder.write(
                "\(name)/web.config",
                webConfig(
                    """
                    <handlers><add name="aspNetCore" path="*" verb="*" modules="AspNetCoreModuleV2"/></handlers>
                    <aspNetCore processPath="dotnet" arguments=".\\App.dll" hostingModel="\(model)"/>
                    """))
        }
        let first = siteText("A", id: 1, path: folder.path + "/one")
        func errors(_ problems: [Problem]) -> [Problem] { problems.filter { $0.severity == .error } }
        let second = errors(try problems(first + siteText("B", id: 2, path: folder.path + "/two")))
        #expect(second.count == 1 && second[0].message.contains("(500.35)") && second[0].object == "application \"B/\"")
        let mixed = errors(try problems(first + siteText("B", id: 2, path: folder.path + "/behind")))
        #expect(mixed.count == 1 && mixed[0].message.contains("(500.34)"))
        let apart = try problems(
            pools: "<add name=\"P\"/><add name=\"Q\"/>",
            first + siteText("B", id: 2, pool: "Q", path: folder.path + "/two"))
        #expect(apart == [])
    }

    private func hand(_ name: String, _ module: String, _ section: String) {
        folder.write(
            "\(name)/web.config",
            webConfig("<handlers><add name=\"App\" path=\"*\" verb=\"*\" modules=\"\(module)\"/></handlers>\(section)"))
    }

    private func site(_ name: String, id: Int) -> String { siteText(name, id: id, path: "\(folder.path)/\(name)") }

    @Test func staticFilesAndProgramsOfHttpPlatformShareThePoolOfAnInProcessApplication() throws {
        hand(
            "net", "AspNetCoreModuleV2",
            #"<aspNetCore processPath="dotnet" arguments="A.dll" hostingModel="inprocess"/>"#)
        hand("node", "httpPlatformHandler", #"<httpPlatform processPath="node" arguments="a.js"/>"#)
        folder.write("files/index.html", "<p>")
        let sites = ["files", "net", "node", "more"].enumerated()
        folder.write("more/index.html", "<p>")
        #expect(try problems(sites.map { site($1, id: $0 + 1) }.joined()) == [])
    }

    /// As far as its headers go, for x64.
    private func writeDotNet() {
        folder.write("dotnet/dotnet", "\u{7F}ELF\u{2}\u{1}" + String(repeating: "\0", count: 12) + "\u{3E}" + "\0")
    }

    private func pool(_ path: String, variable: String = "PATH", _ attributes: String = "") -> String {
        """
        <add name="P" \(attributes)><environmentVariables><add name="\(variable)" value="\(path)"/>
        </environmentVariables></add>
        """
    }

    @Test func aRuntimeOfAnotherArchitectureThanItsPoolIsToldBeforehand() throws {
        writeDotNet()
        hand(
            "net", "AspNetCoreModuleV2",
            #"<aspNetCore processPath="dotnet" arguments="A.dll" hostingModel="inprocess"/>"#)
        folder.write("net/A.dll", "")
        for variable in ["PATH", "DOTNET_ROOT"] {
            let wrong = try problems(
                pools: pool("\(folder.path)/dotnet", variable: variable, "enable32BitAppOnWin64=\"true\""),
                site("net", id: 1))
            #expect(wrong.map(\.severity) == [.error])
            #expect(wrong.first?.message.contains("\(folder.path)/dotnet/dotnet is built for x64") == true)
            #expect(wrong.first?.message.hasSuffix("set enable32BitAppOnWin64=\"false\" (500.32)") == true)
        }
        #expect(try problems(pools: pool("\(folder.path)/dotnet"), site("net", id: 1)) == [])
    }

    @Test func whatASectionsProgramLacksIsToldInTheWordsOfItsStart() throws {
        writeDotNet()
        func remarks(_ section: String) throws -> [String] {
            hand("net", "AspNetCoreModuleV2", section)
            let server = try serverConfiguration(pools: pool("\(folder.path)/dotnet"), sites: site("net", id: 1))
            return PublishedApplications.remarks(in: server).map(\.text)
        }
        #expect(
            try remarks(#"<aspNetCore processPath="dotnet" arguments=".\A.dll"/>"#) == [
                #"The application '.\A.dll' is not in \#(folder.path)/net; publish it there or correct arguments"#
            ])
        folder.write("net/A.dll", "")
        #expect(try remarks(#"<aspNetCore processPath="dotnet" arguments=".\A.dll"/>"#) == [])
        #expect(
            try remarks(#"<aspNetCore processPath=".\b.exe"/>"#).first?.hasPrefix("Executable was not found at") == true
        )
        // Where its home is, only the worker knows.
        #expect(try remarks(#"<aspNetCore processPath="%HOME%\b.exe"/>"#) == [])
    }

    static let published: String? = {
        let package = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let folder = "/\(package)/shared/dotnet/published"
        return (try? Folder.subfolders(of: folder)) == nil ? nil : folder
    }()

    /// What the .NET SDK published: any CPU, 32 bits required, 64 bits.
    @Test(
        .enabled(if: published != nil, "the shared .NET applications are not beside the project"),
        arguments: [
            ("web", false, false), ("web", true, false), ("web-x86", false, true), ("web-x86", true, false),
            ("web-win-x64", true, true), ("web-win-x64", false, false),
        ])
    func aPublishedApplicationsArchitectureMatchesItsPool(_ name: String, _ enable32Bit: Bool, _ refused: Bool) throws {
        let path = "\(try #require(Self.published))/\(name)"
        let problems = try problems(
            pools: "<add name=\"P\" enable32BitAppOnWin64=\"\(enable32Bit)\"/>", siteText("A", id: 1, path: path))
        #expect(problems.contains { $0.message.contains("(500.32)") } == refused)
    }

    @Test func oneWebConfigIsCheckedOnItsOwn() {
        folder.write(
            "web.config",
            """
            <configuration>
            <location path="sub"><system.webServer><webSocket enabled="false"/></system.webServer></location>
            <system.webServer><staticContent><mimeMap fileExtension=".a" mimeType=""/></staticContent></system.webServer>
            </configuration>
            """)
        let problems = ConfigurationCheck.problems(ofWebConfig: folder.path + "/web.config")
        #expect(problems.map(\.line.number) == [2, 3])
        #expect(problems[1].message == "The 'mimeType' attribute is invalid.  String must not be empty")
        #expect(
            ConfigurationCheck.problems(ofWebConfig: folder.path).map(\.message)
                == ["Cannot read configuration file (not a regular file)"])
    }

    @Test func whatALocationOfTheServersFileSaysAgainIsToldWithItsLine() throws {
        let text = """
            <configuration><configSections><sectionGroup name="system.applicationHost"><section name="sites"/>
            <section name="applicationPools"/></sectionGroup><sectionGroup name="system.webServer"><section name="staticContent"/>
            <section name="handlers"/></sectionGroup></configSections>
            <system.applicationHost><applicationPools><add name="P"/></applicationPools>
            <sites>\(siteText("A", id: 1, path: folder.path))</sites></system.applicationHost>
            <system.webServer><staticContent><mimeMap fileExtension=".a" mimeType="x/y"/></staticContent></system.webServer>
            <location path="A/deep"><system.webServer><staticContent>
            <mimeMap fileExtension=".A" mimeType="x/y"/></staticContent></system.webServer></location>
            </configuration>
            """
        let server = try ServerConfiguration(bytes: Array(text.utf8), path: "applicationHost.config")
        let errors = ConfigurationCheck.problems(of: server).filter { $0.severity == .error }
        #expect(errors.map(\.line.number) == [10])
        #expect(errors.first?.message.hasPrefix("Cannot add duplicate collection entry of type 'mimeMap'") == true)
    }

    @Test func aMistakeInAFileOfAConfigSourceIsTold() throws {
        folder.write("a/web.config", webConfig("<directoryBrowse configSource=\"browse.config\"/>"))
        folder.write("a/browse.config", "\n<directoryBrowse colour=\"1\"/>")
        let problems = try problems(siteText("A", id: 1, path: folder.path + "/a"))
        #expect(problems.map(\.message) == ["Unrecognized attribute 'colour'"])
        #expect(problems.first?.file.hasSuffix("/a/browse.config") == true && problems.first?.line.number == 2)
    }
}

/// A folder that goes with the test.
final class CheckFolder {
    let path: String

    init() {
        var template = Array("/tmp/hostelry-test-XXXXXX".utf8CString)
        path = unsafe String(cString: mkdtemp(&template))
    }

    deinit { Self.remove(path) }

    func write(_ name: String, _ text: String) {
        var made = path
        for segment in name.split(separator: "/").dropLast() {
            made += "/\(segment)"
            unsafe mkdir(made, 0o755)
        }
        let file = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        let bytes = Array(text.utf8)
        let written = unsafe Glibc.write(file, bytes, bytes.count)
        #expect(written == bytes.count)
        close(file)
    }

    private static func remove(_ path: String) {
        for name in (try? FolderNames.filter(path) { _ in true }) ?? [] {
            let inner = "\(path)/\(name)"
            if unsafe unlink(inner) != 0 { remove(inner) }
        }
        unsafe rmdir(path)
    }
}
