import Modules
import Pipeline
import PipelineTesting
import Testing
import Wire

/// Reference §5.2: *httpErrors*, and Appendix B.
struct CustomErrorTests {
    let services = TestServices()
    let host: TestHost

    init() throws {
        host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services) + [Application.definition],
            server: Application.server)
        try host.folder.write("www/errors/404.html", "<p>own 404</p>")
        try host.folder.write("www/errors/any.html", "<p>own page</p>")
    }

    /// A handler that answers what the URL's last two segments say: status and sub-status, with a body where the path
    /// says so.
    final class Application: Module {
        static var definition: ModuleDefinition {
            ModuleDefinition(name: "TestApplicationModule", sections: []) { _ in Application() }
        }

        static let server = """
            <system.webServer>
              <globalModules><add name="TestApplicationModule"/></globalModules>
              <modules><add name="TestApplicationModule"/></modules>
              <handlers><add name="App" path="*.app" verb="*" modules="TestApplicationModule" requireAccess="None"/></handlers>
            </system.webServer>
            """

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            let name = String(decoding: request.resolution.path, as: UTF8.self)
            let numbers = name.split(separator: "/").last?.split(separator: ".").compactMap { UInt16($0) } ?? []
            request.response.headers.append("X-App", "yes")
            request.response.headers.append("Content-Language", "en")
            if name.contains("body") || name.contains("skip") {
                request.response.body = .bytes(Array("application's body".utf8))
            }
            if name.contains("echo") {
                let method = String(decoding: [UInt8](copying: request.head.method), as: UTF8.self)
                let query = String(decoding: [UInt8](copying: request.head.query), as: UTF8.self)
                request.response.body = .bytes(Array("\(method) \(query)".utf8))
            }
            request.response.skipsCustomErrors = name.contains("skip")
            request.response.set(status: numbers.first ?? 200, subStatus: numbers.count > 1 ? numbers[1] : 0)
            return .finishRequest
        }
    }

    private func configure(_ entries: String, _ attributes: String = "errorMode=\"Custom\"") throws {
        try host.configure("", "<httpErrors \(attributes)>\(entries)</httpErrors>")
    }

    // MARK: Which entry

    @Test
    func theExactEntryComesBeforeTheOneOfAllSubStatuses() throws {
        try configure(
            "<error statusCode=\"404\" path=\"errors/404.html\"/><error statusCode=\"404\" subStatusCode=\"7\" path=\"errors/any.html\"/>"
        )
        let missing = try host.get("/none.txt")
        #expect(missing.status == 404)
        #expect(missing.text == "<p>own 404</p>")
        #expect(missing.value("content-type") == "text/html")
        #expect(try host.get("/a.config").text == "<p>own page</p>")
        #expect(try host.get("/a.config").head?.subStatus == 7)
    }

    @Test
    func anErrorWithoutEntryHasTheBuiltInPage() throws {
        try configure("<error statusCode=\"500\" path=\"errors/any.html\"/>")
        let page = try host.get("/none.txt").text
        #expect(page.contains("HTTP Error 404 – Not Found"))
        #expect(!page.contains(host.folder.path))
    }

    @Test
    func entriesAreTakenAwayAndReplacedBelow() throws {
        try configure("<error statusCode=\"404\" path=\"errors/404.html\"/>")
        try host.configure(
            "sub", "<httpErrors><remove statusCode=\"404\" subStatusCode=\"-1\"/></httpErrors>")
        #expect(try host.get("/none.txt").text == "<p>own 404</p>")
        #expect(try host.get("/sub/none.txt").text.contains("HTTP Error 404"))
    }

    @Test
    func theDefaultPathStandsForAllOthers() throws {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services),
            server: """
                <system.webServer>
                  <httpErrors errorMode="Custom" defaultPath="/app.txt" defaultResponseMode="ExecuteURL"/>
                </system.webServer>
                """)
        try host.folder.write("www/app.txt", "default")
        let answer = try host.get("/none.txt")
        #expect(answer.status == 404)
        #expect(answer.text == "default")
    }

    @Test
    func aWebConfigMayNotChooseTheDefaultPath() throws {
        try configure("", "defaultPath=\"errors/any.html\"")
        #expect(try host.getLocally("/none.txt").detailedStatus == "500.19")
    }

    // MARK: Who sees what

    @Test
    func detailsAreForTheMachineItselfWhereNothingElseIsStated() throws {
        try configure("<error statusCode=\"404\" path=\"errors/404.html\"/>", "")
        #expect(try host.get("/none.txt").text == "<p>own 404</p>")
        #expect(try host.getLocally("/none.txt").detailedStatus == "404.0")
    }

    @Test
    func customIsForAllAndDetailedForAll() throws {
        try configure("<error statusCode=\"404\" path=\"errors/404.html\"/>")
        #expect(try host.getLocally("/none.txt").text == "<p>own 404</p>")
        try configure("<error statusCode=\"404\" path=\"errors/404.html\"/>", "errorMode=\"Detailed\"")
        host.waitForRecheck()
        #expect(try host.get("/none.txt").detailedStatus == "404.0")
    }

    // MARK: Existing responses

    @Test(arguments: [
        ("Auto", "/body/404.0.app", false), ("Auto", "/skip/404.0.app", true), ("Auto", "/404.0.app", false),
        ("Replace", "/skip/404.0.app", false), ("PassThrough", "/body/404.0.app", true),
        ("PassThrough", "/404.0.app", false),
    ])
    func whatTheApplicationSaidStaysOrGoes(_ mode: String, path: String, stays: Bool) throws {
        try configure(
            "<error statusCode=\"404\" path=\"errors/404.html\"/>", "errorMode=\"Custom\" existingResponse=\"\(mode)\"")
        let answer = try host.get(path)
        #expect(answer.status == 404)
        #expect(answer.text == (stays ? "application's body" : "<p>own 404</p>"))
        #expect(answer.values("x-app") == ["yes"])
        #expect(answer.values("content-language") == (stays ? ["en"] : []))
    }

    @Test
    func answersBelow400AreNeverTouched() throws {
        try configure("", "errorMode=\"Custom\" existingResponse=\"Replace\"")
        #expect(try host.get("/body/302.0.app").text == "application's body")
    }

    @Test(arguments: ["403.9", "500.11", "500.14", "500.15"])
    func someErrorsHaveNoPageOfOnesOwn(_ code: String) throws {
        try configure(
            "<error statusCode=\"403\" path=\"errors/any.html\"/><error statusCode=\"500\" path=\"errors/any.html\"/>")
        #expect(try host.get("/\(code).app").text.contains("HTTP Error"))
        #expect(try host.get("/500.0.app").text == "<p>own page</p>")
    }

    @Test
    func headHasTheLengthOfThePageAndNoBody() throws {
        try configure("<error statusCode=\"404\" path=\"errors/404.html\"/>")
        var request = TestRequest("/none.txt")
        request.method = "HEAD"
        let answer = try host.send(request)
        #expect(answer.status == 404)
        #expect(answer.head?.contentLength == 14)
        #expect(answer.body.isEmpty)
    }

    // MARK: ExecuteURL

    private func execute(_ path: String, status: Int = 404) throws {
        try configure("<error statusCode=\"\(status)\" path=\"\(path)\" responseMode=\"ExecuteURL\"/>")
    }

    @Test
    func anotherPathMakesThePageAndTheStatusStays() throws {
        try execute("/errors/404.html")
        let answer = try host.get("/none.txt")
        #expect(answer.status == 404)
        #expect(answer.text == "<p>own 404</p>")
        #expect(answer.value("content-type") == "text/html")
    }

    @Test
    func thePathIsAskedForWithGetAndLearnsWhatWentWrong() throws {
        try execute("/echo.app?page=1")
        var request = TestRequest("/none.txt?a=b", path: "/none.txt")
        request.method = "PUT"
        request.body = .length(3)
        try execute("/echo.app?page=1", status: 405)
        try host.folder.write("www/there.txt", "text")
        request.target = "/there.txt?a=b"
        request.path = "/there.txt"
        let answer = try host.send(request)
        #expect(answer.status == 405)
        #expect(answer.text == "GET page=1&405;http://www.example.com:80/there.txt?a=b")
        #expect(answer.value("allow") != nil)
    }

    /// What is refused by the look of its URL or query has a page all the same.
    @Test(arguments: [("/a+b.txt", 11), ("/a.txt?evil", 18)])
    func whatFilteringRefusesHasItsPage(_ target: String, subStatus: UInt16) throws {
        try host.configure(
            "",
            "<httpErrors errorMode=\"Custom\"><remove statusCode=\"404\"/>"
                + "<error statusCode=\"404\" path=\"/errors/404.html\" responseMode=\"ExecuteURL\"/></httpErrors>"
                + "<security><requestFiltering><denyQueryStringSequences><add sequence=\"evil\"/>"
                + "</denyQueryStringSequences></requestFiltering></security>")
        host.waitForRecheck()
        let answer = try host.get(target)
        #expect(answer.status == 404)
        #expect(answer.head?.subStatus == subStatus)
        #expect(answer.text == "<p>own 404</p>")
    }

    @Test
    func aStatusOfThePathsOwnIsTheResponses() throws {
        try execute("/body/410.app")
        let answer = try host.get("/none.txt")
        #expect(answer.status == 410)
        #expect(answer.text == "application's body")
    }

    @Test(arguments: ["/errors/none.html", "/none.txt", "/web.config", "/errors/", "/errors/../../secret.txt"])
    func anErrorPageThatGoesWrongIsTheBuiltInOneOfTheFirstError(_ path: String) throws {
        try execute(path)
        let answer = try host.get("/none.txt")
        #expect(answer.status == 404)
        #expect(answer.head?.subStatus == 0)
        #expect(answer.text.contains("HTTP Error 404 – Not Found"))
        #expect(answer.values("content-type") == ["text/html; charset=utf-8"])
    }

    @Test
    func conditionsOfTheRequestDoNotConcernTheErrorPage() throws {
        try execute("/errors/404.html")
        let answer = try host.get("/none.txt", headers: [("If-None-Match", "*"), ("Range", "bytes=0-1")])
        #expect(answer.status == 404)
        #expect(answer.text == "<p>own 404</p>")
    }

    @Test
    func aPathThatIsNoneIsRefusedAndTold() throws {
        try execute("errors/404.html")
        #expect(try host.get("/none.txt").text.contains("HTTP Error 404"))
        #expect(services.reports.contains { $0.contains("errors/404.html") })
    }

    // MARK: Redirect

    @Test
    func aRedirectIs302ToThePath() throws {
        try configure("<error statusCode=\"404\" path=\"https://www.example.net/lost\" responseMode=\"Redirect\"/>")
        let answer = try host.get("/none.txt")
        #expect(answer.status == 302)
        #expect(answer.head?.subStatus == 0)
        #expect(answer.value("location") == "https://www.example.net/lost")
    }

    @Test
    func aPathWithALineEndIsAnErrorOfTheConfiguration() throws {
        try configure("<error statusCode=\"404\" path=\"/a&#13;&#10;X: y\" responseMode=\"Redirect\"/>")
        #expect(try host.getLocally("/none.txt").detailedStatus == "500.19")
    }
}
