import Configuration
import ConfigurationStore
import TestSupport
import Testing

/// Issue "Coming from Windows": what is ours is left out of exports for Windows.
struct WindowsExportTests {
    private func mapping(_ maps: [String] = [], accounts: [String: String] = [:]) -> WindowsImport.Mapping {
        WindowsImport.Mapping(
            paths: WindowsPathMap(maps.compactMap { WindowsPathMap.Entry($0) }), accounts: accounts)
    }

    private static func file(_ sections: String) -> String {
        """
        <configuration>
          <configSections><sectionGroup name="system.applicationHost"><section name="applicationPools"/><section name="sites"/>
          </sectionGroup><sectionGroup name="system.webServer"><section name="globalModules"/><sectionGroup name="security">
          <sectionGroup name="authentication"><section name="basicAuthentication"/></sectionGroup></sectionGroup></sectionGroup>
          </configSections>
        \(sections)
        </configuration>
        """
    }

    private static let site = file(
        """
          <system.applicationHost><sites><site name="A" id="1"><application path="/">
            <virtualDirectory path="/" physicalPath="C:\\inetpub\\a" />
          </application></site></sites></system.applicationHost>
        """)

    private func write(
        _ text: String, _ mapping: WindowsImport.Mapping, variables: [String: String] = [:]
    ) throws -> (text: String, rows: [WindowsExport.Row]) {
        let server = try ServerConfiguration(bytes: Array(text.utf8), path: "x", variables: variables)
        let outcome = try WindowsExport(server, mapping: mapping)
        return (String(decoding: outcome.bytes, as: UTF8.self), outcome.rows)
    }

    @Test func whatIsOursIsLeftOutAndListed() throws {
        let text = Self.site.replacing("a\" />", with: "a\" caseSensitive=\"false\" />")
        let (outcome, rows) = try write(text, mapping())
        #expect(outcome == Self.site)
        #expect(rows.map(\.attribute) == ["virtualDirectory/caseSensitive"])
        #expect(rows.map(\.outcome) == [.leftOut])
        let users = Self.file(
            """
            <location path="A"><system.webServer><security><authentication><basicAuthentication enabled="true" usersFile="/u"
            groupsFile="/g"/></authentication></security></system.webServer></location>
            """)
        let (other, otherRows) = try write(users, mapping())
        #expect(other.contains("<basicAuthentication enabled=\"true\"/>"))
        #expect(otherRows.map(\.attribute) == ["basicAuthentication/usersFile", "basicAuthentication/groupsFile"])
    }

    @Test func theWayBackGivesTheFileOfWindows() throws {
        let maps = mapping(["C:\\inetpub=/srv/inetpub"])
        let document = try Document(bytes: Array(Self.site.utf8), path: "applicationHost.config")
        let here = try WindowsImport(document, schema: .builtIn, mapping: maps)
        #expect(String(decoding: here.bytes, as: UTF8.self).contains("/srv/inetpub/a"))
        #expect(try write(String(decoding: here.bytes, as: UTF8.self), maps).text == Self.site)
    }

    @Test func foldersThatNobodyMapsAreListed() throws {
        let text = Self.site.replacing("C:\\inetpub\\a", with: "%HOSTELRY_CONFIG_DIR%/a")
        let variables = ["HOSTELRY_CONFIG_DIR": "/etc/hostelry"]
        let (kept, rows) = try write(text, mapping(), variables: variables)
        #expect(kept == text)
        #expect(rows.map(\.outcome) == [.decide])
        let (mapped, others) = try write(text, mapping(["C:\\sites=/etc/hostelry"]), variables: variables)
        #expect(mapped == Self.site.replacing("C:\\inetpub\\a", with: "C:\\sites\\a"))
        #expect(others.map(\.note) == ["C:\\sites\\a"])
    }

    @Test func namesThatWindowsHasNotAreNotMapped() {
        let map = WindowsPathMap(["C:\\a=/srv", "D:\\=/data", "E:\\x=/srv/x"].compactMap { WindowsPathMap.Entry($0) })
        #expect(map.windows(of: "/srv/b/c") == "C:\\a\\b\\c")
        #expect(map.windows(of: "/srv/x/c") == "E:\\x\\c")
        #expect(map.windows(of: "/data/c") == "D:\\c")
        #expect(map.windows(of: "/data") == "D:\\")
        for path in ["/srv/b:c", "/srv/what?", "/srv/../x", "/srvs", "/etc"] { #expect(map.windows(of: path) == nil) }
    }

    @Test func secretsAreLeftOutOnlyWhereSomebodySaysSo() throws {
        let ring = KeyRing(now: 1)
        let sealed = HostelryAesProvider.seal("pl4nted", with: ring)
        let text = Self.file(
            """
            <system.applicationHost><applicationPools>
            <add name="P"><processModel identityType="SpecificUser" userName="www-data" password="\(sealed)"/></add>
            <add name="Q"><processModel password="in clear"/></add>
            <add name="R"><processModel password="[enc:IISWASOnlyAesProvider:AAAA:enc]"/></add>
            <add name="S"><processModel password="[enc:HostelryAesProvider::enc]"/></add>
            </applicationPools></system.applicationHost>
            """)
        let server = try ServerConfiguration(bytes: Array(text.utf8), path: "x")
        func export(leavesSecretsOut: Bool) throws -> (export: ConfigurationExport, report: String) {
            try ConfigurationExport.windows(
                server, administration: nil, sites: [], mapping: mapping(accounts: ["CORP\\web": "www-data"]),
                leavesSecretsOut: leavesSecretsOut)
        }
        #expect { _ = try export(leavesSecretsOut: false) } throws: {
            "\($0)".contains("--without-secrets") && "\($0)".contains("x:7") && "\($0)".contains("x:8")
                && !"\($0)".contains("in clear")
        }
        let (outcome, report) = try export(leavesSecretsOut: true)
        #expect(outcome.files.map(\.name) == ["applicationHost.config"])
        let bytes = String(decoding: outcome.files[0].bytes, as: UTF8.self)
        #expect(!bytes.contains("HostelryAesProvider") && !bytes.contains("in clear"))
        #expect(bytes.contains("[enc:IISWASOnlyAesProvider:AAAA:enc]"))
        #expect(bytes.contains("userName=\"corp\\web\""))
        #expect(report.split(separator: "\n").count == 4)
        #expect(!report.contains("in clear") && !report.contains("pl4nted"))
    }

    @Test func aFileThatReliesOnWhatIsBuiltInIsNoneForWindows() throws {
        let server = try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "x")
        #expect {
            _ = try ConfigurationExport.windows(
                server, administration: nil, sites: [], mapping: mapping(), leavesSecretsOut: false)
        } throws: { "\($0)".contains("<configSections>") }
    }

    @Test func modulesWithoutLibrariesAreListed() throws {
        let text = Self.file(
            """
            <system.webServer><globalModules><add name="A"/><add name="B" image="b.dll"/></globalModules></system.webServer>
            """)
        let (kept, rows) = try write(text, mapping())
        #expect(kept == text)
        #expect(rows.map { $0.note.hasPrefix("1 modules") } == [true])
    }

    @Test func theSchemaMarksWhatIsOurs() {
        let basic = Schema.builtIn.section("system.webServer/security/authentication/basicAuthentication")
        #expect(basic?.attribute("usersFile")?.isOurs == true)
        #expect(basic?.attribute("enabled")?.isOurs == false)
        #expect(basic?.isOurs == false)
    }

    /// One that a third party's schema describes comes along, so that its section can be checked.
    @Test func schemaFilesOfOthersAreTakenOver() throws {
        let folder = try TemporaryFolder()
        for name in ["windows", "windows/schema", "here"] { folder.makeFolder(name) }
        try folder.write(
            "windows/applicationHost.config",
            "<configuration><configSections><sectionGroup name=\"contoso\"><section name=\"tools\"/></sectionGroup>"
                + "</configSections><contoso><tools interval=\"5\"/></contoso></configuration>")
        let schema = """
            <configSchema><sectionSchema name="contoso/tools"><attribute name="interval" type="uint"/></sectionSchema>
            </configSchema>
            """
        try folder.write("windows/schema/contoso_schema.xml", schema)
        try folder.write("windows/schema/IIS_schema.xml", "<whatever/>")
        try folder.write("windows/schema/broken.xml", "<configSchema><sectionSchema/></configSchema>")
        func plan() throws -> (plan: ImportPlan, report: WindowsReport) {
            try ImportPlan.windows(
                folder["windows"], mapping(), ring: KeyRing(now: 1),
                into: try ImportTarget.read(folder["here/applicationHost.config"], variables: [:])
            ) { _ in true }
        }
        let (outcome, report) = try plan()
        #expect(
            outcome.files.map(\.path) == [
                folder["here/schema/contoso_schema.xml"], folder["here/applicationHost.config"],
            ])
        #expect(outcome.files[0].new == Array(schema.utf8))
        #expect(outcome.missingFolders == [folder["here/schema"]])
        let rows = report.rows.filter { $0.section.hasPrefix("schema/") }
        #expect(rows.map(\.section) == ["schema/IIS_schema.xml", "schema/broken.xml", "schema/contoso_schema.xml"])
        #expect(rows.map(\.outcome) == [.replaced, .decide, .works])
        #expect(report.text.contains("contoso_schema.xml:1: works: schema/contoso_schema.xml: taken over"))
        #expect(rows.last?.note == "taken over; it describes contoso/tools")
        // What it describes is checked.
        try folder.write(
            "windows/applicationHost.config",
            try folder.text("windows/applicationHost.config").replacing("\"5\"", with: "\"often\""))
        #expect { _ = try plan() } throws: { "\($0)".contains("interval") }
    }
}
