import Modules
import PipelineTesting
import Testing
import Wire

/// Reference §5.2: *httpRedirect*, and Appendix B.
struct HTTPRedirectionTests {
    private func host(applications: String = "", server: String = "") throws -> TestHost {
        try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()), server: server,
            applications: applications)
    }

    private func redirection(_ attributes: String, _ entries: String = "") -> String {
        "<httpRedirect enabled=\"true\" \(attributes)>\(entries)</httpRedirect>"
    }

    private func location(
        _ section: String, _ target: String, path: String? = nil, folder: String = ""
    ) throws -> String? {
        let host = try host()
        if !folder.isEmpty { host.folder.makeFolder("www/\(folder)") }
        try host.configure(folder, section)
        return try host.get(target, path: path).value("location")
    }

    @Test
    func theRestOfThePathAndTheQueryComeBehindTheDestination() throws {
        let section = redirection("destination=\"http://new.example/shop\"")
        #expect(try location(section, "/a/b.htm?x=1") == "http://new.example/shop/a/b.htm?x=1")
        #expect(try location(section, "/") == "http://new.example/shop/")
        let withSlash = redirection("destination=\"http://new.example/\"")
        #expect(try location(withSlash, "/a.htm") == "http://new.example/a.htm")
    }

    @Test
    func theRestBeginsBehindTheFolderThatStatesTheRedirection() throws {
        let section = redirection("destination=\"/new\"")
        #expect(try location(section, "/old/a/b.htm?q", folder: "old") == "/new/a/b.htm?q")
        #expect(try location(section, "/old", folder: "old") == "/new")
    }

    @Test
    func otherFoldersAreServed() throws {
        let host = try host()
        try host.configure("old", redirection("destination=\"/new\""))
        try host.folder.write("www/a.txt", "here")
        try host.folder.write("www/old/a.txt", "there")
        #expect(try host.get("/a.txt").text == "here")
        #expect(try host.get("/old/a.txt").status == 302)
    }

    @Test
    func aLocationOfTheServersFileIsThePlaceOfItsRedirection() throws {
        let host = try host(
            server: """
                <location path="Site/old"><system.webServer>
                  <httpRedirect enabled="true" destination="https://new.example"/>
                </system.webServer></location>
                """)
        #expect(try host.get("/old/x.htm").value("location") == "https://new.example/x.htm")
    }

    @Test
    func anExactDestinationIsTheWholeAddress() throws {
        let section = redirection("destination=\"http://new.example/page\" exactDestination=\"true\"")
        #expect(try location(section, "/a/b.htm?x=1") == "http://new.example/page")
    }

    @Test(arguments: [("Permanent", 301), ("Found", 302), ("Temporary", 307), ("PermRedirect", 308)])
    func theStatusIsTheConfigurations(_ name: String, status: Int) throws {
        let host = try host()
        try host.configure("", redirection("destination=\"/x\" httpResponseStatus=\"\(name)\""))
        #expect(try host.get("/a").status == status)
    }

    @Test
    func foundIsTheStatusThatNobodyStates() throws {
        let host = try host()
        try host.configure("", redirection("destination=\"/x\""))
        #expect(try host.get("/a").status == 302)
    }

    @Test(arguments: [
        ("http://n$V", "http://n/old/a.htm"), ("http://n$S", "http://n/a.htm"), ("http://n$S$Q", "http://n/a.htm?x=1"),
        ("http://n/?p=$P", "http://n/?p=x=1"), ("http://n/$0", "http://n/"), ("http://n/$x", "http://n/$x"),
    ])
    func variablesStandForPartsOfTheURL(_ destination: String, result: String) throws {
        let section = redirection("destination=\"\(destination)\" exactDestination=\"true\"")
        #expect(try location(section, "/old/a.htm?x=1", folder: "old") == result)
    }

    @Test
    func whatAVariableHasPutInIsNotAddedAgain() throws {
        #expect(try location(redirection("destination=\"http://n$V$Q\""), "/a.htm?x=1") == "http://n/a.htm?x=1")
    }

    @Test
    func aQueryJoinsTheDestinationsOwn() throws {
        #expect(
            try location(redirection("destination=\"http://n/?id=1&amp;to=$V\""), "/a?x=1")
                == "http://n/?id=1&to=/a&x=1")
    }

    @Test
    func childOnlyConcernsTheFilesOfTheFolderItself() throws {
        let host = try host()
        try host.configure("old", redirection("destination=\"/new\" childOnly=\"true\""))
        try host.folder.write("www/old/sub/a.txt", "kept")
        #expect(try host.get("/old/a.htm").value("location") == "/new/a.htm")
        #expect(try host.get("/old/sub/a.txt").text == "kept")
    }

    @Test
    func wildcardsDecideBeforeTheDestinationInTheirOrder() throws {
        let section = redirection(
            "destination=\"/rest\"",
            "<add wildcard=\"*.htm\" destination=\"/pages/$0.aspx\"/><add wildcard=\"a*b*.txt\" destination=\"/$1-$0\"/>"
        )
        #expect(try location(section, "/x/y.htm?q=1") == "/pages/x/y.aspx?q=1")
        #expect(try location(section, "/aONEbTWO.txt") == "/TWO-ONE")
        #expect(try location(section, "/other.png") == "/rest/other.png")
    }

    @Test
    func aPatternThatBeginsWithASlashIsOfTheWholePath() throws {
        let section = redirection("", "<add wildcard=\"/old/*.htm\" destination=\"/$0\"/>")
        #expect(try location(section, "/old/a.htm", folder: "old") == "/a")
    }

    @Test
    func whatNoWildcardMeansIsServedWhereThereIsNoDestination() throws {
        let host = try host()
        try host.configure("", redirection("", "<add wildcard=\"*.old\" destination=\"/new\"/>"))
        try host.folder.write("www/a.txt", "served")
        #expect(try host.get("/a.txt").text == "served")
        #expect(try host.get("/a.old").value("location") == "/new")
    }

    @Test
    func nothingOfTheURLEndsTheHeader() throws {
        let section = redirection("destination=\"http://n\"")
        let location = try location(section, "/a", path: "/a\r\nSet-Cookie: x=1")
        #expect(location == "http://n/a%0D%0ASet-Cookie:%20x=1")
        let host = try host()
        try host.configure("", redirection("destination=\"http://n/&#13;&#10;Set-Cookie: a=b\""))
        #expect(try host.getLocally("/a").detailedStatus == "500.19")
    }

    @Test
    func aRedirectionOnThisServerNeverNamesAnother() throws {
        #expect(
            try location(redirection("destination=\"$S\" exactDestination=\"true\""), "/", path: "//evil.example/a")
                == "/evil.example/a")
        #expect(
            try location(redirection("destination=\"/$S\" exactDestination=\"true\""), "/evil.example")
                == "/evil.example")
        #expect(try location(redirection("destination=\"//cdn.example\""), "/a") == "//cdn.example/a")
    }

    @Test
    func otherLettersThanASCIIAreEncoded() throws {
        #expect(
            try location(redirection("destination=\"http://n/ü\""), "/%C3%A4", path: "/ä") == "http://n/%C3%BC/%C3%A4")
    }

    @Test
    func anAddressThatIsTooLongIs404Point14() throws {
        let host = try host()
        try host.configure("", redirection("destination=\"http://n$V$V$V$V$V$V$V$V$V$V\""))
        let path = "/" + String(repeating: "a", count: 2000)
        let answer = try host.getLocally(path)
        #expect(answer.detailedStatus == "404.14")
        #expect(answer.value("location") == nil)
    }

    @Test
    func headersOfRedirectionsAreAddedAndTheBodyLeadsToTheAddress() throws {
        let host = try host()
        try host.configure(
            "",
            redirection("destination=\"http://n/?a=&lt;b&gt;\" exactDestination=\"true\"")
                + "<httpProtocol><redirectHeaders><add name=\"X-Moved\" value=\"yes\"/></redirectHeaders></httpProtocol>"
        )
        let answer = try host.get("/a")
        #expect(answer.value("x-moved") == "yes")
        #expect(answer.value("location") == "http://n/?a=%3Cb%3E")
        #expect(answer.text.contains("href=\"http://n/?a=%3Cb%3E\""))
    }

    @Test
    func aChildApplicationInheritsThePlaceOfItsParentsRedirection() throws {
        let host = try host(
            applications:
                "<application path=\"/shop\" applicationPool=\"Pool\"><virtualDirectory path=\"/\" physicalPath=\"FOLDER/shop\"/></application>"
        )
        host.folder.makeFolder("shop")
        try host.configure("", redirection("destination=\"http://n\""))
        #expect(try host.get("/shop/a.htm").value("location") == "http://n/shop/a.htm")
    }

    @Test
    func anErrorPageAndADefaultDocumentAreNotSentElsewhere() throws {
        let host = try host()
        try host.configure("", redirection("", "<add wildcard=\"*.htm\" destination=\"/moved\"/>"))
        try host.folder.write("www/index.htm", "start")
        #expect(try host.get("/").text == "start")
        #expect(try host.get("/index.htm").value("location") == "/moved")
    }
}
