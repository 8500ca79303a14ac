import EventLoop
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

@testable import AspNetCoreModule

struct ProxyExchangeTests {
    let driver: ProxyDriver

    init() throws { driver = try ProxyDriver() }

    @Test func aRequestGoesToTheBackendAndItsAnswerBack() throws {
        let call = try driver.get("/a?x=1")
        let backend = try #require(driver.request())
        #expect(
            backend.text == """
                GET /a?x=1 HTTP/1.1\r
                Host: www.example.com\r
                X-Forwarded-For: 203.0.113.9:50000\r
                X-Forwarded-Proto: http\r
                MS-ASPNETCORE-TOKEN: the-token\r
                \r

                """)
        backend.say("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: x\r\nContent-Length: 5\r\n\r\nhello")
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 200 && call.sink.text == "hello" && call.sink.head?.contentLength == 5)
        #expect(call.sink.values("content-type") == ["text/plain"] && call.sink.values("date").isEmpty)
        #expect(call.sink.head?.sendsServer == false && driver.outcomes == [.answered])
    }

    @Test func aConnectionThatIsKeptTakesTheNextRequest() throws {
        for number in 0..<3 {
            let call = try driver.get("/\(number)")
            let backend = try #require(driver.request())
            backend.forget()
            backend.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
            #expect(driver.wait { call.isOver })
            #expect(call.sink.text == "hi" && driver.backend.connections.idleCount == 1)
        }
        #expect(driver.server.connections.count == 1)
    }

    @Test func partsGoToTheClientAsTheyCome() throws {
        let call = try driver.get()
        let backend = try #require(driver.request())
        backend.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(driver.wait { call.sink.status == 200 })
        #expect(call.sink.head?.contentLength == nil && call.sink.body.isEmpty)
        for count in 1...3 {
            backend.say("6\r\ndata\n\n\r\n")
            #expect(driver.wait { call.sink.body.count == 6 * count })
        }
        #expect(!call.isOver && driver.outcomes.isEmpty)
        backend.say("0\r\nX-Trailer: 1\r\n\r\n")
        #expect(driver.wait { call.sink.hasEnded })
        #expect(driver.outcomes == [.answered] && driver.backend.connections.idleCount == 1)
    }

    @Test func aClientThatTakesNothingStopsTheBackend() throws {
        let call = try driver.call(TestRequest("/"), credit: 1000)
        let backend = try #require(driver.request())
        let size = 24 << 20
        backend.say("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
        backend.say([UInt8](repeating: 120, count: size))
        #expect(driver.wait { call.sink.body.count == 1000 })
        driver.settle()
        #expect(backend.stream.outputCount > 0 && !call.isOver)
        call.sink.credit = .max
        call.context?.resumeSending()
        #expect(driver.wait { call.sink.hasEnded })
        #expect(call.sink.body.count == size && driver.outcomes == [.answered])
    }

    @Test(
        arguments: [
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, nil),
            ("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 9\r\n\r\n", 304, nil),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                200, 0
            ),
            ("HTTP/1.1 999 Own\r\nContent-Length: 0\r\n\r\n", 999, 0),
        ] as [(String, Int, UInt64?)])
    func answersWithoutABodyAreWholeWithTheirHead(_ answer: String, _ status: Int, _ length: UInt64?) throws {
        let call = try driver.get()
        try #require(driver.request()).say(answer)
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == status && call.sink.head?.contentLength == length && call.sink.body.isEmpty)
        #expect(driver.backend.connections.idleCount == 1)
    }

    @Test func theLengthOfAHeadsAnswerIsTold() throws {
        var request = TestRequest("/")
        request.method = "HEAD"
        let call = try driver.call(request)
        try #require(driver.request()).say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        #expect(driver.wait { call.isOver })
        #expect(call.sink.head?.contentLength == 5 && call.sink.body.isEmpty)
        #expect(driver.backend.connections.idleCount == 1)
    }

    @Test func anAnswerWithoutALengthEndsWithItsConnection() throws {
        let call = try driver.get()
        let backend = try #require(driver.request())
        backend.say("HTTP/1.0 404 Gone fishing\r\n\r\nhello")
        backend.stream.closeAfterOutput()
        #expect(driver.wait { call.sink.hasEnded })
        #expect(call.sink.status == 404 && call.sink.text == "hello")
        #expect(call.sink.head.map { String(decoding: $0.reason, as: UTF8.self) } == "Gone fishing")
        #expect(driver.backend.connections.idleCount == 0)
    }

    // MARK: - Bodies of requests

    static func post(_ body: RequestHead.Body) -> TestRequest {
        var request = TestRequest("/")
        request.method = "POST"
        request.body = body
        return request
    }

    @Test func aBodyWithALengthGoesOnAsItIs() throws {
        let call = try driver.call(Self.post(.length(10)))
        call.send("01234")
        let backend = try #require(driver.request())
        #expect(call.sink.wasAsked && backend.text.contains("\r\nContent-Length: 10\r\n"))
        call.send("56789")
        call.context?.receivedBodyEnd()
        #expect(driver.wait { backend.text.hasSuffix("\r\n\r\n0123456789") })
        backend.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(driver.wait { call.sink.hasEnded })
        #expect(driver.backend.connections.idleCount == 1)
    }

    @Test func aBodyInChunksGoesOnInChunksOfOurs() throws {
        let call = try driver.call(Self.post(.chunked))
        let backend = try #require(driver.request())
        #expect(backend.text.contains("\r\nTransfer-Encoding: chunked\r\n"))
        backend.forget()
        call.send("0123456789abcdef")
        call.context?.receivedBodyEnd()
        #expect(driver.wait { backend.text == "10\r\n0123456789abcdef\r\n0\r\n\r\n" })
    }

    /// What the backend does not take, the client is not asked for.
    @Test func aBackendThatTakesNothingStopsTheClient() throws {
        let call = try driver.call(Self.post(.length(1 << 31)))
        let backend = try #require(driver.request())
        backend.stream.pause()
        var sent = 0
        let piece = [UInt8](repeating: 120, count: 1 << 16)
        for _ in 0..<2000 where sent - call.sink.taken < 1 << 16 {
            call.send(piece)
            sent += piece.count
            driver.settle()
        }
        #expect(sent < 64 << 20 && sent - call.sink.taken >= 1 << 16)
        backend.stream.resume()
        #expect(driver.wait { call.sink.taken == sent })
    }

    @Test func anAnswerBeforeTheBodysEndIsTheAnswer() throws {
        let call = try driver.call(Self.post(.length(1 << 30)))
        let backend = try #require(driver.request())
        call.send([UInt8](repeating: 120, count: 1 << 16))
        backend.say("HTTP/1.1 413 Too much\r\nContent-Length: 2\r\n\r\nno")
        #expect(driver.wait { call.sink.hasEnded })
        #expect(call.sink.status == 413 && call.sink.text == "no")
        #expect(driver.wait { backend.isOver } && driver.backend.connections.idleCount == 0)
    }

    /// The backend reads no more of the request, and ends its connection behind its answer.
    @Test(arguments: [(false, 50_000), (true, 50_000), (true, 200_000)])
    func anAnswerBeforeTheBodysEndIsReadToItsEnd(_ isSlow: Bool, _ size: Int) throws {
        let driver = try ProxyDriver(usesSocket: true)
        let piece = [UInt8](repeating: 120, count: 1 << 16)
        let call = try driver.call(Self.post(.length(1 << 30)), credit: isSlow ? 3 : .max)
        let backend = try #require(driver.request())
        backend.stream.pause()
        call.send(piece)
        backend.say("HTTP/1.1 413 Too much\r\nContent-Length: \(size)\r\n\r\n")
        #expect(driver.wait { call.sink.status == 413 })
        backend.say([UInt8](repeating: 120, count: size))
        if isSlow { #expect(driver.wait { backend.stream.outputCount == 0 }) } else { backend.stream.turnEnded() }
        #expect(backend.stream.outputCount == 0)
        backend.stream.close()
        for _ in 0..<3 {
            call.send(piece)
            driver.settle()
        }
        #expect(!call.sink.hasFailed && call.sink.hasEnded == !isSlow)
        call.sink.credit = .max
        call.context?.resumeSending()
        #expect(driver.wait { call.isOver })
        #expect(call.sink.hasEnded && call.sink.body.count == size && driver.outcomes == [.answered])
    }

    /// Part of the answer is in the kernel only, when the backend is gone.
    @Test func anAnswerIsWholeForASlowClientThoughTheBackendHasClosed() throws {
        let driver = try ProxyDriver(usesSocket: true)
        let call = try driver.call(TestRequest("/"), credit: 1000)
        let backend = try #require(driver.request())
        backend.say("HTTP/1.1 200 OK\r\n\r\n")
        backend.say([UInt8](repeating: 120, count: 200_000))
        backend.stream.closeAfterOutput()
        #expect(driver.wait { !backend.stream.isOpen && call.sink.body.count == 1000 })
        driver.settle()
        #expect(!call.isOver)
        call.sink.credit = .max
        call.context?.resumeSending()
        #expect(driver.wait { call.sink.hasEnded })
        #expect(call.sink.body.count == 200_000 && driver.outcomes == [.answered])
    }

    @Test func aBodyThatGrowsTooLargeIsRefused() throws {
        driver.prepare = { $0.bodyLimit = 10 }
        let call = try driver.call(Self.post(.chunked))
        let backend = try #require(driver.request())
        call.send("0123456789")
        call.send("x")
        #expect(driver.wait { call.isOver && backend.isOver })
        #expect(call.sink.status == 413 && call.sink.head?.subStatus == 1 && driver.outcomes == [.clientGone])
    }

    @Test func aBodyThatGrowsTooLargeBreaksOffAnAnswerThatHasBegun() throws {
        driver.prepare = { $0.bodyLimit = 10 }
        let call = try driver.call(Self.post(.chunked))
        let backend = try #require(driver.request())
        backend.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n")
        #expect(driver.wait { call.sink.text == "hi" })
        call.send("0123456789x")
        #expect(driver.wait { call.sink.hasFailed && backend.isOver })
    }

    // MARK: - What goes wrong

    @Test(
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n", 0x2f78), ("HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", 0x2f78), ("", 0x2efe),
            ("HTTP/1.1 200 OK\r\nX: ", 0x2f78),
            ("HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 1 << 20), 0x2f78),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n", 0x2f78),
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", 0x2f78),
            (String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 200), 0x2f78),
        ] as [(String, UInt32)])
    func whatIsNoAnswerIs502(_ answer: String, _ code: UInt32) throws {
        let call = try driver.get()
        let backend = try #require(driver.request())
        backend.say(answer)
        if !answer.hasSuffix("aaa") { backend.stream.closeAfterOutput() }
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 502 && call.sink.head?.subStatus == 3 && call.sink.head?.win32Status == code)
        #expect(driver.backend.connections.idleCount == 0)
        #expect(driver.outcomes.count == 1)
    }

    @Test func aBackendWhereNobodyListensIs502() throws {
        driver.server.stopListening()
        let call = try driver.get()
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 502 && call.sink.head?.win32Status == 0x2efd)
        #expect(driver.outcomes == [.failed(.cannotConnect)])
    }

    @Test(arguments: [(RequestHead.Body.length(5), "hello"), (.chunked, "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")])
    func whatNobodyTookIsForAnotherBackendWithItsWholeBody(framing: RequestHead.Body, body: String) throws {
        let other = try ScriptedBackend(on: driver.loop)
        try other.listen()
        let next = Backend(pid: 2, address: other.address, token: "t", on: driver.loop)
        driver.server.stopListening()
        driver.taker = { [unowned driver] in ProxyExchange.begin($0, to: next, driver.rules, for: driver, tries: 1) }
        let call = try driver.call(Self.post(framing))
        // Before anybody can know that nobody listens, and behind it.
        call.send("he")
        #expect(driver.wait { driver.outcomes == [.failed(.cannotConnect)] })
        call.send("llo")
        call.context?.receivedBodyEnd()
        #expect(driver.wait { other.connections.first?.text.hasSuffix("\r\n\r\n" + body) == true })
        other.connections.first?.say("HTTP/1.1 204 No Content\r\n\r\n")
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 204)
    }

    @Test func ofABodyThatIsTooLargeBeforeAnybodyReadsItNothingIsPassedOnAsWhole() throws {
        driver.prepare = { $0.bodyLimit = 5 }
        let call = try driver.call(Self.post(.chunked))
        call.send("hello")
        call.send("world")
        call.context?.receivedBodyEnd()
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 413)
        driver.settle()
        #expect(driver.server.connections.allSatisfy { !$0.text.hasSuffix("\r\n0\r\n\r\n") })
    }

    // MARK: - A Unix socket whose listener lets no more connections wait

    /// As many connections as it lets wait.
    func fill(_ address: BackendAddress) -> [BufferedStream] {
        guard case .unix(let path) = address else { return [] }
        var waiting: [BufferedStream] = []
        while let socket = try? FileDescriptor.connecting(toSocketAt: path) {
            waiting.append(BufferedStream(socket, on: driver.loop))
        }
        return waiting
    }

    @Test(arguments: [RequestHead.Body.none, .length(2)])
    func aRequestWaitsUntilItsBackendAccepts(_ body: RequestHead.Body) throws {
        let driver = try ProxyDriver(usesSocket: true, listens: false)
        let waiting = fill(driver.server.address)
        #expect(!waiting.isEmpty)
        let call = try driver.call(body == .none ? TestRequest("/late") : Self.post(body))
        if body != .none { call.send("hi") }
        call.context?.receivedBodyEnd()
        for _ in 0..<10 {
            driver.clock.pass(seconds: 1)
            driver.settle()
        }
        #expect(!call.isOver && driver.outcomes.isEmpty)
        try driver.server.listen()
        #expect(
            driver.wait {
                driver.clock.pass(seconds: 1)
                return driver.server.connections.contains { $0.text.contains("\r\n\r\n") }
            })
        let backend = try #require(driver.server.connections.last)
        if body != .none { #expect(driver.wait { backend.text.hasSuffix("\r\n\r\nhi") }) }
        backend.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(driver.wait { call.isOver } && call.sink.text == "ok" && driver.outcomes == [.answered])
        withExtendedLifetime(waiting) {}
    }

    @Test func requestsThatWaitForRoomAreSentInTheirOrder() throws {
        let driver = try ProxyDriver(usesSocket: true, listens: false)
        let waiting = fill(driver.server.address)
        var calls: [ProxyDriver.Call] = []
        for number in 0..<5 {
            calls.append(try driver.get("/\(number)"))
            driver.clock.pass(seconds: 1)
            driver.settle()
        }
        calls[2].context?.clientGone()
        try driver.server.listen()
        func arrived() -> [String] {
            driver.server.connections.map(\.text).filter { !$0.isEmpty }.map { String($0.prefix(6)) }
        }
        #expect(
            driver.wait {
                driver.clock.pass(seconds: 1)
                return arrived().count == 4
            })
        #expect(arrived() == ["GET /0", "GET /1", "GET /3", "GET /4"] && driver.outcomes == [.clientGone])
        withExtendedLifetime(waiting) {}
    }

    @Test func aBackendThatDoesNotAcceptInTimeIs502() throws {
        let driver = try ProxyDriver(usesSocket: true, listens: false)
        let waiting = fill(driver.server.address)
        let call = try driver.get()
        driver.settle()
        #expect(!call.isOver)
        driver.clock.pass(seconds: 121)
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 502 && driver.outcomes == [.failed(.timedOut)])
        withExtendedLifetime(waiting) {}
    }

    @Test func aBodyThatGrowsTooLargeBeforeItsBackendAcceptsIsRefused() throws {
        let driver = try ProxyDriver(usesSocket: true, listens: false)
        driver.prepare = { $0.bodyLimit = 5 }
        let waiting = fill(driver.server.address)
        let call = try driver.call(Self.post(.chunked))
        call.send("hello")
        driver.settle()
        #expect(!call.isOver)
        call.send("world")
        call.context?.receivedBodyEnd()
        try driver.server.listen()
        #expect(
            driver.wait {
                driver.clock.pass(seconds: 1)
                return call.isOver
            })
        driver.settle()
        #expect(call.sink.status == 413 && driver.server.connections.allSatisfy { $0.text.isEmpty })
        withExtendedLifetime(waiting) {}
    }

    @Test func aClientThatLeavesBeforeItsBackendAcceptsIsForgotten() throws {
        let driver = try ProxyDriver(usesSocket: true, listens: false)
        let waiting = fill(driver.server.address)
        let call = try driver.get()
        driver.settle()
        call.context?.clientGone()
        driver.clock.pass(seconds: 1)
        #expect(driver.wait { driver.outcomes == [.clientGone] })
        withExtendedLifetime(waiting) {}
    }

    @Test func aBackendThatDoesNotAnswerInTimeIs502() throws {
        let call = try driver.get()
        let backend = try #require(driver.request())
        driver.clock.pass(seconds: 119)
        driver.settle()
        #expect(!call.isOver)
        driver.clock.pass(seconds: 2)
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 502 && call.sink.head?.win32Status == 0x2ee2)
        #expect(driver.wait { backend.isOver } && driver.outcomes == [.failed(.timedOut)])
    }

    /// The time is that of each phase, not of the whole request.
    @Test func anAnswerThatComesInPiecesHasTheTimeForEach() throws {
        driver.rules.requestTimeout = 5
        let call = try driver.get()
        let backend = try #require(driver.request())
        backend.say("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n")
        for count in 1...4 {
            driver.clock.pass(seconds: 4)
            backend.say("x")
            #expect(driver.wait { call.sink.body.count == count })
        }
        driver.clock.pass(seconds: 6)
        #expect(driver.wait { call.sink.hasFailed })
        #expect(driver.outcomes == [.failed(.timedOut)])
    }

    @Test func aClientThatSendsSlowlyIsNotTheBackendsFault() throws {
        let call = try driver.call(Self.post(.length(3)))
        let backend = try #require(driver.request())
        driver.clock.pass(seconds: 500)
        driver.settle()
        #expect(!call.isOver && !backend.isOver)
        call.send("abc")
        call.context?.receivedBodyEnd()
        driver.settle()
        driver.clock.pass(seconds: 500)
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 502)
    }

    @Test func anAnswerThatBreaksOffBreaksOffForTheClient() throws {
        let call = try driver.get()
        let backend = try #require(driver.request())
        backend.say("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf")
        #expect(driver.wait { call.sink.text == "half" })
        backend.stream.close()
        #expect(driver.wait { call.sink.hasFailed })
        #expect(driver.outcomes == [.failed(.invalidResponse)])
    }

    @Test func aClientThatLeavesEndsTheBackendsConnection() throws {
        let waiting = try driver.get()
        let first = try #require(driver.request(0))
        waiting.context?.clientGone()
        #expect(driver.wait { first.isOver })
        let reading = try driver.get()
        let second = try #require(driver.request(1))
        second.say("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf")
        #expect(driver.wait { reading.sink.text == "half" })
        reading.context?.clientGone()
        #expect(driver.wait { second.isOver })
        #expect(driver.outcomes == [.clientGone, .clientGone] && driver.backend.connections.idleCount == 0)
    }

    // MARK: - Kept connections

    /// Leaves one connection that waits.
    func warmUp() throws -> ScriptedBackend.Connection {
        let call = try driver.get()
        let backend = try #require(driver.request())
        backend.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        #expect(driver.wait { call.isOver })
        backend.forget()
        return backend
    }

    @Test func aRequestThatMeetsAClosedConnectionIsSentAgain() throws {
        let first = try warmUp()
        let call = try driver.get("/again")
        // The request is on its way when the connection ends.
        first.stream.close()
        let second = try #require(driver.request(1))
        #expect(second.text.hasPrefix("GET /again "))
        second.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(driver.wait { call.sink.hasEnded })
        #expect(call.sink.text == "ok" && driver.outcomes == [.answered, .answered])
    }

    @Test func aRequestIsSentAgainOnce() throws {
        let first = try warmUp()
        let call = try driver.get("/again")
        first.stream.close()
        try #require(driver.request(1)).stream.close()
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 502 && driver.server.connections.count == 2)
    }

    @Test func aRequestThatMayNotBeSentTwiceTakesNoConnectionThatHasEnded() throws {
        let first = try warmUp()
        first.stream.close()
        let call = try driver.call(Self.post(.length(2)))
        call.send("hi")
        call.context?.receivedBodyEnd()
        let second = try #require(driver.request(1))
        second.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(driver.wait { call.sink.text == "ok" })
    }

    // MARK: - What a backend says unasked

    static let evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"

    /// Its connection waits when it comes.
    @Test func whatABackendSaysUnaskedIsNobodysAnswer() throws {
        let first = try warmUp()
        first.say(Self.evil)
        #expect(driver.wait { first.isOver } && driver.backend.connections.idleCount == 0)
        try expectAnswer(on: 1)
    }

    /// It has come when its connection is taken, and nobody has read it yet.
    @Test(arguments: [RequestHead.Body.none, .length(2)])
    func whatABackendSaidUnaskedIsNobodysAnswer(_ body: RequestHead.Body) throws {
        let first = try warmUp()
        first.say(Self.evil)
        first.stream.turnEnded()
        try expectAnswer(on: 1, body)
        #expect(driver.wait { first.isOver } && first.bytes.isEmpty)
    }

    /// Its connection is taken, and the request not written yet.
    @Test func whatABackendSaysBeforeARequestIsWrittenIsNotItsAnswer() throws {
        let first = try warmUp()
        let call = try driver.get("/again")
        first.say(Self.evil)
        first.stream.turnEnded()
        let second = try #require(driver.request(1))
        second.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(driver.wait { call.isOver } && call.sink.text == "ok" && first.bytes.isEmpty)
    }

    /// A server that is full may say so as soon as it is connected.
    @Test func aNewConnectionsFirstWordsAreAnAnswer() throws {
        let call = try driver.get()
        #expect(driver.wait { !driver.server.connections.isEmpty })
        driver.server.connections[0].say("HTTP/1.1 503 Full\r\nContent-Length: 4\r\n\r\nfull")
        driver.server.connections[0].stream.closeAfterOutput()
        #expect(driver.wait { call.isOver } && call.sink.status == 503 && call.sink.text == "full")
    }

    func expectAnswer(on number: Int, _ body: RequestHead.Body = .none) throws {
        let call = try driver.call(body == .none ? TestRequest("/next") : Self.post(body))
        if body != .none { call.send("hi") }
        call.context?.receivedBodyEnd()
        let backend = try #require(driver.request(number))
        backend.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(driver.wait { call.isOver } && call.sink.text == "ok")
    }

    // MARK: - Connections that end

    @Test func connectionsThatEndOrGrowOldAreForgotten() throws {
        let first = try warmUp()
        first.stream.close()
        #expect(driver.wait { driver.backend.connections.idleCount == 0 })
        let call = try driver.get()
        let second = try #require(driver.request(1))
        second.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        #expect(driver.wait { call.isOver && driver.backend.connections.idleCount == 1 })
        driver.clock.pass(seconds: 130)
        #expect(driver.wait { second.isOver && driver.backend.connections.idleCount == 0 })
    }

    @Test func theConnectionsOfABackendThatIsGoneAreClosed() throws {
        let first = try warmUp()
        driver.backend.connections.close()
        #expect(driver.wait { first.isOver } && driver.backend.connections.idleCount == 0)
    }
}
