import Pipeline
import PipelineTesting
import Testing
import Wire

@testable import Modules

/// Reference §5.2: the table of *requestFiltering*.
struct RequestFilteringTests {
    let host: TestHost

    init() throws {
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: TestServices()))
        try host.folder.write("www/a.txt", "content")
    }

    private func filter(_ elements: String) throws {
        try host.configure("", "<security><requestFiltering>\(elements)</requestFiltering></security>")
    }

    @Test(arguments: [
        "/web.config/a.txt", "/WEB.Config/a.txt", "/bin/a.txt", "/BIN/a.txt", "/sub/bin", "/App_Data/a.txt",
        "/app_code/x/a.txt",
        "/App_GlobalResources/", "/App_LocalResources/a.txt", "/App_WebReferences/a.txt", "/App_Browsers/a.txt",
    ])
    func aHiddenSegmentIs404Point8InAnyCase(_ path: String) throws {
        #expect(try host.getLocally(path).detailedStatus == "404.8")
    }

    @Test(arguments: ["/binary/a.txt", "/a.bin.txt", "/webXconfig"])
    func aSegmentThatOnlyContainsAHiddenOneIsNotHidden(_ path: String) throws {
        #expect(try host.getLocally(path).detailedStatus == "404.0")
    }

    @Test(arguments: ["/web.config", "/WEB.Config", "/x.cs", "/x.CSPROJ", "/sub/x.config", "/x.mdf", "/global.asax"])
    func aDeniedExtensionIs404Point7(_ path: String) throws {
        #expect(try host.getLocally(path).detailedStatus == "404.7")
    }

    @Test
    func anUnlistedExtensionIs404Point7WhereOnlyListedOnesAreAllowed() throws {
        try filter(
            "<fileExtensions allowUnlisted=\"false\"><add fileExtension=\".txt\" allowed=\"true\"/></fileExtensions>")
        #expect(try host.get("/a.txt").status == 200)
        #expect(try host.getLocally("/a.htm").detailedStatus == "404.7")
        #expect(try host.getLocally("/a").detailedStatus == "404.7")
    }

    @Test
    func aDeniedOrUnlistedVerbIs404Point6() throws {
        try filter("<verbs allowUnlisted=\"false\"><add verb=\"GET\" allowed=\"true\"/></verbs>")
        #expect(try host.get("/a.txt").status == 200)
        var request = TestRequest("/a.txt")
        request.remote = request.local
        request.method = "PUT"
        #expect(try host.send(request).detailedStatus == "404.6")
        request.method = "get"
        #expect(try host.send(request).detailedStatus == "404.6")
    }

    @Test
    func doubleEscapingIs404Point11() throws {
        #expect(try host.getLocally("/%2561.txt", path: "/%61.txt").detailedStatus == "404.11")
        #expect(try host.getLocally("/a+b.txt").detailedStatus == "404.11")
        #expect(try host.getLocally("/100%25.txt", path: "/100%.txt").detailedStatus == "404.0")
        // A plus in the query is a space, and nobody's concern here.
        #expect(try host.get("/a.txt?x=a+b").status == 200)
    }

    @Test
    func doubleEscapingIsAllowedWhereTheSectionSaysSo() throws {
        try host.configure("", "<security><requestFiltering allowDoubleEscaping=\"true\"/></security>")
        try host.folder.write("www/a+b.txt", "plus")
        #expect(try host.get("/a+b.txt").text == "plus")
    }

    @Test
    func highBitCharactersAre404Point12WhereTheyAreNotAllowed() throws {
        try host.folder.write("www/ü.txt", "content")
        #expect(try host.get("/%C3%BC.txt", path: "/ü.txt").status == 200)
        try host.configure("", "<security><requestFiltering allowHighBitCharacters=\"false\"/></security>")
        host.waitForRecheck()
        #expect(try host.getLocally("/%C3%BC.txt", path: "/ü.txt").detailedStatus == "404.12")
    }

    @Test
    func limitsHaveTheirSubStatus() throws {
        try filter(
            "<requestLimits maxAllowedContentLength=\"10\" maxUrl=\"20\" maxQueryString=\"5\"><headerLimits><add header=\"X-Long\" sizeLimit=\"3\"/></headerLimits></requestLimits>"
        )
        #expect(try host.get("/a.txt?12345").status == 200)
        #expect(try host.getLocally("/a.txt?123456").detailedStatus == "404.15")
        #expect(try host.getLocally("/12345678901234567890").detailedStatus == "404.14")
        #expect(try host.getLocally("/1234567890123456789").detailedStatus == "404.0")
        #expect(try host.get("/a.txt", headers: [("x-long", "123")]).status == 200)
        #expect(try host.get("/a.txt", headers: [("x-long", "1234")]).status == 431)
        var request = TestRequest("/a.txt")
        request.remote = request.local
        request.body = .length(11)
        #expect(try host.send(request).detailedStatus == "413.1")
        request.body = .length(10)
        #expect(try host.send(request).status == 200)
    }

    /// Reference §5.2: content beyond maxAllowedContentLength is 413.1, however it comes.
    @Test
    func aBodyWithoutALengthIsCountedWhileItComes() throws {
        let services = TestServices()
        services.holdsWork = true
        var definitions = BuiltInModules.definitions(files: FileCache(), services: services)
        definitions.removeAll { $0.name == "IpRestrictionModule" }
        definitions.append(SlowModule.definition(services))
        for (pieces, expected) in [([10], 200), ([6, 5], 413)] {
            let host = try TestHost(definitions)
            try host.folder.write("www/a.txt", "content")
            try host.configure(
                "",
                "<security><requestFiltering><requestLimits maxAllowedContentLength=\"10\"/></requestFiltering></security>"
            )
            var request = TestRequest("/a.txt")
            request.body = .chunked
            let sink = RecordingSink()
            let context = try #require(try host.begin(request, sink))
            #expect(pieces.map { context.takesBody($0) }.last == (expected == 200))
            services.finishWork()
            #expect(sink.status == expected)
            if expected == 413 { #expect(sink.head?.subStatus == 1) }
        }
    }

    @Test
    func stockLimitsAreThoseOfIIS() throws {
        let segment = "/" + String(repeating: "a", count: 199)
        let path = String(repeating: segment, count: 20)
        #expect(try host.getLocally(path + "/" + String(repeating: "b", count: 95)).detailedStatus == "404.0")
        #expect(try host.getLocally(path + "/" + String(repeating: "b", count: 96)).detailedStatus == "404.14")
        #expect(try host.get("/a.txt?" + String(repeating: "q", count: 2048)).status == 200)
        #expect(try host.getLocally("/a.txt?" + String(repeating: "q", count: 2049)).detailedStatus == "404.15")
    }

    @Test
    func aDeniedURLSequenceIs404Point5() throws {
        try filter(
            "<denyUrlSequences><add sequence=\"..\"/><add sequence=\"admin\"/></denyUrlSequences><alwaysAllowedUrls><add url=\"/public/admin.txt\"/></alwaysAllowedUrls>"
        )
        try host.folder.write("www/public/admin.txt", "content")
        #expect(try host.getLocally("/my..file").detailedStatus == "404.5")
        #expect(try host.getLocally("/ADMIN/x.txt").detailedStatus == "404.5")
        #expect(try host.getLocally("/%61dmin", path: "/admin").detailedStatus == "404.5")
        #expect(try host.get("/public/Admin.txt", path: "/public/admin.txt").status == 200)
        // The query has a list of its own.
        try host.folder.write("www/page.txt", "content")
        #expect(try host.get("/page.txt?from=admin").status == 200)
    }

    @Test
    func aDeniedQuerySequenceIs404Point18RawOrDecoded() throws {
        try filter(
            "<denyQueryStringSequences><add sequence=\"xp_cmd\"/></denyQueryStringSequences><alwaysAllowedQueryStrings><add queryString=\"q=xp_cmd\"/></alwaysAllowedQueryStrings>"
        )
        #expect(try host.getLocally("/a.txt?x=XP_CMDshell").detailedStatus == "404.18")
        #expect(try host.getLocally("/a.txt?x=%78p_cmd").detailedStatus == "404.18")
        #expect(try host.get("/a.txt?Q=xp_cmd").status == 200)
    }

    @Test
    func aFilteringRuleIs404Point19() throws {
        try filter(
            """
            <filteringRules>
              <filteringRule name="sql" scanUrl="true" scanQueryString="true">
                <scanHeaders><add requestHeader="User-Agent"/></scanHeaders>
                <appliesTo><add fileExtension=".txt"/></appliesTo>
                <denyStrings><add string="--"/></denyStrings>
              </filteringRule>
            </filteringRules>
            """)
        #expect(try host.get("/a.txt?x=1").status == 200)
        #expect(try host.getLocally("/a.txt?x=1--").detailedStatus == "404.19")
        #expect(try host.getLocally("/a.txt?x=%2D%2D").detailedStatus == "404.19")
        #expect(try host.getLocally("/a--b.txt").detailedStatus == "404.19")
        #expect(try host.getLocally("/a.txt?x=100%").detailedStatus == "404.19")
        #expect(try host.getLocally("/a--b.htm").detailedStatus == "404.0")
        #expect(try host.get("/a.txt", headers: [("user-agent", "curl -- evil")]).status == 404)
    }

    /// Microsoft's page on filteringRule: a blank `appliesTo` means all requests; the query is looked at as it came and,
    /// with `unescapeQueryString`, decoded.
    @Test
    func aFilteringRuleLooksAtTheQueryDecodedOnlyWhereItIsUnescaped() throws {
        let rules =
            "<filteringRules><filteringRule name=\"x\" scanQueryString=\"true\" denyUnescapedPercent=\"false\"><denyStrings><add string=\"--\"/><add string=\"%2B\"/></denyStrings></filteringRule></filteringRules>"
        for unescapes in [true, false] {
            try host.configure(
                "",
                "<security><requestFiltering unescapeQueryString=\"\(unescapes)\">\(rules)</requestFiltering></security>"
            )
            host.waitForRecheck()
            #expect(try host.getLocally("/a.txt?x=1--").detailedStatus == "404.19")
            #expect(try host.getLocally("/a.txt?x=%2b").detailedStatus == "404.19")
            #expect(try host.get("/a.txt?x=%2D%2D").status == (unescapes ? 404 : 200))
            #expect(try host.get("/a.txt?x=100%").status == 200)
        }
    }

    @Test
    func aRuleWithScanAllRawLooksAtEveryFieldAsItCame() throws {
        try filter(
            "<filteringRules><filteringRule name=\"x\" scanAllRaw=\"true\"><denyStrings><add string=\"evil\"/></denyStrings></filteringRule></filteringRules>"
        )
        #expect(try host.get("/a.txt?evil").status == 200)
        #expect(try host.get("/a.txt", headers: [("X-Any", "an EVIL thing")]).status == 404)
        #expect(try host.get("/a.txt", headers: [("X-Evil", "1")]).status == 404)
        #expect(try host.get("/a.txt", headers: [("X-Any", "%65vil")]).status == 200)
    }

    @Test
    func aDeniedVerbIs404Point6AndUnlistedOnesPass() throws {
        try filter("<verbs><add verb=\"PUT\" allowed=\"false\"/></verbs>")
        var request = TestRequest("/a.txt")
        request.remote = request.local
        request.method = "PUT"
        #expect(try host.send(request).detailedStatus == "404.6")
        #expect(try host.get("/a.txt").status == 200)
    }

    @Test
    func withoutUnescapingTheQueryIsLookedAtAsItCame() throws {
        try host.configure(
            "",
            "<security><requestFiltering unescapeQueryString=\"false\"><denyQueryStringSequences><add sequence=\"xp_cmd\"/></denyQueryStringSequences></requestFiltering></security>"
        )
        #expect(try host.getLocally("/a.txt?x=xp_cmd").detailedStatus == "404.18")
        #expect(try host.get("/a.txt?x=%78p_cmd").status == 200)
    }

    /// Microsoft's page on denyUrlSequences: `alwaysAllowedUrls` overrides that list; it opens nothing else.
    @Test
    func anAlwaysAllowedURLIsStillHiddenOrDeniedByItsExtension() throws {
        try filter(
            "<alwaysAllowedUrls><add url=\"/web.config\"/><add url=\"/bin/a.txt\"/></alwaysAllowedUrls>")
        #expect(try host.getLocally("/web.config").detailedStatus == "404.7")
        #expect(try host.getLocally("/bin/a.txt").detailedStatus == "404.8")
    }

    @Test
    func removingAHiddenSegmentShowsItAgain() throws {
        try host.configure(
            "",
            "<security><requestFiltering><hiddenSegments><remove segment=\"bin\"/></hiddenSegments></requestFiltering></security>"
        )
        try host.folder.write("www/bin/a.txt", "content")
        #expect(try host.get("/bin/a.txt").status == 200)
        #expect(try host.getLocally("/App_Data/a.txt").detailedStatus == "404.8")
    }

    @Test
    func theServerHeaderIsTakenAwayWhereTheSectionSaysSo() throws {
        #expect(try host.get("/a.txt").head?.sendsServer == true)
        try host.configure("", "<security><requestFiltering removeServerHeader=\"true\"/></security>")
        host.waitForRecheck()
        #expect(try host.get("/a.txt").head?.sendsServer == false)
        #expect(try host.get("/none").head?.sendsServer == false)
    }

    @Test
    func aRemoteClientLearnsNothingOfTheReason() throws {
        let answer = try host.get("/bin/a.txt")
        #expect(answer.status == 404)
        #expect(answer.text.contains("404 – Not Found"))
        #expect(!answer.text.contains("404.8"))
        #expect(!answer.text.contains(host.folder.path))
        #expect(!answer.text.contains("RequestFiltering"))
    }
}

/// Holds every request until the test finishes its work.
private final class SlowModule: Module {
    static func definition(_ services: TestServices) -> ModuleDefinition {
        ModuleDefinition(name: "IpRestrictionModule", sections: [], stages: .on(.authenticateRequest)) { _ in
            SlowModule(services)
        }
    }

    private let services: TestServices

    init(_ services: TestServices) { self.services = services }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        services.perform {
        } then: {
            request.resume(.continue)
        }
        return .pending
    }
}
