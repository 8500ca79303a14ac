import Modules
import Pipeline
import PipelineTesting
import Testing

/// Reference §2.7 and §3.2: a broken web.config is 500.19 at and below its folder, and nowhere else.
struct ConfigurationErrorTests {
    let host: TestHost

    init() throws {
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: TestServices()))
        try host.folder.write("www/a.txt", "content")
        try host.folder.write("www/sub/a.txt", "content")
        try host.folder.write("www/sub/deeper/a.txt", "content")
    }

    @Test
    func aBrokenFileConcernsItsFolderAndWhatLiesBelow() throws {
        try host.configure(
            "sub",
            "<staticContent>\n<mimeMap fileExtension=\".x\" wrong=\"<1>\"/>\n</staticContent>".replacing(
                "<1>", with: "&lt;1&gt;"))
        #expect(try host.get("/a.txt").status == 200)
        #expect(try host.getLocally("/sub/a.txt").detailedStatus == "500.19")
        #expect(try host.getLocally("/sub/deeper/a.txt").detailedStatus == "500.19")
    }

    @Test
    func aLocalClientSeesTheFileTheLineAndItsThreeLinesEscaped() throws {
        try host.folder.write(
            "www/sub/web.config",
            "<configuration>\n  <system.webServer>\n    <staticContent>\n      <mimeMap fileExtension=\".x\" wrong=\"a\" />\n    </staticContent>\n  </system.webServer>\n</configuration>\n"
        )
        let page = try host.getLocally("/sub/a.txt").text
        #expect(page.contains("Unrecognized attribute &#39;wrong&#39;"))
        #expect(page.contains("\(host.folder.path)/www/sub/web.config"))
        #expect(page.contains("0x8007000d"))
        #expect(page.contains("3:     &lt;staticContent&gt;"))
        #expect(
            page.contains(
                "<strong>4:       &lt;mimeMap fileExtension=&quot;.x&quot; wrong=&quot;a&quot; /&gt;</strong>"))
        #expect(page.contains("5:     &lt;/staticContent&gt;"))
    }

    @Test
    func aRemoteClientSeesNeitherPathNorText() throws {
        try host.configure("sub", "<staticContent wrong=\"a\"/>")
        let answer = try host.get("/sub/a.txt")
        #expect(answer.status == 500)
        #expect(!answer.text.contains(host.folder.path))
        #expect(!answer.text.contains("wrong"))
        #expect(!answer.text.contains("web.config"))
    }

    @Test
    func aFileThatIsNotXMLIsNotWellFormed() throws {
        try host.folder.write("www/sub/web.config", "{}")
        let page = try host.getLocally("/sub/a.txt")
        #expect(page.detailedStatus == "500.19")
        #expect(page.text.contains("Configuration file is not well-formed XML"))
    }

    @Test
    func aLockedSectionIsRefusedWithItsCode() throws {
        try host.configure(
            "sub", "<security><authentication><anonymousAuthentication enabled=\"false\"/></authentication></security>")
        let page = try host.getLocally("/sub/a.txt")
        #expect(page.detailedStatus == "500.19")
        #expect(page.text.contains("0x80070021"))
    }

    @Test
    func aMissingFolderOfAVirtualDirectoryCannotBeRead() throws {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()),
            applications:
                "<application path=\"/gone\" applicationPool=\"Pool\"><virtualDirectory path=\"/\" physicalPath=\"FOLDER/gone\"/></application>"
        )
        try host.folder.write("www/a.txt", "content")
        let page = try host.getLocally("/gone/a.txt")
        #expect(page.detailedStatus == "500.19")
        #expect(page.text.contains("Cannot read configuration file"))
        #expect(page.text.contains("0x80070003"))
        #expect(try host.get("/a.txt").status == 200)
    }

    @Test
    func aRepairedFileIsSeenByTheNextRequest() throws {
        try host.folder.write("www/sub/web.config", "broken")
        #expect(try host.getLocally("/sub/a.txt").detailedStatus == "500.19")
        try host.configure(
            "sub",
            "<staticContent><remove fileExtension=\".txt\"/><mimeMap fileExtension=\".txt\" mimeType=\"text/x-own\"/></staticContent>"
        )
        host.waitForRecheck()
        #expect(try host.get("/sub/a.txt").value("content-type") == "text/x-own")
        host.folder.remove("www/sub/web.config")
        host.waitForRecheck()
        #expect(try host.get("/sub/a.txt").value("content-type") == "text/plain")
    }

    @Test
    func aFolderThatAppearsLaterBringsItsOwnConfiguration() throws {
        #expect(try host.get("/new/a.txt").status == 404)
        try host.folder.write("www/new/a.txt", "content")
        try host.configure("new", "<handlers><clear/></handlers>")
        host.waitForRecheck()
        #expect(try host.getLocally("/new/a.txt").detailedStatus == "404.4")
    }

    @Test
    func anApplicationAndItsVirtualDirectoriesLieWhereTheConfigurationSays() throws {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()),
            applications:
                "<application path=\"/shop\" applicationPool=\"Pool\"><virtualDirectory path=\"/\" physicalPath=\"FOLDER/shop\"/><virtualDirectory path=\"/img\" physicalPath=\"FOLDER/images\"/></application><application path=\"/other\" applicationPool=\"Elsewhere\"><virtualDirectory path=\"/\" physicalPath=\"FOLDER/shop\"/></application>"
        )
        try host.folder.write("shop/a.txt", "shop")
        try host.folder.write("images/a.txt", "image")
        try host.folder.write("www/shopping/a.txt", "root")
        #expect(try host.get("/shop/a.txt").text == "shop")
        #expect(try host.get("/SHOP/a.txt").text == "shop")
        #expect(try host.get("/shop/img/a.txt").text == "image")
        #expect(try host.get("/shopping/a.txt").text == "root")
        #expect(try host.get("/other/a.txt").status == 404)
    }

    @Test
    func httpErrorsDecidesWhoSeesDetails() throws {
        try host.configure("", "<httpErrors errorMode=\"Detailed\"/>")
        #expect(try host.get("/none").text.contains("Requested URL"))
        try host.configure("", "<httpErrors errorMode=\"Custom\" />")
        host.waitForRecheck()
        #expect(try !host.getLocally("/none").text.contains("Requested URL"))
    }

    @Test
    func whatTheClientSentIsEscapedOnThePage() throws {
        let page = try host.getLocally("/<script>alert(1)</script>").text
        #expect(!page.contains("<script>"))
        #expect(page.contains("&lt;script&gt;"))
    }
}
