import PipelineTesting
import Testing
import Wire

@testable import Pipeline

/// A body that is made while it is sent ends with the response that it belongs to.
struct BodySourceTests {
    /// Has always more to come.
    final class Source: BodySource {
        var length: Int64? { nil }
        private(set) var cancellations = 0
        func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress {
            bytes.append(0x61)
            return .more
        }
        func cancel() { cancellations += 1 }
    }

    /// Answers with a source, and does what the test wants behind that.
    final class Answering: Module {
        let source = Source()
        let inLog: (RequestContext) -> NotificationStatus

        init(inLog: @escaping (RequestContext) -> NotificationStatus) { self.inLog = inLog }

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            switch stage.notification {
            case .authenticateRequest: request.user = .anonymous
            case .logRequest: return inLog(request)
            default:
                request.response.set(status: 200)
                request.response.body = .stream(source)
            }
            return .continue
        }
    }

    private func send(
        credit: Int = 0, inLog: @escaping (RequestContext) -> NotificationStatus
    ) throws -> (Source, RecordingSink) {
        let module = Answering(inLog: inLog)
        let definition = ModuleDefinition(
            name: "M", sections: [], stages: [.on(.authenticateRequest), .on(.logRequest)]
        ) { _ in module }
        let host = try TestHost(
            [definition],
            server: """
                <system.webServer>
                  <globalModules><clear/><add name="M"/></globalModules><modules><clear/><add name="M"/></modules>
                  <handlers><clear/><add name="H" path="*" verb="*" modules="M" requireAccess="None"/></handlers>
                </system.webServer>
                """)
        let sink = RecordingSink(credit: credit)
        let context = try host.begin(TestRequest("/"), sink)
        context?.clientGone()
        return (module.source, sink)
    }

    /// Reference §5.2: content beyond the limit is 413.1, whatever was to be answered.
    @Test func aBodyThatIsTooLargeEndsTheAnswersSource() throws {
        let (source, sink) = try send(credit: 1 << 16) { request in
            _ = request.takesBody(11)
            request.bodyLimit = 10
            return .continue
        }
        #expect(sink.status == 413 && sink.head?.subStatus == 1)
        #expect(source.cancellations == 1)
    }

    @Test func aRefusalEndsTheAnswersSource() throws {
        let (source, sink) = try send(credit: 1 << 16) { $0.refuse(.noHandler) }
        #expect(sink.status == 404)
        #expect(source.cancellations == 1)
    }

    @Test func aClosedConnectionEndsTheAnswersSource() throws {
        let (source, sink) = try send { $0.abort() }
        #expect(sink.wasAborted)
        #expect(source.cancellations == 1)
    }

    @Test func aClientThatLeavesEndsTheAnswersSource() throws {
        let (source, sink) = try send { _ in .continue }
        #expect(sink.status == 200)
        #expect(source.cancellations == 1)
    }
}
