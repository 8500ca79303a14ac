import PipelineTesting
import Testing
import Wire

/// What a worker tells of the web.config files that it reads.
struct WebConfigReportingTests {
    let driver: WorkerDriver

    init() throws {
        driver = try WorkerDriver()
        driver.folder.makeFolder("www/a")
        try driver.folder.write("www/index.txt", "content")
        try driver.folder.write("www/a/b.txt", "content")
    }

    private var reports: [WebConfigReport] {
        driver.messages.compactMap { if case .webConfig(let report) = $0 { report } else { nil } }
    }

    private func file(_ sections: String) -> String {
        "<configuration>\n<system.webServer>\n\(sections)\n</system.webServer>\n</configuration>"
    }

    private func last(_ path: String) -> WebConfigReport? { reports.last { $0.path == path } }

    private func fragments(_ path: String) -> [String] {
        guard case .read(let sections, _)? = last(path)?.content else { return [] }
        return sections.map(\.fragment)
    }

    /// A worker that serves a request for each of these.
    private func ask(_ link: RouterDouble, _ paths: [String], from first: UInt32 = 1) {
        for (number, path) in paths.enumerated() {
            let stream = first + UInt32(number)
            link.send(TestRequest(path), stream: stream)
            #expect(driver.wait { link[stream].hasEnded })
        }
    }

    @Test func whatItReadsItTellsAfterwards() throws {
        try driver.folder.write("www/web.config", file(#"<directoryBrowse enabled="true"/>"#))
        try driver.folder.write(
            "www/a/Web.config",
            file(#"<httpProtocol><customHeaders><add name="X" value="1"/></customHeaders></httpProtocol>"#))
        driver.send(.webConfigsWanted)
        try driver.configure()
        let link = try driver.link()
        ask(link, ["/a/b.txt"])
        #expect(driver.wait { last("/") != nil && last("/a") != nil })
        #expect(last("/")?.siteID == 1)
        #expect(last("/")?.file == "\(driver.folder.path)/www/web.config")
        #expect(last("/a")?.file == "\(driver.folder.path)/www/a/Web.config")
        #expect(fragments("/") == [#"<directoryBrowse enabled="true"/>"#])
        guard case .read(let sections, problem: nil)? = last("/a")?.content else { return #expect(Bool(false)) }
        #expect(sections.map(\.name) == ["system.webServer/httpProtocol"])
        #expect(sections.map(\.line) == [3])
    }

    @Test func aFileThatChangesIsToldAnewAndOneThatGoesAsGone() throws {
        try driver.folder.write("www/web.config", file(#"<directoryBrowse enabled="true"/>"#))
        driver.send(.webConfigsWanted)
        try driver.configure()
        let link = try driver.link()
        ask(link, ["/index.txt"])
        #expect(driver.wait { fragments("/") == [#"<directoryBrowse enabled="true"/>"#] })
        try driver.folder.write("www/web.config", file(#"<directoryBrowse enabled="false"/>"#))
        var stream: UInt32 = 10
        /// Asks again whenever there is an answer, in the same slot.
        func askAgain() {
            guard stream == 10 || link[stream].hasEnded else { return }
            stream += 1 << 16
            link.send(TestRequest("/index.txt"), stream: stream)
        }
        #expect(
            driver.wait {
                askAgain()
                return fragments("/") == [#"<directoryBrowse enabled="false"/>"#]
            })
        driver.folder.remove("www/web.config")
        #expect(
            driver.wait {
                askAgain()
                return last("/")?.content == .absent
            })
    }

    @Test func aMistakeIsToldWithItsLine() throws {
        try driver.folder.write("www/web.config", file("<directoryBrowse wrong=\"1\"/>"))
        driver.send(.webConfigsWanted)
        try driver.configure()
        ask(try driver.link(), ["/index.txt"])
        #expect(driver.wait { last("/") != nil })
        guard case .read(_, let problem?)? = last("/")?.content else { return #expect(Bool(false)) }
        #expect(problem == .init(line: 3, message: "Unrecognized attribute 'wrong'"))
    }

    @Test func whoeverAsksAgainIsToldAgain() throws {
        try driver.folder.write("www/web.config", file("<directoryBrowse/>"))
        driver.send(.webConfigsWanted)
        try driver.configure()
        ask(try driver.link(), ["/index.txt"])
        #expect(driver.wait { reports.count == 1 })
        driver.send(.webConfigsWanted)
        #expect(driver.wait { reports.count == 2 })
        #expect(reports[0] == reports[1])
    }

    /// What was read of a folder is not told of the one that has its place now.
    @Test func aFolderThatIsNoLongerTheSitesIsNotToldAnyMore() throws {
        driver.folder.makeFolder("www2")
        driver.folder.makeFolder("www/kept")
        for name in ["www", "www/kept"] { try driver.folder.write("\(name)/web.config", file("<directoryBrowse/>")) }
        try driver.folder.write("www/kept/c.txt", "content")
        func configuration(_ root: String) -> String {
            """
            <configuration><system.applicationHost>
              <applicationPools><add name="Pool"/></applicationPools>
              <sites><site name="Site" id="1">
                <application path="/" applicationPool="Pool">
                  <virtualDirectory path="/" physicalPath="\(driver.folder.path)/\(root)"/>
                  <virtualDirectory path="/kept" physicalPath="\(driver.folder.path)/www/kept"/></application>
                <bindings><binding protocol="http" bindingInformation="*:80:"/></bindings>
              </site></sites></system.applicationHost></configuration>
            """
        }
        driver.send(.webConfigsWanted)
        try driver.configure(text: configuration("www"))
        ask(try driver.link(), ["/kept/c.txt"])
        #expect(driver.wait { last("/") != nil && last("/kept") != nil })
        let before = reports.count
        try driver.configure(text: configuration("www2"))
        driver.send(.webConfigsWanted)
        #expect(driver.wait { reports.count > before })
        driver.send(.ping(1))
        #expect(driver.wait { driver.messages.contains(.pong(1)) })
        #expect(reports[before...].map(\.path) == ["/kept"])
    }

    @Test func whomNobodyAskedTellsNothing() throws {
        try driver.folder.write("www/web.config", file("<directoryBrowse/>"))
        try driver.configure()
        ask(try driver.link(), ["/index.txt"])
        driver.send(.webConfigsWanted)
        driver.send(.ping(1))
        #expect(driver.wait { driver.messages.contains(.pong(1)) })
        #expect(reports.isEmpty)
    }

    @Test func whatIsSecretIsCovered() throws {
        let variable = #"<environmentVariable name="A" value="pl4nted"/>"#
        try driver.folder.write(
            "www/web.config",
            file("<aspNetCore processPath=\"x\"><environmentVariables>\(variable)</environmentVariables></aspNetCore>"))
        driver.send(.webConfigsWanted)
        try driver.configure()
        ask(try driver.link(), ["/index.txt"])
        #expect(driver.wait { last("/") != nil })
        #expect(fragments("/").joined().contains("********"))
        #expect(!fragments("/").joined().contains("pl4nted"))
    }
}
