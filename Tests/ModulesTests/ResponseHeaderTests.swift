import Modules
import PipelineTesting
import Testing
import Wire

/// Reference §5.2: *httpProtocol*.
struct ResponseHeaderTests {
    let host: TestHost

    init() throws {
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: TestServices()))
        try host.folder.write("www/a.txt", "content")
    }

    private func configure(_ custom: String, redirect: String = "", attributes: String = "") throws {
        try host.configure(
            "",
            "<httpProtocol \(attributes)><customHeaders>\(custom)</customHeaders><redirectHeaders>\(redirect)</redirectHeaders></httpProtocol>"
        )
    }

    @Test
    func everyResponseHasTheCustomHeaders() throws {
        try configure("<add name=\"X-One\" value=\"1\"/><add name=\"X-Empty\" value=\"\"/>")
        let served = try host.get("/a.txt")
        #expect(served.values("x-one") == ["1"])
        #expect(served.values("x-empty") == [""])
        #expect(try host.get("/missing").values("x-one") == ["1"])
        let tag = try #require(served.value("etag"))
        let unchanged = try host.get("/a.txt", headers: [("If-None-Match", tag)])
        #expect(unchanged.status == 304)
        #expect(unchanged.values("x-one") == ["1"])
    }

    @Test
    func redirectionsAloneHaveTheRedirectHeaders() throws {
        try configure("<add name=\"X-One\" value=\"1\"/>", redirect: "<add name=\"X-Two\" value=\"2\"/>")
        host.folder.makeFolder("www/sub")
        let moved = try host.get("/sub")
        #expect(moved.status == 301)
        #expect(moved.values("x-one") == ["1"])
        #expect(moved.values("x-two") == ["2"])
        #expect(try host.get("/a.txt").values("x-two").isEmpty)
    }

    @Test
    func aHeaderThatTheApplicationSetTooIsSentTwice() throws {
        try configure("<add name=\"Content-Type\" value=\"text/x-second\"/>")
        #expect(try host.get("/a.txt").values("content-type") == ["text/plain", "text/x-second"])
    }

    @Test
    func aFolderBelowRemovesAndReplaces() throws {
        try configure("<add name=\"X-One\" value=\"1\"/><add name=\"X-Two\" value=\"2\"/>")
        try host.folder.write("www/sub/a.txt", "content")
        try host.configure(
            "sub",
            "<httpProtocol><customHeaders><remove name=\"x-one\"/><remove name=\"X-Two\"/><add name=\"X-Two\" value=\"new\"/></customHeaders></httpProtocol>"
        )
        let answer = try host.get("/sub/a.txt")
        #expect(answer.values("x-one").isEmpty)
        #expect(answer.values("x-two") == ["new"])
        #expect(try host.get("/a.txt").values("x-one") == ["1"])
    }

    @Test
    func aConnectionIsClosedWhereTheConfigurationSaysSo() throws {
        #expect(try host.get("/a.txt").head?.closesConnection == false)
        try configure("", attributes: "allowKeepAlive=\"false\"")
        host.waitForRecheck()
        #expect(try host.get("/a.txt").head?.closesConnection == true)
    }

    @Test(arguments: [
        "<add name=\"X One\" value=\"1\"/>", "<add name=\"X:\" value=\"1\"/>", "<add name=\"\" value=\"1\"/>",
        "<add name=\"X\" value=\"a&#13;&#10;Y: b\"/>", "<add name=\"X&#10;\" value=\"1\"/>",
    ])
    func aHeaderThatIsNoneIsAnErrorOfTheConfiguration(_ entry: String) throws {
        try configure(entry)
        let answer = try host.getLocally("/a.txt")
        #expect(answer.detailedStatus == "500.19")
        #expect(answer.text.contains("attribute is invalid. (a header&#39;s"))
    }

    @Test
    func headersThatWouldFillTheWholeHeadAreAnErrorOfTheConfiguration() throws {
        let value = String(repeating: "a", count: 17_000)
        try configure("<add name=\"X-1\" value=\"\(value)\"/><add name=\"X-2\" value=\"\(value)\"/>")
        #expect(try host.getLocally("/a.txt").detailedStatus == "500.19")
    }
}
