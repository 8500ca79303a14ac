import Configuration
import Modules
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

/// Reference §5.2 and Appendix B: `caching`, user-mode; RFC 9111, 3.
struct HTTPCacheModuleTests {
    /// An application that answers how often it was asked.
    final class Counter: Module {
        var count = 0
        var status: UInt16 = 200
        var fields: [(StaticString, String)] = []

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            count += 1
            for (name, value) in fields {
                let value = Array(value.utf8)
                request.response.headers.append(name, value.span)
            }
            request.response.headers.append("Content-Type", "text/x-count")
            request.response.set(status: status)
            request.response.body = .bytes(Array("\(count)".utf8))
            return .continue
        }
    }

    let services = TestServices()
    let counter = Counter()
    let host: TestHost

    init() throws {
        host = try .cachingFrequentHits(of: counter, services)
        try host.folder.write("www/a.app", "file")
    }

    private func configure(_ attributes: String, section: String = "", name: String = ".app") throws {
        try host.configure(
            "", "<caching \(section)><profiles><add extension=\"\(name)\" \(attributes)/></profiles></caching>")
        host.waitForRecheck()
    }

    private func get(_ target: String = "/a.app", _ headers: [(String, String)] = []) throws -> String {
        try host.get(target, headers: headers).text
    }

    private static let period = "policy=\"CacheForTimePeriod\" duration=\"00:00:10\""

    @Test
    func aResponseIsGivenAgainForItsTime() throws {
        try configure(Self.period)
        #expect(try get() == "1")
        let again = try host.get("/a.app")
        #expect(again.text == "1")
        #expect(again.value("content-type") == "text/x-count")
        #expect(again.head?.contentLength == 1)
        services.pass(milliseconds: 9999)
        #expect(try get() == "1")
        services.pass(milliseconds: 1)
        #expect(try get() == "2")
        #expect(try get() == "2")
    }

    @Test
    func aResponseIsGivenUntilItsFileChanges() throws {
        try configure("policy=\"CacheUntilChange\"")
        #expect(try get() == "1")
        services.pass(milliseconds: 10_000_000)
        #expect(try get() == "1")
        try host.folder.setModified("www/a.app", seconds: 784_111_778)
        #expect(try get() == "2")
    }

    @Test
    func whatHasNoFileIsNotKeptUntilItChanges() throws {
        try configure("policy=\"CacheUntilChange\"")
        #expect(try get("/none.app") == "1")
        #expect(try get("/none.app") == "2")
    }

    @Test(arguments: [
        "", "policy=\"DontCache\"", "policy=\"DisableCache\"", "\(period) kernelCachePolicy=\"DisableCache\"",
        "\(period) location=\"Client\"", "\(period) location=\"Downstream\"", "\(period) location=\"None\"",
    ])
    func otherPoliciesKeepNothing(_ attributes: String) throws {
        try configure(attributes)
        #expect(try get() == "1")
        #expect(try get() == "2")
    }

    @Test(arguments: ["enabled=\"false\"", "maxResponseSize=\"0\""])
    func theSectionCanTurnItOff(_ section: String) throws {
        try configure(Self.period, section: section)
        #expect(try get() == "1")
        #expect(try get() == "2")
    }

    @Test
    func theKernelCacheOffLeavesThisOneOn() throws {
        try configure(Self.period, section: "enableKernelCache=\"false\"")
        #expect(try get() == "1")
        #expect(try get() == "1")
    }

    @Test
    func anAsteriskStandsForEveryExtensionWithoutItsOwnProfile() throws {
        try configure(Self.period, name: "*")
        #expect(try get() == "1")
        #expect(try get() == "1")
        try host.configure(
            "",
            "<caching><profiles><add extension=\"*\" \(Self.period)/><add extension=\".APP\" policy=\"DontCache\"/></profiles></caching>"
        )
        host.waitForRecheck()
        #expect(try get() == "2")
        #expect(try get() == "3")
    }

    @Test
    func aQueryStringIsForTheCacheOnlyWhereResponsesVaryByIt() throws {
        try configure(Self.period)
        #expect(try get("/a.app?x=1") == "1")
        #expect(try get("/a.app?x=1") == "2")
        try configure("\(Self.period) varyByQueryString=\"*\"")
        #expect(try get("/a.app?x=1") == "3")
        #expect(try get("/a.app?x=1") == "3")
        #expect(try get("/a.app?x=2") == "4")
        #expect(try get("/a.app") == "5")
    }

    @Test
    func responsesVaryByTheParametersThatAreNamed() throws {
        try configure("\(Self.period) varyByQueryString=\"page, Size\"")
        #expect(try get("/a.app?page=1&other=1") == "1")
        #expect(try get("/a.app?other=2&PAGE=1") == "2")
        #expect(try get("/a.app?other=3&page=1") == "1")
        #expect(try get("/a.app?page=1&size=2") == "3")
        #expect(try get("/a.app?size=2&page=1") == "3")
        #expect(try get("/a.app?page=1&page=2") == "4")
        // What an application may take for a named parameter is not for the cache.
        #expect(try get("/a.app?page=1&%70age=2") == "5")
        #expect(try get("/a.app?page=1&%70age=2") == "6")
        #expect(try get("/a.app?x=1;page=2") == "7")
        #expect(try get("/a.app?page=1") == "1")
    }

    @Test
    func responsesVaryByTheHeadersThatAreNamed() throws {
        try configure("\(Self.period) varyByHeaders=\"Accept-Language\"")
        counter.fields = [("Vary", "Accept-Language")]
        #expect(try get("/a.app", [("accept-language", "de")]) == "1")
        #expect(try get("/a.app", [("Accept-Language", "en")]) == "2")
        #expect(try get("/a.app", [("Accept-Language", "de"), ("X", "y")]) == "1")
        #expect(try get() == "3")
        #expect(try get() == "3")
    }

    @Test
    func hostsAndPathsDoNotShareResponses() throws {
        try configure(Self.period)
        #expect(try get() == "1")
        #expect(try get("/b.app") == "2")
        #expect(try get("/A.app") == "3")
        var request = TestRequest("/a.app")
        request.headers = [("Host", "other.example.com")]
        #expect(try host.send(request).text == "4")
        request.headers = [("Host", "WWW.example.com")]
        #expect(try host.send(request).text == "1")
        request.scheme = .https
        #expect(try host.send(request).text == "5")
    }

    @Test(
        arguments: [
            ("Set-Cookie", "a=b"), ("Cache-Control", "private"), ("Cache-Control", "public, No-Store"),
            ("Cache-Control", "no-cache=\"x\""), ("Cache-Control", "max-age=0"), ("Pragma", "no-cache"),
            ("Vary", "*"), ("Vary", "Accept-Encoding"), ("Expires", "0"), ("Expires", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ] as [(StaticString, String)])
    func whatIsOneClientsOwnOrStaleIsNotKept(_ name: StaticString, _ value: String) throws {
        try configure(Self.period)
        counter.fields = [(name, value)]
        #expect(try get() == "1")
        #expect(try get() == "2")
    }

    @Test
    func aResponseIsKeptNoLongerThanItSays() throws {
        try configure(Self.period)
        counter.fields = [("Cache-Control", "public, max-age=3")]
        #expect(try get() == "1")
        services.pass(milliseconds: 2999)
        #expect(try get() == "1")
        services.pass(milliseconds: 1)
        #expect(try get() == "2")
    }

    @Test(arguments: [
        ("Authorization", "Basic eDp5"), ("Range", "bytes=0-0"), ("If-Match", "*"), ("Cache-Control", "no-store"),
    ])
    func someRequestsAreNotForTheCache(_ name: String, _ value: String) throws {
        try configure(Self.period)
        #expect(try get("/a.app", [(name, value)]) == "1")
        #expect(try get() == "2")
        #expect(try get("/a.app", [(name, value)]) == "3")
        #expect(try get() == "2")
    }

    @Test
    func onlyGoodAnswersToGetAreKept() throws {
        try configure(Self.period)
        var request = TestRequest("/a.app")
        request.method = "POST"
        #expect(try host.send(request).text == "1")
        request.method = "HEAD"
        #expect(try host.send(request).status == 200)
        counter.status = 203
        #expect(try get() == "3")
        counter.status = 200
        #expect(try get() == "4")
        #expect(try get() == "4")
        let head = try host.send(request)
        #expect(head.head?.contentLength == 1)
        #expect(head.body.isEmpty)
        #expect(counter.count == 4)
    }

    @Test
    func aClientThatHasTheKeptResponseIsToldSo() throws {
        try configure(Self.period)
        counter.fields = [("ETag", "\"v\""), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")]
        #expect(try get() == "1")
        let answer = try host.get("/a.app", headers: [("If-None-Match", "\"v\"")])
        #expect(answer.status == 304)
        #expect(answer.value("etag") == "\"v\"")
        #expect(answer.value("content-type") == nil)
        #expect(answer.body.isEmpty)
        #expect(try get("/a.app", [("If-None-Match", "\"w\"")]) == "1")
        #expect(
            try host.get("/a.app", headers: [("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")]).status == 304)
        #expect(counter.count == 1)
    }

    @Test
    func anotherConfigurationMakesAnotherResponse() throws {
        try configure(Self.period)
        #expect(try get() == "1")
        try host.configure(
            "",
            "<caching><profiles><add extension=\".app\" \(Self.period)/></profiles></caching><httpProtocol><customHeaders><add name=\"X\" value=\"y\"/></customHeaders></httpProtocol>"
        )
        host.waitForRecheck()
        #expect(try get() == "2")
        #expect(try get() == "2")
    }

    @Test(
        arguments: [
            ("Any", "public,max-age=10"), ("Client", "private,max-age=10"), ("Downstream", "public,max-age=10"),
            ("Server", nil), ("None", "no-cache"), ("ServerAndClient", "private,max-age=10"),
        ] as [(String, String?)])
    func clientsAreToldWhereTheLocationNamesThem(_ location: String, _ control: String?) throws {
        try configure("\(Self.period) location=\"\(location)\"")
        for _ in 0..<2 { #expect(try host.get("/a.app").value("cache-control") == control) }
        counter.fields = [("Cache-Control", "no-store")]
        services.pass(milliseconds: 10_000)
        #expect(try host.get("/a.app").values("cache-control") == ["no-store"])
    }

    @Test
    func whatIsNotAskedForOftenIsNotKept() throws {
        let rare = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services))
        try rare.folder.write("www/a.txt", "one")
        try rare.configure(
            "",
            "<caching enableKernelCache=\"false\"><profiles><add extension=\".txt\" \(Self.period)/></profiles></caching>"
        )
        #expect(try rare.get("/a.txt").text == "one")
        try rare.folder.write("www/a.txt", "two")
        try rare.folder.setModified("www/a.txt", seconds: 784_111_778)
        // Two requests in ten seconds: this one is the second, and kept.
        #expect(try rare.get("/a.txt").text == "two")
        try rare.folder.write("www/a.txt", "three")
        #expect(try rare.get("/a.txt").text == "two")
    }
}
