import Modules
import Pipeline
import PipelineTesting
import Testing
import Wire

/// Reference §5.2 and Appendix B: `staticContent` `enableDocFooter`, `defaultDocFooter`, `isDocFooterFileName`.
struct DocumentFooterTests {
    let services = TestServices()
    let host: TestHost

    init() throws { try self.init(isFileName: false) }

    /// The stock configuration locks `isDocFooterFileName` for web.config files.
    private init(isFileName: Bool) throws {
        host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services),
            server:
                "<system.webServer><staticContent isDocFooterFileName=\"\(isFileName)\"/></system.webServer>")
        try host.folder.write("www/page.html", "<p>page")
        try host.folder.write("www/page.txt", "text")
        try host.folder.write("www/large.html", bytes: Array(repeating: 0x61, count: 300_000))
    }

    private func configure(_ attributes: String) throws {
        try host.configure("", "<staticContent \(attributes)/>")
        host.waitForRecheck()
    }

    @Test
    func aTextIsAppendedToHTMLAlone() throws {
        let bare = try #require(try host.get("/page.html").value("etag"))
        try configure("enableDocFooter=\"true\" defaultDocFooter=\"&lt;hr>end\"")
        let answer = try host.get("/page.html")
        #expect(answer.text == "<p>page<hr>end")
        #expect(answer.head?.contentLength == 14)
        #expect(try host.get("/page.txt").text == "text")
        // Another footer is another page.
        let tag = try #require(answer.value("etag"))
        #expect(tag != bare)
        #expect(try host.get("/page.html", headers: [("If-None-Match", tag)]).status == 304)
        #expect(answer.value("last-modified") == nil)
        try configure("enableDocFooter=\"true\" defaultDocFooter=\"other\"")
        #expect(try host.get("/page.html").value("etag") != tag)
    }

    @Test
    func largePagesGetItToo() throws {
        try configure("enableDocFooter=\"true\" defaultDocFooter=\"end\"")
        let answer = try host.get("/large.html")
        #expect(answer.head?.contentLength == 300_003)
        #expect(answer.text.hasSuffix("aaaend"))
        #expect(answer.body.count == 300_003)
        let part = try host.get("/large.html", headers: [("Range", "bytes=299998-")])
        #expect(part.status == 206)
        #expect(part.text == "aaend")
        #expect(part.value("content-range") == "bytes 299998-300002/300003")
        #expect(try host.get("/large.html", headers: [("Range", "bytes=300001-300001")]).text == "n")
    }

    @Test
    func itIsOffUntilItIsEnabled() throws {
        try configure("defaultDocFooter=\"end\"")
        #expect(try host.get("/page.html").text == "<p>page")
    }

    @Test
    func aFileIsAppendedAsItIsNow() throws {
        let files = try DocumentFooterTests(isFileName: true)
        try files.host.folder.write("footer.txt", "one")
        try files.configure(
            "enableDocFooter=\"true\" defaultDocFooter=\"\(files.host.folder.path)/footer.txt\"")
        #expect(try files.host.get("/page.html").text == "<p>pageone")
        try files.host.folder.write("footer.txt", "three")
        try files.host.folder.setModified("footer.txt", seconds: 784_111_778)
        let answer = try files.host.get("/page.html")
        #expect(answer.text == "<p>pagethree")
        #expect(answer.value("last-modified") == "Sun, 06 Nov 1994 08:49:38 GMT")
    }

    @Test
    func pagesGoWithoutAFileThatIsNotThereAndItIsToldOnce() throws {
        let files = try DocumentFooterTests(isFileName: true)
        try files.configure(
            "enableDocFooter=\"true\" defaultDocFooter=\"\(files.host.folder.path)/none.txt\"")
        for _ in 0..<3 { #expect(try files.host.get("/page.html").text == "<p>page") }
        #expect(files.services.reports.count == 1)
    }

    @Test
    func aRelativeNameIsAnErrorOfTheConfiguration() throws {
        let files = try DocumentFooterTests(isFileName: true)
        try files.configure("enableDocFooter=\"true\" defaultDocFooter=\"footer.txt\"")
        let answer = try files.host.getLocally("/page.html")
        #expect(answer.status == 500)
        #expect(answer.text.contains("defaultDocFooter"))
    }
}
