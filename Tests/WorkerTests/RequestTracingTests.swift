import PipelineTesting
import Testing
import Wire

/// What a worker tells of its requests: of each one when it is answered, and of those in work when it is asked.
struct RequestTracingTests {
    @Test func eachRequestIsToldWithTheModuleThatAnsweredIt() throws {
        let driver = try WorkerDriver()
        try driver.folder.write("www/a.txt", "content")
        driver.send(.trace)
        try driver.configure()
        let router = try driver.link()
        router.send(TestRequest("/a.txt?b=c"), stream: 0x10001)
        router.send(TestRequest("/web.config"), stream: 0x10002)
        var traced: [TracedRequest] {
            driver.messages.compactMap { if case .traced(let request) = $0 { request } else { nil } }
        }
        #expect(driver.wait { traced.count == 2 })
        let file = try #require(traced.first { $0.target == "/a.txt?b=c" })
        #expect(file.status == 200 && file.subStatus == 0 && file.method == "GET" && file.siteID == 1)
        #expect(file.module == "StaticFileModule" && file.stage == "ExecuteRequestHandler")
        let refused = try #require(traced.first { $0.target == "/web.config" })
        #expect(refused.status == 404 && refused.subStatus == 7)
        #expect(refused.module == "RequestFilteringModule")
    }

    @Test func nothingIsToldUnasked() throws {
        let driver = try WorkerDriver()
        try driver.folder.write("www/a.txt", "content")
        try driver.configure()
        let router = try driver.link()
        router.send(TestRequest("/a.txt"), stream: 0x10001)
        #expect(driver.wait { router[0x10001].hasEnded })
        #expect(!driver.messages.contains { if case .traced = $0 { true } else { false } })
    }

    @Test func aRequestWhoseClientTakesNothingIsInWorkUntilItDoes() throws {
        let driver = try WorkerDriver()
        try driver.folder.write("www/long.txt", String(repeating: "x", count: 200_000))
        try driver.configure()
        let router = try driver.link(window: 1000)
        router.send(TestRequest("/long.txt"), stream: 0x10001)
        #expect(driver.wait { router[0x10001].body.count == 1000 })
        driver.send(.requestsWanted(7))
        func running(_ number: UInt64) -> [RunningRequest]? {
            for case .requests(number, let requests) in driver.messages { return requests }
            return nil
        }
        #expect(driver.wait { running(7) != nil })
        let request = try #require(running(7)?.first)
        #expect(request.target == "/long.txt" && request.siteID == 1 && request.stage == "SendResponse")
        router.grant(1 << 20, stream: 0x10001)
        #expect(driver.wait { router[0x10001].hasEnded })
        driver.send(.requestsWanted(8))
        #expect(driver.wait { running(8) != nil })
        #expect(running(8)?.isEmpty == true)
    }
}
