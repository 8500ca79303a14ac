import PipelineTesting
import Testing
import Wire

@testable import Pipeline

/// The order of stages, and what a module's answer does to it (IIS: `RQ_…`, `RQ_NOTIFICATION_…`).
struct StageTests {
    /// What the modules of a test saw, in order.
    final class Journal {
        var lines: [String] = []
        var waiting: RequestContext?
    }

    /// Writes down each stage and answers what the test wants.
    final class Probe: Module {
        let name: String
        let journal: Journal
        let answer: (Stage, RequestContext) -> NotificationStatus

        init(_ name: String, _ journal: Journal, _ answer: @escaping (Stage, RequestContext) -> NotificationStatus) {
            self.name = name
            self.journal = journal
            self.answer = answer
        }

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            journal.lines.append("\(name) \(stage.name)")
            return answer(stage, request)
        }
    }

    let journal = Journal()

    private func probe(
        _ name: String, _ stages: StageSet, priority: ModuleDefinition.Priority = .medium,
        _ answer: @escaping (Stage, RequestContext) -> NotificationStatus = { _, _ in .continue }
    ) -> ModuleDefinition {
        let journal = journal
        return ModuleDefinition(name: name, sections: [], stages: stages, priority: priority) { _ in
            Probe(name, journal, answer)
        }
    }

    private func host(_ definitions: [ModuleDefinition], handler: String = "Handler") throws -> TestHost {
        let names = definitions.map(\.name)
        return try TestHost(
            definitions,
            server: """
                <system.webServer>
                  <globalModules><clear/>\(names.map { "<add name=\"\($0)\"/>" }.joined())</globalModules>
                  <modules><clear/>\(names.map { "<add name=\"\($0)\"/>" }.joined())</modules>
                  <handlers><clear/><add name="All" path="*" verb="*" modules="\(handler)" requireAccess="None"/></handlers>
                </system.webServer>
                """)
    }

    private let everything: StageSet = [
        .on(
            .beginRequest, .authenticateRequest, .authorizeRequest, .resolveRequestCache, .mapRequestHandler,
            .acquireRequestState, .preExecuteRequestHandler, .executeRequestHandler, .releaseRequestState,
            .updateRequestCache, .logRequest, .endRequest, .sendResponse),
        .post(
            .beginRequest, .authenticateRequest, .authorizeRequest, .resolveRequestCache, .mapRequestHandler,
            .acquireRequestState, .preExecuteRequestHandler, .executeRequestHandler, .releaseRequestState,
            .updateRequestCache, .logRequest),
    ]

    private func signIn(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        if stage.notification == .authenticateRequest { request.user = .anonymous }
        return .continue
    }

    private func answering(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        request.response.body = .bytes(Array("answer".utf8))
        request.response.set(status: 200)
        return .finishRequest
    }

    @Test
    func stagesRunInIISsOrderWithTheirPostForms() throws {
        let host = try host([
            probe("A", everything, signIn),
            probe("Handler", []) { _, request in
                request.response.set(status: 204)
                return .continue
            },
        ])
        #expect(try host.get("/").status == 204)
        #expect(
            journal.lines == [
                "A BeginRequest", "A PostBeginRequest", "A AuthenticateRequest", "A PostAuthenticateRequest",
                "A AuthorizeRequest", "A PostAuthorizeRequest", "A ResolveRequestCache", "A PostResolveRequestCache",
                "A MapRequestHandler", "A PostMapRequestHandler", "A AcquireRequestState", "A PostAcquireRequestState",
                "A PreExecuteRequestHandler", "A PostPreExecuteRequestHandler", "A ExecuteRequestHandler",
                "Handler ExecuteRequestHandler", "A PostExecuteRequestHandler", "A ReleaseRequestState",
                "A PostReleaseRequestState", "A UpdateRequestCache", "A PostUpdateRequestCache", "A LogRequest",
                "A PostLogRequest", "A EndRequest", "A SendResponse",
            ])
    }

    @Test
    func aFinishedRequestGoesOnWithLogAndEnd() throws {
        let host = try host([
            probe("A", .on(.beginRequest, .authorizeRequest, .logRequest, .endRequest, .sendResponse)) {
                stage, request in
                stage == Stage(.beginRequest) ? self.answering(stage, request) : .continue
            },
            probe("Handler", []),
        ])
        #expect(try host.get("/").text == "answer")
        #expect(journal.lines == ["A BeginRequest", "A LogRequest", "A EndRequest", "A SendResponse"])
    }

    @Test
    func thePriorityGoesBeforeTheOrderOfTheSection() throws {
        let host = try host([
            probe("A", .on(.beginRequest)), probe("B", .on(.beginRequest), priority: .first),
            probe("C", .on(.beginRequest), priority: .last), probe("D", .on(.beginRequest)), probe("Handler", []),
        ])
        _ = try host.get("/")
        #expect(journal.lines == ["B BeginRequest", "A BeginRequest", "D BeginRequest", "C BeginRequest"])
    }

    @Test
    func aPendingRequestGoesOnWhereItWaited() throws {
        let host = try host([
            probe("A", .on(.beginRequest, .authenticateRequest)) { stage, request in
                guard stage == Stage(.beginRequest) else { return self.signIn(stage, request) }
                self.journal.waiting = request
                return .pending
            },
            probe("Handler", [], answering),
        ])
        let sink = RecordingSink()
        let context = try #require(try host.begin(TestRequest("/"), sink))
        #expect(sink.head == nil)
        #expect(journal.waiting === context)
        context.resume(.continue)
        #expect(sink.text == "answer")
        #expect(journal.lines == ["A BeginRequest", "A AuthenticateRequest", "Handler ExecuteRequestHandler"])
    }

    @Test
    func aHandlersModuleThatWaitedIsNotCalledAgain() throws {
        let host = try host(
            [
                probe("A", .on(.authenticateRequest), signIn), probe("One", []) { _, _ in .pending },
                probe("Two", [], answering),
            ], handler: "One,Two")
        let sink = RecordingSink()
        let context = try #require(try host.begin(TestRequest("/"), sink))
        context.resume(.continue)
        #expect(sink.text == "answer")
        #expect(
            journal.lines == ["A AuthenticateRequest", "One ExecuteRequestHandler", "Two ExecuteRequestHandler"])
    }

    @Test
    func aClientThatLeavesWhileAModuleWaitsGetsNothing() throws {
        let host = try host([
            probe("A", .on(.beginRequest)) { _, _ in .pending }, probe("Handler", [], answering),
        ])
        let sink = RecordingSink()
        let context = try #require(try host.begin(TestRequest("/"), sink))
        context.clientGone()
        context.resume(.continue)
        #expect(sink.head == nil)
        #expect(journal.lines == ["A BeginRequest"])
        // The context serves again.
        let next = try #require(try host.begin(TestRequest("/"), RecordingSink()))
        #expect(next === context)
    }

    @Test
    func anApplicationTakesNoMoreRequestsAtOnceThanItsLimit() throws {
        let limited = try TestHost(
            [probe("A", .on(.beginRequest)) { _, _ in .pending }],
            server: """
                <system.webServer>
                  <serverRuntime appConcurrentRequestLimit="2" maxRequestEntityAllowed="10"/>
                  <globalModules><clear/><add name="A"/></globalModules><modules><clear/><add name="A"/></modules>
                </system.webServer>
                """)
        let first = try #require(try limited.begin(TestRequest("/"), RecordingSink()))
        _ = try limited.begin(TestRequest("/"), RecordingSink())
        #expect(try limited.send(TestRequest("/")).status == 503)
        first.clientGone()
        first.resume(.continue)
        var large = TestRequest("/")
        large.body = .length(11)
        #expect(try limited.send(large).status == 413)
        #expect(try limited.send(TestRequest("/")).head == nil)
        #expect(try limited.send(TestRequest("/")).status == 503)
    }

    @Test
    func nobodyPassesWhomNoModuleTookIn() throws {
        let host = try host([probe("A", .on(.authorizeRequest)), probe("Handler", [], answering)])
        #expect(try host.get("/").status == 401)
        #expect(journal.lines.isEmpty)
    }

    @Test
    func aChildRequestPassesItsOwnStagesAndIsLoggedOnce() throws {
        let host = try host([
            probe("A", .on(.authenticateRequest, .logRequest, .endRequest), signIn),
            probe("Handler", []) { stage, request in
                request.resolution.path == Array("/parent".utf8)
                    ? request.execute(path: Array("/child".utf8)) : self.answering(stage, request)
            },
        ])
        let answer = try host.get("/parent")
        #expect(answer.text == "answer")
        #expect(
            journal.lines == [
                "A AuthenticateRequest", "Handler ExecuteRequestHandler", "A AuthenticateRequest",
                "Handler ExecuteRequestHandler", "A LogRequest", "A EndRequest",
            ])
    }

    @Test
    func childRequestsThatGoInACircleEnd() throws {
        let host = try host([
            probe("A", .on(.authenticateRequest), signIn),
            probe("Handler", []) { _, request in request.execute(path: Array("/again".utf8)) },
        ])
        #expect(try host.get("/").status == 500)
    }

    @Test
    func aModuleWithNothingToDoInAFolderIsNotCalled() throws {
        let idle = ModuleDefinition(name: "Idle", sections: [], stages: .on(.beginRequest)) { _ in nil }
        let host = try host(
            [probe("A", .on(.authenticateRequest), signIn), idle, probe("Handler", [], answering)],
            handler: "Idle,Handler")
        #expect(try host.get("/").text == "answer")
    }

    @Test
    func aRequestOfASiteThatIsNotServedHereIs404() throws {
        let host = try host([probe("Handler", [], answering)])
        var request = TestRequest("/")
        request.site = 7
        #expect(try host.send(request).status == 404)
    }
}
