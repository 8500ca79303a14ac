import Configuration
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

/// The article "Writing a module": its examples are those of `ModuleExamples.swift`, and they do what it says.
struct WritingAModuleTests {
    let services = TestServices()

    /// Lets everybody in whose path does not begin with `/private`.
    final class Doorkeeper: Module {
        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            if !request.resolution.path.starts(with: "/private".utf8) { request.user = .anonymous }
            return .continue
        }
    }

    private var definitions: [ModuleDefinition] {
        let doorkeeper = ModuleDefinition(name: "Doorkeeper", sections: [], stages: .on(.authenticateRequest)) { _ in
            Doorkeeper()
        }
        return [
            doorkeeper, AnswerTimeModule.definition(services), PatienceModule.definition(services),
            HealthModule.definition, ApplicationJournal.definition(services), TenantModule.definition,
        ]
    }

    private func host() throws -> TestHost {
        let names = definitions.map { "<add name=\"\($0.name)\"/>" }.joined()
        return try TestHost(
            definitions,
            server: """
                <system.webServer>
                  <globalModules><clear/>\(names)</globalModules><modules><clear/>\(names)</modules>
                  <handlers accessPolicy="Script"><clear/>
                    <add name="Health" path="/health" verb="*" modules="HealthModule"/>
                    <add name="Slow" path="/slow" verb="*" modules="HealthModule"/>
                  </handlers>
                  <httpTracing><traceUrls><add value="/slow"/></traceUrls></httpTracing>
                </system.webServer>
                """,
            site: """
                <logFile><customFields>
                  <add logFieldName="x-tenant" sourceName="TENANT" sourceType="ServerVariable"/>
                </customFields></logFile>
                """)
    }

    @Test
    func whatIsFollowedTellsItsTime() throws {
        let host = try host()
        services.now = host.now + 12
        #expect(try host.get("/slow").value("server-timing") == "total;dur=12")
        #expect(try host.get("/health").value("server-timing") == nil)
    }

    @Test
    func whoIsNotLetInWaits() throws {
        let host = try host()
        services.now = host.now
        let sink = RecordingSink()
        _ = try host.begin(TestRequest("/private"), sink)
        services.pass(milliseconds: PatienceModule.wait - 1)
        #expect(sink.head == nil)
        services.pass(milliseconds: 1)
        #expect(sink.status == 401)
    }

    @Test
    func theHandlersModuleAnswers() throws {
        let host = try host()
        services.now = host.now
        let answer = try host.get("/health")
        #expect(answer.status == 200)
        #expect(answer.value("content-type") == "text/plain")
        #expect(answer.text == "well\n")
        var request = TestRequest("/health")
        request.method = "POST"
        #expect(try host.send(request).status == 405)
    }

    @Test
    func whatTheWorkerStartsAndStopsIsReported() throws {
        let host = try host()
        _ = try host.get("/health")
        _ = try host.get("/slow")
        #expect(services.reports == ["Site/ has started"])
        host.stop()
        #expect(services.reports == ["Site/ has started", "Site/ has stopped"])
    }

    @Test
    func theLogLearnsWhoseTheRequestIs() throws {
        let host = try host()
        services.now = host.now
        var request = TestRequest("/health")
        request.headers = [("Host", "blue.example.com")]
        var expected = HeaderBlock()
        expected.append("TENANT", "blue")
        #expect(try host.send(request).head?.loggedVariables == expected)
    }

    @Test
    func theArticlesExamplesAreTheseExamples() throws {
        let tests = #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        let examples = try text("\(tests)/ModuleExamples.swift")
        let article = try text("\(tests)/../../Sources/Pipeline/Pipeline.docc/WritingAModule.md")
        let parts = article.split(separator: "```", omittingEmptySubsequences: false)
        let blocks = parts.enumerated().filter { $0.offset % 2 == 1 && $0.element.hasPrefix("swift\n") }
            .map { $0.element.dropFirst("swift\n".count) }
        #expect(blocks.count == 5)
        for block in blocks { #expect(examples.contains(block), "\(block)") }
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try FileReader().read(path).bytes, as: UTF8.self)
    }
}
