import EventLoop
import Pipeline
import PipelineTesting
import Testing
import Wire

@testable import AspNetCoreModule

/// Reference §13.4.
struct WebSocketTests {
    let driver: ProxyDriver

    init() throws { driver = try ProxyDriver() }

    static var offer: TestRequest {
        var request = TestRequest("/chat")
        request.headers += [
            ("Connection", "keep-alive, Upgrade"), ("Upgrade", "WebSocket"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ]
        return request
    }
    static let accept =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

    func open() throws -> (ProxyDriver.Call, ScriptedBackend.Connection) {
        let call = try driver.call(Self.offer, canBecomeTunnel: true)
        let backend = try #require(driver.request())
        #expect(backend.text.contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"))
        // The request itself has ended.
        call.context?.receivedBodyEnd()
        backend.say(Self.accept + "hello")
        #expect(driver.wait { call.sink.text == "hello" })
        #expect(call.sink.status == 101 && call.sink.value("upgrade") == "websocket" && !call.isOver)
        #expect(call.sink.value("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        backend.forget()
        return (call, backend)
    }

    @Test func bytesGoBothWays() throws {
        let (call, backend) = try open()
        call.send("ping")
        #expect(driver.wait { backend.text == "ping" })
        backend.say("pong")
        #expect(driver.wait { call.sink.text == "hellopong" })
        driver.clock.pass(seconds: 3600)
        driver.settle()
        #expect(!call.isOver && driver.outcomes.isEmpty)
    }

    @Test func theClientsEndIsTheBackends() throws {
        let (call, backend) = try open()
        call.send("bye")
        call.context?.receivedBodyEnd()
        #expect(driver.wait { backend.hasEnded && backend.text == "bye" })
        #expect(!call.isOver)
        backend.say("bye")
        backend.stream.closeAfterOutput()
        #expect(driver.wait { call.sink.hasEnded })
        #expect(call.sink.text == "hellobye" && driver.outcomes == [.answered])
    }

    @Test func theBackendsEndIsTheClients() throws {
        let (call, backend) = try open()
        backend.say("bye")
        backend.stream.endAfterOutput()
        #expect(driver.wait { call.sink.hasEnded && call.sink.text == "hellobye" })
        #expect(driver.outcomes.isEmpty)
        call.send("bye")
        call.context?.receivedBodyEnd()
        #expect(driver.wait { backend.hasEnded && backend.text == "bye" })
        #expect(driver.outcomes == [.answered])
    }

    /// A backend that says goodbye and closes, while its client sends on and takes its time.
    @Test(arguments: [false, true])
    func whatABackendSaidBeforeItClosedReachesASlowClient(_ endsLater: Bool) throws {
        let (call, backend) = try open()
        call.sink.credit = 0
        backend.say([UInt8](repeating: 120, count: 50_000))
        backend.stream.closeAfterOutput()
        for _ in 0..<3 {
            call.send("ping")
            driver.settle()
        }
        #expect(!call.isOver)
        call.sink.credit = .max
        call.context?.resumeSending()
        #expect(driver.wait { call.sink.hasEnded })
        #expect(call.sink.body.count == 50_005 && driver.outcomes.isEmpty)
        call.send("ping")
        driver.settle()
        if endsLater {
            call.context?.receivedBodyEnd()
            #expect(driver.outcomes == [.answered])
        } else {
            driver.clock.pass(seconds: 200)
            #expect(driver.wait { call.sink.hasFailed })
            #expect(driver.outcomes == [.failed(.timedOut)])
        }
    }

    @Test func aClientThatDoesNotEndItsHalfIsCutOff() throws {
        let (call, backend) = try open()
        backend.stream.endAfterOutput()
        #expect(driver.wait { call.sink.hasEnded })
        driver.clock.pass(seconds: 200)
        #expect(driver.wait { call.sink.hasFailed && backend.isOver })
        #expect(driver.outcomes == [.failed(.timedOut)])
    }

    @Test func aClientThatLeavesEndsTheBackendsConnection() throws {
        let (call, backend) = try open()
        call.context?.clientGone()
        #expect(driver.wait { backend.isOver } && driver.outcomes == [.clientGone])
    }

    @Test func aBackendThatBreaksOffBreaksOffTheClient() throws {
        let (call, backend) = try open()
        backend.stream.close(resetting: true)
        #expect(driver.wait { call.sink.hasFailed })
        #expect(driver.outcomes == [.failed(.aborted)])
    }

    @Test func anOfferThatTheBackendDeclinesIsAnOrdinaryRequest() throws {
        let call = try driver.call(Self.offer, canBecomeTunnel: true)
        try #require(driver.request()).say(
            "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\nno")
        #expect(driver.wait { call.sink.hasEnded })
        #expect(call.sink.status == 426 && call.sink.text == "no" && driver.backend.connections.idleCount == 1)
    }

    @Test(arguments: [(false, true, "websocket"), (true, false, "websocket"), (true, true, "h2c")])
    func withoutWebSocketsNoOfferGoesOn(_ areOffered: Bool, _ canBecomeTunnel: Bool, _ protocolName: String) throws {
        driver.rules.offersWebSockets = areOffered
        var request = TestRequest("/chat")
        request.headers += [("Connection", "Upgrade"), ("Upgrade", protocolName)]
        _ = try driver.call(request, canBecomeTunnel: canBecomeTunnel)
        let text = try #require(driver.request()).text.lowercased()
        #expect(!text.contains("upgrade") && !text.contains("connection"))
    }
}
