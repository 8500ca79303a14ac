import AspNetCoreModule
import Configuration
import Pipeline
import PipelineTesting
import Testing

@Suite struct StartFailureAnswerTests {
    private typealias Environment = [(name: String, value: String)]

    private func answer(
        disablesPage: Bool = false, environment: Environment = [], variables: Environment = [],
        _ failure: StartFailure = .processNotStarted
    ) throws -> RecordingSink {
        let answer = StartFailureAnswer(
            disablesPage: disablesPage, variables: variables.map { .init(name: $0.name, value: $0.value) },
            environment: environment)
        let module = Answering { answer.give(failure, "the secret reason", to: $0) }
        let definition = ModuleDefinition(name: "Answering", sections: [], stages: .on(.beginRequest)) { _ in module }
        let host = try TestHost(
            [definition],
            server: """
                <system.webServer><globalModules><clear/><add name="Answering"/></globalModules>
                <modules><clear/><add name="Answering"/></modules></system.webServer>
                """)
        return try host.send(TestRequest("/a"))
    }

    @Test func thePageIsTheAnswer() throws {
        let sink = try answer()
        #expect(sink.status == 502)
        #expect(sink.value("content-type") == "text/html")
        #expect(sink.text.contains("HTTP Error 502.5 - ANCM Out-Of-Process Startup Failure"))
        #expect(!sink.text.contains("the secret reason"))
    }

    @Test(arguments: [
        ("ASPNETCORE_DETAILEDERRORS", "1"), ("ASPNETCORE_DETAILEDERRORS", "True"),
        ("ASPNETCORE_ENVIRONMENT", "development"), ("DOTNET_ENVIRONMENT", "Development"),
    ])
    func whoDevelopsSeesTheReason(name: String, value: String) throws {
        #expect(try answer(environment: [(name, value)]).text.contains("the secret reason"))
        #expect(try answer(variables: [(name.lowercased(), value)]).text.contains("the secret reason"))
    }

    @Test func theWorkersVariableBeatsTheSections() throws {
        let sink = try answer(
            environment: [("ASPNETCORE_ENVIRONMENT", "Production")],
            variables: [("ASPNETCORE_ENVIRONMENT", "Development")])
        #expect(!sink.text.contains("the secret reason"))
    }

    @Test func anEmptyVariableIsNone() throws {
        let sink = try answer(
            environment: [("ASPNETCORE_ENVIRONMENT", "")], variables: [("ASPNETCORE_ENVIRONMENT", "Development")])
        #expect(sink.text.contains("the secret reason"))
    }

    @Test func theLinkIsTheServersNotTheApplications() throws {
        let name = "ANCM_ADDITIONAL_ERROR_PAGE_LINK"
        #expect(try answer(environment: [(name, "http://help.example")]).text.contains("http://help.example"))
        #expect(try !answer(variables: [(name, "http://help.example")]).text.contains("http://help.example"))
    }

    @Test func withoutThePageThereIsNothingButTheStatus() throws {
        let sink = try answer(disablesPage: true, environment: [("ASPNETCORE_DETAILEDERRORS", "1")])
        #expect(sink.status == 502)
        #expect(!sink.text.contains("ANCM"))
    }

    @Test(arguments: [StartFailure.hostNotLoaded, .hostingModelsMixed, .secondInProcessApplication])
    func theOtherErrorsAreTheServers(failure: StartFailure) throws {
        #expect(try answer(failure).status == 500)
        #expect(try answer(disablesPage: true, failure).status == 500)
    }
}

private final class Answering: Module {
    private let answer: (RequestContext) -> NotificationStatus

    init(_ answer: @escaping (RequestContext) -> NotificationStatus) { self.answer = answer }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus { answer(request) }
}
