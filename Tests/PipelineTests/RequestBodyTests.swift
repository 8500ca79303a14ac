import PipelineTesting
import Testing
import Wire

@testable import Pipeline

/// A module that holds a request open and reads its body.
struct RequestBodyTests {
    final class Reading: Module, RequestBodyReader {
        var request: RequestContext?
        var bytes: [UInt8] = []
        var ends = 0
        var stops = 0
        /// Whether the body is read before the module has answered `pending`.
        var readsAtOnce = true

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            guard stage.notification == .executeRequestHandler else {
                request.user = .anonymous
                return .continue
            }
            self.request = request
            if readsAtOnce { request.read(self) }
            return .pending
        }

        func received(_ bytes: Span<UInt8>) { self.bytes.append(copying: bytes) }
        func receivedEnd() { ends += 1 }

        func stopped() {
            stops += 1
            request?.resume(.finishRequest)
        }

        func answer(_ status: UInt16 = 200) {
            request?.response.set(status: status)
            request?.resume(.continue)
        }

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Has what the test gives it.
    final class Source: BodySource {
        var length: Int64? { nil }
        var pending = ""
        var hasEnded = false
        var cancellations = 0

        func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress {
            bytes += pending.utf8
            pending = ""
            return hasEnded ? .ended : .waiting
        }

        func cancel() { cancellations += 1 }
    }

    let module = Reading()
    let sink = RecordingSink()
    let host: TestHost

    init() throws {
        let module = module
        host = try TestHost(
            [ModuleDefinition(name: "M", sections: [], stages: [.on(.authenticateRequest)]) { _ in module }],
            server: """
                <system.webServer>
                  <globalModules><clear/><add name="M"/></globalModules><modules><clear/><add name="M"/></modules>
                  <handlers><clear/><add name="H" path="*" verb="*" modules="M" requireAccess="None"/></handlers>
                </system.webServer>
                """)
    }

    func begin(_ body: RequestHead.Body = .length(10)) throws -> RequestContext {
        var request = TestRequest("/")
        request.body = body
        return try #require(try host.begin(request, sink))
    }

    func receive(_ text: String, _ context: RequestContext) {
        let bytes = Array(text.utf8)
        context.receivedBody(bytes.span)
    }

    @Test func aReaderHearsBytesAndTheirEnd() throws {
        let context = try begin()
        #expect(sink.wasAsked)
        receive("01234", context)
        receive("56789", context)
        context.receivedBodyEnd()
        #expect(module.text == "0123456789" && module.ends == 1 && sink.taken == 0)
        context.took(10)
        #expect(sink.taken == 10)
        module.answer()
        #expect(sink.hasEnded && sink.status == 200 && module.stops == 0)
    }

    @Test func whatCameBeforeIsHeardFirst() throws {
        module.readsAtOnce = false
        let context = try begin()
        receive("01234", context)
        receive("56789", context)
        context.receivedBodyEnd()
        #expect(module.bytes.isEmpty && !sink.wasAsked && sink.taken == 0)
        context.read(module)
        #expect(module.text == "0123456789" && module.ends == 1 && sink.wasAsked)
        module.answer()
        #expect(sink.hasEnded)
    }

    @Test func whatNobodyReadIsLetGoWithTheAnswer() throws {
        module.readsAtOnce = false
        let context = try begin()
        receive("01234", context)
        module.answer()
        #expect(sink.taken == 5 && sink.hasEnded && module.bytes.isEmpty)
    }

    @Test func whatComesAfterTheReaderHasGoneIsLetGo() throws {
        let context = try begin()
        receive("01234", context)
        context.stopReading()
        let source = Source()
        context.response.body = .stream(source)
        module.answer()
        receive("56789", context)
        #expect(module.text == "01234" && sink.taken == 5)
        source.hasEnded = true
        context.resumeSending()
        #expect(sink.hasEnded)
    }

    @Test func aReaderHearsThatItsClientIsGone() throws {
        let context = try begin()
        context.clientGone()
        #expect(module.stops == 1 && !context.hasClient)
        // The context is free for the next request.
        let next = try begin()
        #expect(next === context && next.hasClient)
    }

    @Test func aBodyThatGrowsTooLargeStopsTheReader() throws {
        let context = try begin(.chunked)
        context.bodyLimit = 10
        receive("0123456789", context)
        #expect(module.stops == 0)
        receive("x", context)
        #expect(module.stops == 1 && module.text == "0123456789")
        #expect(sink.status == 413 && sink.head?.subStatus == 1 && sink.hasEnded)
    }

    @Test func aResponseMayHaveAReasonOfItsOwn() throws {
        let context = try begin(.none)
        context.response.set(status: 200)
        context.response.reason = Array("Fine".utf8)
        context.response.closesConnection = true
        context.resume(.continue)
        #expect(sink.head?.reason == Array("Fine".utf8) && sink.head?.closesConnection == true)
    }

    @Test func aReasonGoesWithItsStatus() throws {
        let context = try begin(.none)
        context.response.set(status: 200)
        context.response.reason = Array("Fine".utf8)
        context.resume(context.refuse(.badGateway, "", code: 0x8007_2efe))
        #expect(sink.status == 502 && sink.head?.reason == [] && sink.head?.win32Status == 0x2efe)
    }

    // MARK: - Tunnels

    func tunnel() throws -> (RequestContext, Source) {
        sink.canBecomeTunnel = true
        let context = try begin(.none)
        #expect(context.canBecomeTunnel)
        context.receivedBodyEnd()
        let source = Source()
        source.pending = "hello"
        context.response.body = .stream(source)
        module.answer(101)
        #expect(sink.status == 101 && sink.text == "hello" && module.ends == 0)
        receive("ping", context)
        #expect(module.text == "ping")
        return (context, source)
    }

    @Test func theHalvesOfATunnelEndApart() throws {
        let (context, source) = try tunnel()
        source.hasEnded = true
        context.resumeSending()
        #expect(sink.hasEnded)
        receive("pong", context)
        #expect(module.text == "pingpong")
        let other = RecordingSink()
        #expect(try host.begin(TestRequest("/"), other) !== context)
        context.receivedBodyEnd()
        #expect(module.ends == 1)
        #expect(try host.begin(TestRequest("/"), other) === context)
    }

    @Test func aClientMayEndItsHalfFirst() throws {
        let (context, source) = try tunnel()
        context.receivedBodyEnd()
        #expect(module.ends == 1 && !sink.hasEnded)
        source.pending = "bye"
        source.hasEnded = true
        context.resumeSending()
        #expect(sink.hasEnded && sink.text == "hellobye")
        #expect(try host.begin(TestRequest("/"), RecordingSink()) === context)
    }

    @Test func aTunnelWhoseClientLeavesIsOver() throws {
        let (context, source) = try tunnel()
        source.hasEnded = true
        context.resumeSending()
        context.clientGone()
        #expect(module.stops == 1)
    }

    @Test func aTunnelCanBeBrokenOffInEitherHalf() throws {
        let (context, source) = try tunnel()
        context.breakOff()
        #expect(sink.hasFailed && source.cancellations == 1)
    }

    @Test func aTunnelThatHasEndedCanBeBrokenOffStill() throws {
        let (context, source) = try tunnel()
        source.hasEnded = true
        context.resumeSending()
        context.breakOff()
        #expect(sink.hasFailed)
        #expect(try host.begin(TestRequest("/"), RecordingSink()) === context)
    }
}
