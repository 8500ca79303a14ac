import Modules
import PipelineTesting
import Testing
import Wire

/// Reference §5.2: *Default document*, *directoryBrowse*.
struct DefaultDocumentTests {
    let host: TestHost

    init() throws {
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: TestServices()))
    }

    @Test
    func aFolderIsServedByTheFirstDocumentOfTheListThatExists() throws {
        try host.folder.write("www/index.html", "third")
        try host.folder.write("www/index.htm", "second")
        let answer = try host.get("/")
        #expect(answer.status == 200)
        #expect(answer.text == "second")
        #expect(answer.value("content-type") == "text/html")
        try host.folder.write("www/Default.htm", "first")
        #expect(try host.get("/").text == "first")
    }

    @Test
    func aFolderWithoutSlashIsRedirectedToTheOneWithIt() throws {
        host.folder.makeFolder("www/sub folder")
        let answer = try host.get("/sub%20folder?x=1", path: "/sub folder")
        #expect(answer.status == 301)
        #expect(answer.value("location") == "/sub%20folder/?x=1")
    }

    @Test
    func aRedirectionNeverNamesAnotherServer() throws {
        host.folder.makeFolder("www/evil.example")
        let answer = try host.get("//evil.example", path: "/evil.example")
        #expect(answer.value("location") == "/evil.example/")
    }

    @Test
    func aFolderWithoutDocumentIs403Point14() throws {
        host.folder.makeFolder("www/empty")
        #expect(try host.getLocally("/empty/").detailedStatus == "403.14")
    }

    @Test
    func aListOfTheFolderItselfComesFirst() throws {
        try host.configure("", "<defaultDocument><files><add value=\"start.txt\"/></files></defaultDocument>")
        try host.folder.write("www/start.txt", "start")
        try host.folder.write("www/index.htm", "index")
        #expect(try host.get("/").text == "start")
    }

    @Test
    func aListBelowRemovesClearsAndAdds() throws {
        for folder in ["www/removed/", "www/cleared/"] {
            try host.folder.write(folder + "Default.htm", "first")
            try host.folder.write(folder + "index.htm", "second")
            try host.folder.write(folder + "own.htm", "own")
        }
        try host.configure(
            "removed", "<defaultDocument><files><remove value=\"default.htm\"/></files></defaultDocument>")
        try host.configure(
            "cleared",
            "<defaultDocument><files><clear/><add value=\"none.htm\"/><add value=\"own.htm\"/></files></defaultDocument>"
        )
        #expect(try host.get("/removed/").text == "second")
        #expect(try host.get("/cleared/").text == "own")
    }

    @Test
    func aDocumentMayLieInAFolderBelowAndNeverAbove() throws {
        try host.folder.write("www/sub/inner/a.txt", "inner")
        try host.folder.write("www/a.txt", "outer")
        try host.configure(
            "sub",
            "<defaultDocument><files><clear/><add value=\"../a.txt\"/><add value=\"inner/a.txt\"/></files></defaultDocument>"
        )
        #expect(try host.get("/sub/").text == "inner")
    }

    @Test
    func aDocumentIsServedWithTheSettingsOfItsOwnPath() throws {
        try host.folder.write("www/sub/start.txt", "start")
        try host.configure(
            "sub",
            "<defaultDocument><files><clear/><add value=\"start.txt\"/></files></defaultDocument><staticContent><remove fileExtension=\".txt\"/><mimeMap fileExtension=\".txt\" mimeType=\"text/x-own\"/></staticContent>"
        )
        #expect(try host.get("/sub/").value("content-type") == "text/x-own")
    }

    @Test
    func anApplicationWithoutSlashIsRedirectedToTheOneWithIt() throws {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()),
            applications:
                "<application path=\"/shop\" applicationPool=\"Pool\"><virtualDirectory path=\"/\" physicalPath=\"FOLDER/shop\"/></application>"
        )
        host.folder.makeFolder("shop")
        let answer = try host.get("/shop?a=%20b")
        #expect(answer.status == 301)
        #expect(answer.value("location") == "/shop/?a=%20b")
        #expect(answer.text.contains("href=\"/shop/?a=%20b\""))
    }

    @Test
    func documentsAreOffWhereTheSectionSaysSo() throws {
        try host.configure("", "<defaultDocument enabled=\"false\"/>")
        try host.folder.write("www/index.htm", "index")
        #expect(try host.getLocally("/").detailedStatus == "403.14")
    }

    @Test
    func aDocumentWhoseModuleIsNotThereIs500Point21AndShowsNothing() throws {
        try host.folder.write("www/Default.asp", "<% secret %>")
        try host.folder.write("www/index.htm", "index")
        let answer = try host.getLocally("/")
        #expect(answer.detailedStatus == "500.21")
        #expect(answer.text.contains("ASPClassic"))
        #expect(answer.text.contains("IsapiModule"))
        #expect(!answer.text.contains("secret"))
    }

    @Test
    func aDocumentIsFilteredLikeAnyOtherRequest() throws {
        try host.configure("", "<defaultDocument><files><clear/><add value=\"web.config\"/></files></defaultDocument>")
        #expect(try host.getLocally("/").detailedStatus == "404.7")
    }

    @Test
    func aDocumentThatNobodyMaySeeIsNotShownByItsFolder() throws {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()),
            server: """
                <location path="Site/index.htm"><system.webServer><security><authentication>
                  <anonymousAuthentication enabled="false"/>
                </authentication></security></system.webServer></location>
                """)
        try host.folder.write("www/index.htm", "secret")
        #expect(try host.get("/index.htm").status == 401)
        let answer = try host.get("/")
        #expect(answer.status == 401)
        #expect(!answer.text.contains("secret"))
    }

    @Test
    func headOfAFolderTellsTheDocumentsLength() throws {
        try host.folder.write("www/index.htm", "index")
        var request = TestRequest("/")
        request.method = "HEAD"
        let answer = try host.send(request)
        #expect(answer.status == 200)
        #expect(answer.head?.contentLength == 5)
        #expect(answer.body.isEmpty)
    }

    @Test
    func otherVerbsAreNotAllowedOnFolders() throws {
        host.folder.makeFolder("www/empty")
        var request = TestRequest("/empty/")
        request.method = "POST"
        #expect(try host.send(request).status == 405)
    }
}
