import Modules
import Pipeline
import PipelineTesting
import Testing
import Wire

/// Reference §5.2: *Handlers*, *Modules*.
struct HandlerTests {
    private func host(_ server: String = "", traits: WorkerTraits = WorkerTraits()) throws -> TestHost {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()), server: server, traits: traits)
        try host.folder.write("www/a.txt", "content")
        return host
    }

    @Test
    func anApplicationsFolderNeverShowsItsFilesWhileItsModuleIsNotThere() throws {
        let host = try host()
        try host.configure(
            "",
            "<handlers><add name=\"aspNetCore\" path=\"*\" verb=\"*\" modules=\"AspNetCoreModuleV2\" resourceType=\"Unspecified\"/></handlers>"
        )
        try host.folder.write("www/appsettings.json", "{\"password\":\"secret\"}")
        for path in ["/appsettings.json", "/a.txt", "/", "/api/orders"] {
            let answer = try host.getLocally(path)
            #expect(answer.detailedStatus == "500.21", "\(path)")
            #expect(answer.text.contains("aspNetCore"))
            #expect(answer.text.contains("AspNetCoreModuleV2"))
            #expect(!answer.text.contains("secret"))
        }
    }

    @Test
    func entriesOfTheFolderComeBeforeInheritedOnes() throws {
        let host = try host()
        try host.configure(
            "",
            "<handlers><add name=\"txt\" path=\"*.txt\" verb=\"GET\" modules=\"NoSuchModule\" requireAccess=\"Read\"/></handlers>"
        )
        #expect(try host.getLocally("/a.txt").detailedStatus == "500.21")
        var request = TestRequest("/a.txt")
        request.method = "HEAD"
        #expect(try host.send(request).status == 200)
    }

    @Test
    func aHandlerForFilesLeavesWhatDoesNotExistToTheNext() throws {
        let host = try host()
        try host.configure(
            "",
            "<handlers><add name=\"txt\" path=\"*.txt\" verb=\"*\" modules=\"NoSuchModule\" resourceType=\"File\"/></handlers>"
        )
        #expect(try host.getLocally("/a.txt").detailedStatus == "500.21")
        #expect(try host.getLocally("/b.txt").detailedStatus == "404.0")
    }

    @Test
    func withoutAHandlerForThePathTheAnswerIs404Point4() throws {
        let host = try host()
        try host.configure("", "<handlers><clear/></handlers>")
        #expect(try host.getLocally("/a.txt").detailedStatus == "404.4")
    }

    @Test
    func aPolicyWithoutReadRefusesFiles() throws {
        let host = try host()
        try host.configure("", "<handlers accessPolicy=\"Script\"/>")
        #expect(try host.getLocally("/a.txt").detailedStatus == "403.2")
    }

    @Test
    func aPolicyWithoutScriptRefusesScripts() throws {
        let host = try host()
        try host.configure(
            "",
            "<handlers accessPolicy=\"Read\"><add name=\"s\" path=\"*.txt\" verb=\"*\" modules=\"StaticFileModule\"/></handlers>"
        )
        #expect(try host.getLocally("/a.txt").detailedStatus == "403.1")
    }

    @Test
    func aHandlerWhosePreConditionDoesNotHoldIsNotThere() throws {
        let entry =
            "<handlers><add name=\"old\" path=\"*.txt\" verb=\"*\" modules=\"NoSuchModule\" preCondition=\"bitness32\"/></handlers>"
        let host = try host()
        try host.configure("", entry)
        #expect(try host.get("/a.txt").status == 200)
        let narrow = try self.host(traits: WorkerTraits(is32Bit: true))
        try narrow.configure("", entry)
        #expect(try narrow.getLocally("/a.txt").detailedStatus == "500.21")
    }

    @Test
    func aModuleThatIsTakenOffTheListMakesItsHandlers500Point21() throws {
        let host = try host(
            "<system.webServer><modules><remove name=\"StaticFileModule\"/></modules></system.webServer>")
        let answer = try host.getLocally("/a.txt")
        #expect(answer.detailedStatus == "500.21")
        #expect(answer.text.contains("StaticFileModule"))
    }

    @Test
    func unknownModulesAreReportedOnceAndDoNothing() throws {
        let host = try host()
        try host.configure("", "<modules><add name=\"iisnode\"/></modules>")
        #expect(try host.get("/a.txt").status == 200)
        #expect(try host.get("/b.txt").status == 404)
        #expect(host.reports.filter { $0.contains("iisnode") }.count == 1)
    }

    @Test
    func configuredHeadersAreAddedToEveryResponse() throws {
        let host = try host()
        try host.configure(
            "",
            "<httpProtocol allowKeepAlive=\"false\"><customHeaders><add name=\"X-Frame-Options\" value=\"DENY\"/></customHeaders><redirectHeaders><add name=\"X-Moved\" value=\"yes\"/></redirectHeaders></httpProtocol>"
        )
        host.folder.makeFolder("www/dir")
        let file = try host.get("/a.txt")
        #expect(file.value("x-frame-options") == "DENY")
        #expect(file.value("x-moved") == nil)
        #expect(file.head?.closesConnection == true)
        #expect(try host.get("/none").value("x-frame-options") == "DENY")
        let moved = try host.get("/dir")
        #expect(moved.value("x-frame-options") == "DENY")
        #expect(moved.value("x-moved") == "yes")
    }

    @Test
    func aHeaderValueCannotSmuggleALine() throws {
        let host = try host()
        try host.configure(
            "",
            "<httpProtocol><customHeaders><add name=\"X-A\" value=\"a&#13;&#10;Set-Cookie: b\"/></customHeaders></httpProtocol>"
        )
        #expect(try host.getLocally("/a.txt").detailedStatus == "500.19")
    }
}
