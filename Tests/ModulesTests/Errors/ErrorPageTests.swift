import Modules
import Pipeline
import PipelineTesting
import Testing
import Wire

/// The built-in pages: what they tell, to whom, and that nothing in them is anybody else's markup.
struct ErrorPageTests {
    let host: TestHost

    init() throws {
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: TestServices()))
    }

    /// Reference §2.7.
    @Test
    func theDetailedPageTellsWhatIISTells() throws {
        let page = try host.getLocally("/none.txt").text
        for (term, description) in [
            ("Module", "IIS Web Core"), ("Notification", "MapRequestHandler"), ("Error Code", "0x80070002"),
            ("Requested URL", "http://www.example.com/none.txt"),
            ("Physical Path", "\(host.folder.path)/www/none.txt"), ("Logon Method", "Anonymous"),
            ("Logon User", "Anonymous"), ("Site", "Site"),
        ] {
            #expect(page.contains("<dt>\(term)</dt><dd>\(description)</dd>"), "\(term)")
        }
        #expect(page.contains("<h2>Most likely causes</h2>"))
        #expect(page.contains("<h2>Things you can try</h2>"))
    }

    @Test
    func aRequestThatNobodyTookInHasNoUserYet() throws {
        try host.configure(
            "",
            "<security><requestFiltering><denyUrlSequences><add sequence=\"bad\"/></denyUrlSequences></requestFiltering></security>"
        )
        let page = try host.getLocally("/bad.txt").text
        #expect(page.contains("<dt>Logon User</dt><dd>Not yet determined</dd>"))
        #expect(page.contains("<dt>Handler</dt><dd>Not yet determined</dd>"))
    }

    @Test
    func whatTheClientSentIsEscaped() throws {
        let page = try host.getLocally("/<script>alert(1)</script>\"'&", path: "/<script>alert(1)<script>\"'&").text
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;script&gt;alert(1)"))
        #expect(page.contains("&quot;&#39;&amp;"))
    }

    @Test
    func neitherPageLoadsAnythingOrRunsAScript() throws {
        for page in [try host.getLocally("/none.txt").text, try host.get("/none.txt").text] {
            #expect(!page.contains("<script"))
            #expect(!page.contains("src="))
            #expect(!page.contains("url("))
            #expect(!page.contains("@import"))
            #expect(page.contains("<html lang=\"en\">"))
            #expect(page.contains("<main>"))
            #expect(page.contains("name=\"viewport\""))
        }
    }

    @Test
    func thePlainPageTellsNothingOfTheServer() throws {
        let page = try host.get("/none.txt?secret=1").text
        #expect(page.contains("HTTP Error 404 – Not Found"))
        for word in ["404.0", host.folder.path, "none.txt", "secret", "Module", "IIS", "Hostelry", "hostelry"] {
            #expect(!page.contains(word), "\(word)")
        }
    }

    @Test
    func theLinkForMoreInformationHandsOnStatusAndCode() throws {
        try host.configure("", "<httpErrors detailedMoreInformationLink=\"https://help.example/?topic=iis\"/>")
        let page = try host.getLocally("/none.txt").text
        #expect(page.contains("href=\"https://help.example/?topic=iis&amp;IIS70Error=404,0,0x80070002\""))
    }

    @Test(arguments: ["javascript:alert(1)", "data:text/html,x", "", "help"])
    func onlyWebAddressesAreLinked(_ link: String) throws {
        try host.configure("", "<httpErrors detailedMoreInformationLink=\"\(link)\"/>")
        #expect(try !host.getLocally("/none.txt").text.contains("More Information"))
    }

    @Test
    func contentThatTheServersConfigurationSwitchesOffIs403Point10() throws {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()),
            server:
                "<location path=\"Site/off\"><system.webServer><serverRuntime enabled=\"false\"/></system.webServer></location>"
        )
        try host.folder.write("www/off/a.txt", "content")
        try host.folder.write("www/a.txt", "content")
        let answer = try host.getLocally("/off/a.txt")
        #expect(answer.detailedStatus == "403.10")
        #expect(try host.get("/a.txt").status == 200)
    }
}
