import CompressionTesting
import HTTP1
import Modules
import Pipeline
import PipelineTesting
import Testing
import Wire

/// Reference §5.2, *Compression*: dynamic types, levels, what is left alone, and streams.
struct DynamicCompressionTests {
    /// What the application of a test answers.
    final class Application: Module {
        var status: UInt16 = 200
        var fields: [(StaticString, StaticString)] = [("Content-Type", "text/html; charset=utf-8")]
        var body: () -> ResponseBody = { .none }
        var request: RequestContext?

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            self.request = request
            for (name, value) in fields { request.response.headers.append(name, value) }
            request.response.set(status: status)
            request.response.body = body()
            return .finishRequest
        }
    }

    /// A backend that sends when the test says so.
    final class Backend: BodySource {
        var length: Int64?
        var held: [[UInt8]] = []
        var isOver = false
        var hasFailed = false
        private(set) var isCancelled = false

        func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress {
            guard !held.isEmpty else { return hasFailed ? .failed : isOver ? .ended : .waiting }
            let count = min(limit, held[0].count)
            bytes += held[0].prefix(count)
            held[0].removeFirst(count)
            if held[0].isEmpty { held.removeFirst() }
            return .more
        }

        func cancel() { isCancelled = true }
    }

    /// Hosts live as long as the test: requests go on after they have begun.
    final class Kept {
        var hosts: [TestHost] = []
    }

    let kept = Kept()
    let application = Application()
    let services = TestServices()
    let text = Array(String(repeating: "<p>An answer that was made for you.</p>\n", count: 2000).utf8)

    private func host(_ attributes: String = "", _ elements: String = "") throws -> TestHost {
        let application = application
        let definition = ModuleDefinition(name: "WebSocketModule", sections: []) { _ in application }
        let host = try TestHost(
            BuiltInModules.definitions(files: FileCache(), services: services).filter { $0.name != "WebSocketModule" }
                + [definition],
            server: """
                <system.webServer>
                  <handlers><clear/><add name="All" path="*" verb="*" modules="WebSocketModule" requireAccess="None"/></handlers>
                  <httpCompression \(attributes)>\(elements)</httpCompression>
                </system.webServer>
                """)
        kept.hosts.append(host)
        return host
    }

    private func begin(_ host: TestHost, _ codings: String? = "gzip", method: String = "GET", credit: Int = .max) throws
        -> RecordingSink
    {
        var request = TestRequest("/answer")
        request.method = method
        if let codings { request.headers.append(("Accept-Encoding", codings)) }
        let sink = RecordingSink(credit: credit)
        _ = try host.begin(request, sink)
        return sink
    }

    @Test(arguments: ["gzip", "br", "zstd"])
    func anAnswerIsCompressedWhileItIsSent(_ coding: String) throws {
        let text = text
        application.fields.append(("ETag", "\"1\""))
        application.body = { .bytes(text) }
        let answer = try begin(try host(), coding)
        #expect(
            answer.hasEnded && answer.value("content-encoding") == coding && answer.value("vary") == "Accept-Encoding")
        #expect(answer.head?.contentLength == nil && answer.value("etag") == "W/\"1\"")
        #expect(answer.plainText.map { Array($0.utf8) } == text && answer.body.count < text.count / 10)
    }

    @Test func aSlowClientGetsItPieceByPiece() throws {
        let text = text
        application.body = { .bytes(text) }
        let answer = try begin(try host(), credit: 0)
        var rounds = 0
        while !answer.hasEnded, rounds < 10_000 {
            answer.credit = 7
            application.request?.resumeSending()
            rounds += 1
        }
        #expect(rounds >= answer.body.count / 7 && answer.plainText.map { Array($0.utf8) } == text)
    }

    @Test func anEventGoesOutWhenItComes() throws {
        let backend = Backend()
        application.fields = [("Content-Type", "text/event-stream")]
        application.body = { .stream(backend) }
        let answer = try begin(try host())
        #expect(answer.value("content-encoding") == "gzip" && answer.body.isEmpty)
        for number in 1...3 {
            backend.held.append(Array("data: \(number)\n\n".utf8))
            application.request?.resumeSending()
            #expect(answer.plainText?.hasSuffix("data: \(number)\n\n") == true && !answer.hasEnded)
        }
        let sent = answer.body.count
        application.request?.resumeSending()
        #expect(answer.body.count == sent)
        backend.isOver = true
        application.request?.resumeSending()
        #expect(answer.hasEnded && answer.plainText == "data: 1\n\ndata: 2\n\ndata: 3\n\n")
    }

    @Test func anotherThreadCompresses() throws {
        let text = text
        application.body = { .bytes(text) }
        services.holdsWork = true
        let answer = try begin(try host())
        #expect(answer.head?.status == 200 && answer.body.isEmpty)
        services.finishWork()
        #expect(answer.hasEnded && answer.plainText.map { Array($0.utf8) } == text)
    }

    @Test func aClientThatGoesEndsTheBackendsWork() throws {
        let backend = Backend()
        backend.held = [text]
        application.body = { .stream(backend) }
        services.holdsWork = true
        let answer = try begin(try host())
        application.request?.clientGone()
        services.finishWork()
        #expect(backend.isCancelled && answer.body.isEmpty && !answer.hasEnded)
    }

    @Test func aBackendThatFailsBreaksTheAnswerOff() throws {
        let backend = Backend()
        backend.held = [text]
        backend.hasFailed = true
        application.body = { .stream(backend) }
        let answer = try begin(try host())
        #expect(answer.hasFailed && !answer.hasEnded)
    }

    @Test func aBackendThatSendsOtherThanItSaidBreaksTheAnswerOff() throws {
        let backend = Backend()
        backend.length = 10
        backend.held = [text]
        application.body = { .stream(backend) }
        let answer = try begin(try host(), "zstd")
        #expect(answer.hasFailed && backend.isCancelled)
    }

    @Test func headHasTheFieldsOfGet() throws {
        let backend = Backend()
        application.body = { .stream(backend) }
        let answer = try begin(try host(), method: "HEAD")
        #expect(answer.value("content-encoding") == "gzip" && answer.head?.contentLength == nil)
        #expect(answer.body.isEmpty && answer.hasEnded && backend.isCancelled)
    }

    @Test(
        arguments: [
            ("Content-Encoding", "br"), ("Cache-Control", "private, No-Transform"), ("Content-Range", "bytes 0-1/2"),
        ] as [(StaticString, StaticString)])
    func whatItsFieldsForbidIsSentAsItIs(_ name: StaticString, _ value: StaticString) throws {
        let text = text
        application.fields.append((name, value))
        application.body = { .bytes(text) }
        let answer = try begin(try host())
        #expect(answer.body == text && answer.head?.contentLength == UInt64(text.count))
    }

    @Test func onlyWholeAnswersOfTheListedTypesAreCompressed() throws {
        let text = text
        application.body = { .bytes(text) }
        let host = try host()
        application.status = 206
        #expect(try begin(host).body == text)
        application.status = 404
        #expect(try begin(host).value("content-encoding") == "gzip")
        application.status = 200
        for (type, isCompressed) in [
            ("application/json; charset=utf-8", true), ("TEXT/CSS", true), ("image/png", false),
            ("application/pdf", false),
        ] as [(StaticString, Bool)] {
            application.fields = [("Content-Type", type)]
            #expect((try begin(host).value("content-encoding") == "gzip") == isCompressed, "\(type)")
        }
        application.fields = []
        #expect(try begin(host).value("content-encoding") == nil)
        application.fields = [("Content-Type", "text/html")]
        #expect(try begin(host, nil).body == text)
        #expect(try begin(host, nil).value("vary") == "Accept-Encoding")
        application.body = { .bytes(Array(text.prefix(149))) }
        #expect(try begin(host).value("content-encoding") == nil)
    }

    @Test func aDirectoryOrASchemeCanLeaveItOut() throws {
        let text = text
        application.body = { .bytes(text) }
        let off = try host()
        try off.configure("", "<urlCompression doDynamicCompression=\"false\"/>")
        #expect(try begin(off).body == text)
        let some = try host(
            "",
            "<clear/><scheme name=\"gzip\" dll=\"x\" doDynamicCompression=\"false\"/><scheme name=\"br\" dll=\"x\"/>")
        #expect(try begin(some).body == text)
        #expect(try begin(some, "gzip, br").value("content-encoding") == "br")
    }
}
