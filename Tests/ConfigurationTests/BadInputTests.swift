import Configuration
import Glibc
import Platform
import Testing

/// What the worst stranger would put in the configuration's place: an error with its words, in bounded time and memory.
@Suite struct BadInputTests {
    let host = TestServer()

    private func error(reading name: String) -> ConfigurationError? {
        configurationError { _ = try ServerConfiguration.read(path: "\(host.folder)/\(name)") }
    }

    @Test func whatIsNoReadableFileSaysWhy() {
        host.makeFolder("folder.config")
        #expect(error(reading: "folder.config")?.text == "Cannot read configuration file (not a regular file)")
        #expect(error(reading: "nowhere.config")?.code == 0x8007_0002)
        unsafe mkfifo("\(host.folder)/pipe.config", 0o600)
        #expect(error(reading: "pipe.config")?.message == "Cannot read configuration file")
    }

    @Test func aHugeFileIsRefusedUnread() throws {
        let file = try FileDescriptor.open("\(host.folder)/huge.config", O_WRONLY | O_CREAT)
        #expect(ftruncate(file.number, 200 << 20) == 0)
        #expect(
            error(reading: "huge.config")?.message
                == "Cannot read configuration file because it exceeds the maximum file size")
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>\n<configuration>&b;</configuration>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">\n<configuration/>", "<configuration>\u{0}</configuration>",
        "<configuration>" + String(repeating: "<a>", count: 10_000), "\u{FEFF}", "PK\u{3}\u{4}",
        "<configuration>&nbsp;</configuration>",
    ])
    func whatIsNoConfigurationIsNotWellFormed(_ text: String) {
        let error = configurationError { _ = try host.server(text) }
        #expect(error?.message == "Configuration file is not well-formed XML")
        #expect(error?.line == 1)
    }

    @Test func invalidUTF8IsRefusedWithItsLine() {
        let bytes = Array("<configuration>\n<a b='".utf8) + [0xFF, 0xC0, 0x80] + Array("'/></configuration>".utf8)
        let error = configurationError { _ = try ServerConfiguration(bytes: bytes, path: "x") }
        #expect(error?.message == "Configuration file is not well-formed XML" && error?.line == 2)
    }

    @Test func aBrokenSchemaFileIsAnErrorOfThatFile() {
        host.write("applicationHost.config", "<configuration/>")
        host.write(
            "schema/mine.xml",
            "<configSchema>\n<sectionSchema name='a'><attribute name='x' type='colour'/></sectionSchema></configSchema>"
        )
        let broken = error(reading: "applicationHost.config")
        #expect(broken?.file.hasSuffix("/schema/mine.xml") == true && broken?.line == 2)
    }

    @Test func aSchemaFileBesideTheConfigurationMakesASectionOfItsOwn() throws {
        host.write(
            "schema/mine.xml",
            """
            <configSchema><sectionSchema name="mine/section"><attribute name="size" type="uint" defaultValue="3"/>
            <collection addElement="add"><attribute name="key" type="string" isUniqueKey="true" required="true"/></collection>
            </sectionSchema>
            <sectionSchema name="system.webServer/directoryBrowse"><attribute name="extra" type="bool"/></sectionSchema></configSchema>
            """)
        host.write(
            "applicationHost.config",
            """
            <configuration><configSections><sectionGroup name="mine"><section name="section"/></sectionGroup>
            <sectionGroup name="system.webServer"><section name="directoryBrowse"/></sectionGroup></configSections>
            <mine><section size="x"><add key="a"/><add key="A"/></section></mine>
            <system.webServer><directoryBrowse enabled="true" extra="true"/></system.webServer></configuration>
            """)
        let server = try ServerConfiguration.read(path: host.folder + "/applicationHost.config")
        #expect(
            server.problems().map(\.message) == [
                "The 'size' attribute is invalid.  Not a valid unsigned integer",
                "Cannot add duplicate collection entry of type 'add' with unique key attribute 'key' set to 'A'",
            ])
        #expect(server.section("system.webServer/directoryBrowse").bool("extra"))
    }

    /// Random cuts and changes of a real file: an error or a configuration, never a crash, never a half-read file.
    @Test func damagedFilesNeverCrash() throws {
        let text = Array(
            "<?xml version=\"1.0\"?><configuration><configSections><sectionGroup name=\"system.webServer\"><section name=\"handlers\"/></sectionGroup></configSections><location path=\".\" overrideMode=\"Deny\"><system.webServer><handlers accessPolicy=\"Read, Script\" lockItem=\"true\"><remove name=\"a\"/><clear/><add name=\"x\" path=\"*&amp;\" verb='*'/></handlers></system.webServer></location></configuration>"
                .utf8)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var damaged = text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: damaged[place] = UInt8.random(in: 0...255, using: &random)
                case 1: damaged.remove(at: place)
                default: damaged.insert(damaged[Int.random(in: 0..<damaged.count, using: &random)], at: place)
                }
            }
            guard let server = try? ServerConfiguration(bytes: damaged, path: "x") else { continue }
            _ = server.problems()
            let system = ConfigurationSystem(server: server, layout: { _ in nil })
            _ = try? system.root.section("system.webServer/handlers").items.map { $0.string("name") }
        }
    }

    /// Ten thousand entries over ten thousand: comparing each with each would take minutes.
    @Test func hugeCollectionsCostWhatTheySay() throws {
        host.addSite("Site")
        func entries(_ name: String) -> String { (0..<8_000).map { "<add value='\(name)\($0)'/>" }.joined() }
        host.writeWebConfig("Site/web.config", "<defaultDocument><files>\(entries("a"))</files></defaultDocument>")
        host.writeWebConfig("Site/sub/web.config", "<defaultDocument><files>\(entries("b"))</files></defaultDocument>")
        let removals = (0..<8_000).map { "<remove value='A\($0)'/>" }.joined()
        host.writeWebConfig(
            "Site/sub/sub/web.config", "<defaultDocument><files>\(removals)</files></defaultDocument>")
        let system = try host.system(
            "<configuration><system.webServer><defaultDocument><files><clear/></files></defaultDocument></system.webServer></configuration>"
        )
        let start = ContinuousClock.now
        let files = try system.configuration(at: ConfigurationPath(site: "Site", path: "/sub/sub")).section(
            "system.webServer/defaultDocument"
        ).element("files").list("value")
        #expect(files.count == 8_000 && files.first == "b0" && files.last == "b7999")
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
