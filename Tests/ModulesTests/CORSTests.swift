import Modules
import PipelineTesting
import Testing
import Wire

/// Reference §5.4: *cors*.
struct CORSTests {
    private func host(_ cors: String, security: String = "") throws -> TestHost {
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: TestServices()),
            server: "<system.webServer><security>\(security)</security></system.webServer>")
        try host.folder.write("www/a.txt", "content")
        try host.configure("", cors)
        return host
    }

    private func get(_ host: TestHost, origin: String?, path: String = "/a.txt") throws -> RecordingSink {
        try host.get(path, headers: origin.map { [("Origin", $0)] } ?? [])
    }

    private func preflight(
        _ host: TestHost, origin: String, method: String = "PUT", headers: String? = nil
    ) throws -> RecordingSink {
        var request = TestRequest("/a.txt")
        request.method = "OPTIONS"
        request.headers += [("Origin", origin), ("Access-Control-Request-Method", method)]
        if let headers { request.headers.append(("Access-Control-Request-Headers", headers)) }
        return try host.send(request)
    }

    private static let full = """
        <cors enabled="true" failUnlistedOrigins="true">
          <add origin="*"/>
          <add origin="https://*.example.com" allowCredentials="true" maxAge="120">
            <allowHeaders><add header="X-One"/><add header="X-Two"/></allowHeaders>
            <allowMethods><add method="DELETE"/><add method="PUT"/></allowMethods>
            <exposeHeaders><add header="X-Three"/><add header="ETag"/></exposeHeaders>
          </add>
          <add origin="https://all.example.com"><allowHeaders allowAllRequestedHeaders="true"/></add>
          <add origin="http://*" allowed="false"/>
        </cors>
        """

    @Test
    func aLoneStarAnswersStarToEverybodyAndNothingVaries() throws {
        let host = try host("<cors enabled=\"true\"><add origin=\"*\" allowCredentials=\"true\"/></cors>")
        for origin in ["https://a.test", nil] {
            let answer = try get(host, origin: origin)
            #expect(answer.text == "content")
            #expect(answer.values("access-control-allow-origin") == ["*"])
            #expect(answer.values("vary") == [] && answer.values("access-control-allow-credentials") == [])
        }
    }

    @Test
    func anAllowedOriginIsRepeatedWithWhatItMayKnow() throws {
        let answer = try get(try host(Self.full), origin: "https://www.example.com")
        #expect(answer.status == 200)
        #expect(answer.values("access-control-allow-origin") == ["https://www.example.com"])
        #expect(answer.values("access-control-allow-credentials") == ["true"])
        #expect(answer.values("access-control-expose-headers") == ["X-Three, ETag"])
        #expect(answer.values("vary") == ["Origin"])
        // These belong to preflights.
        #expect(answer.values("access-control-max-age") == [] && answer.values("access-control-allow-methods") == [])
    }

    @Test
    func aPreflightIsAnsweredWithTheRule() throws {
        let answer = try preflight(try host(Self.full), origin: "https://www.example.com", headers: "x-one")
        #expect(answer.status == 204)
        #expect(answer.values("access-control-allow-origin") == ["https://www.example.com"])
        #expect(answer.values("access-control-allow-credentials") == ["true"])
        #expect(answer.values("access-control-allow-methods") == ["DELETE, PUT"])
        #expect(answer.values("access-control-allow-headers") == ["X-One, X-Two"])
        #expect(answer.values("access-control-max-age") == ["120"])
        #expect(answer.values("vary") == ["Origin"])
        #expect(answer.values("access-control-expose-headers") == [])
    }

    @Test
    func theMostSpecificRuleHoldsWhereverItStands() throws {
        let host = try host(Self.full)
        let exact = try preflight(host, origin: "https://all.example.com", headers: "x-a, x-b")
        #expect(exact.values("access-control-allow-headers") == ["x-a, x-b"])
        #expect(exact.values("access-control-allow-credentials") == [] && exact.values("access-control-max-age") == [])
        #expect(try get(host, origin: "http://elsewhere.test").status == 403)
        #expect(
            try get(host, origin: "https://elsewhere.test").values("access-control-allow-origin") == [
                "https://elsewhere.test"
            ])
    }

    @Test(arguments: [
        "https://example.com", "https://wwwexample.com", "https://example.com.evil.test",
        "https://evil.test/.example.com",
        "https://evil.test?.example.com", "https://evil.test#.example.com", "https://a@evil.test:.example.com", "null",
        "",
        "https://www.example.com ,https://b.test",
    ])
    func whatOnlyLooksLikeAnAllowedOriginIsUnlisted(_ origin: String) throws {
        let list = "<add origin=\"https://*.example.com\"/>"
        let open = try get(try host("<cors enabled=\"true\">\(list)</cors>"), origin: origin)
        #expect(open.status == 200 && open.values("access-control-allow-origin") == [])
        #expect(open.values("vary") == ["Origin"])
        let strict = try get(
            try host("<cors enabled=\"true\" failUnlistedOrigins=\"true\">\(list)</cors>"), origin: origin)
        #expect(strict.status == 403 && !strict.text.contains("content\n"))
    }

    @Test
    func aSiteMayAlwaysUseItself() throws {
        let host = try host("<cors enabled=\"true\" failUnlistedOrigins=\"true\"/>")
        #expect(try get(host, origin: "http://www.example.com").status == 200)
        #expect(try get(host, origin: nil).status == 200)
        #expect(try get(host, origin: "https://www.example.com").status == 403)
    }

    @Test
    func aPreflightIsAnsweredBeforeAnybodyAsksWhoTheClientIs() throws {
        let host = try host(
            "<cors enabled=\"true\"><add origin=\"https://a.test\"/></cors>",
            security: """
                <authentication><anonymousAuthentication enabled="false"/></authentication>
                <requestFiltering><verbs allowUnlisted="false"><add verb="GET" allowed="true"/></verbs></requestFiltering>
                """)
        #expect(try preflight(host, origin: "https://a.test").status == 204)
        // A preflight for others says nothing about them, and nothing of the content.
        let other = try preflight(host, origin: "https://b.test")
        #expect(other.status == 204 && other.values("access-control-allow-origin") == [])
        let refused = try get(host, origin: "https://a.test")
        #expect(refused.status == 401 && refused.values("access-control-allow-origin") == ["https://a.test"])
    }

    @Test
    func optionsWithoutAPreflightsFieldsAreNoPreflight() throws {
        var request = TestRequest("/a.txt")
        request.method = "OPTIONS"
        request.headers.append(("Origin", "https://a.test"))
        let answer = try host("<cors enabled=\"true\"><add origin=\"https://a.test\"/></cors>").send(request)
        #expect(answer.status == 200 && answer.value("allow") != nil)
    }

    @Test
    func starAmongOthersNeverSharesCredentials() throws {
        let host = try host(
            "<cors enabled=\"true\"><add origin=\"*\" allowCredentials=\"true\"/><add origin=\"https://a.test\"/></cors>"
        )
        let answer = try get(host, origin: "https://b.test")
        #expect(answer.values("access-control-allow-origin") == ["https://b.test"])
        #expect(answer.values("access-control-allow-credentials") == [])
    }

    @Test
    func errorsTellPagesWhoMayReadThem() throws {
        let answer = try get(try host(Self.full), origin: "https://www.example.com", path: "/none.txt")
        #expect(answer.status == 404)
        #expect(answer.values("access-control-allow-origin") == ["https://www.example.com"])
    }

    @Test
    func aSectionThatIsOffDoesNothing() throws {
        let host = try host("<cors failUnlistedOrigins=\"true\"><add origin=\"https://a.test\"/></cors>")
        let answer = try get(host, origin: "https://a.test")
        #expect(answer.status == 200 && answer.values("access-control-allow-origin") == [])
        #expect(answer.values("vary") == [])
    }
}
