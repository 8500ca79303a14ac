import EventLoop
import Router
import Testing
import Wire
import Worker

/// What the router does about a worker that breaks the protocol.
@Suite(.loopCounts)
struct LinkTests {
    /// A request on a link whose worker is the test; the number of its stream is read from the frame.
    func ask(_ plane: Plane, _ worker: Client, _ request: String = "GET / HTTP/1.1\r\nHost: h\r\n\r\n") throws
        -> (client: Client, stream: UInt32)
    {
        let client = try plane.client()
        worker.received = []
        client.send(request)
        plane.turn { worker.received.count >= 8 }
        let bytes = worker.received
        let frame = try #require(try Frame(bytes.span))
        #expect(frame.kind == .requestHead)
        return (client, frame.stream)
    }

    func reason(_ plane: Plane) -> String? {
        for message in plane.messages { if case .linkBroken(1, let reason) = message { return reason } }
        return nil
    }

    @Test(arguments: [
        "second head", "body without head", "end without head", "longer body", "unknown stream", "split field",
        "upgrade", "bad reset", "foreign frame", "second hello", "unknown kind", "huge frame",
    ])
    func aWorkerThatBreaksTheProtocolLosesItsLink(_ how: String) throws {
        let plane = try Plane()
        let worker = try plane.rawWorker()
        let (client, stream) = try ask(plane, worker)
        var bytes: [UInt8] = []
        var head = ResponseHead(status: 200, contentLength: 3)
        switch how {
        case "second head":
            try head.append(to: &bytes, stream: stream)
            try head.append(to: &bytes, stream: stream)
        case "body without head": bytes.append(frame: .responseBody, stream: stream, body: [1].span)
        case "end without head": bytes.append(frame: .responseEnd, stream: stream)
        case "longer body":
            try head.append(to: &bytes, stream: stream)
            bytes.append(frame: .responseBody, stream: stream, body: [1, 2, 3, 4].span)
        case "unknown stream": try head.append(to: &bytes, stream: stream + 1)
        case "split field":
            head.headers.append("X", "a\r\nSet-Cookie: b")
            try head.append(to: &bytes, stream: stream)
        case "upgrade": try ResponseHead(status: 101).append(to: &bytes, stream: stream)
        case "bad reset": bytes = [4, 0, 0, FrameKind.reset.rawValue] + Array(bytes.count..<8).map { _ in 0 }
        case "foreign frame": bytes.append(frame: .requestEnd, stream: stream)
        case "second hello": LinkHello(window: 1, maximumStreams: 1).append(to: &bytes)
        case "unknown kind": bytes = [0, 0, 0, 77, 0, 0, 0, 0]
        default: bytes = [255, 255, 255, FrameKind.responseHead.rawValue, 0, 0, 0, 0]
        }
        worker.send(bytes)
        plane.turn { client.hasEnded && worker.hasEnded && reason(plane) != nil }
        #expect(reason(plane)?.isEmpty == false)
        #expect(!client.text.contains("Set-Cookie"))
        let isRefused = client.text.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n")
        let brokeOff = client.text.contains("Content-Length: 3\r\n") && client.text.hasSuffix("\r\n\r\n")
        #expect(isRefused != brokeOff)
    }

    @Test func aBodyShorterThanItsLengthIsSeenToBreakOff() throws {
        let plane = try Plane()
        let worker = try plane.rawWorker()
        let (client, stream) = try ask(plane, worker)
        var bytes: [UInt8] = []
        try ResponseHead(status: 200, contentLength: 3).append(to: &bytes, stream: stream)
        bytes.append(frame: .responseBody, stream: stream, body: [1, 2].span)
        bytes.append(frame: .responseEnd, stream: stream)
        worker.send(bytes)
        plane.turn { client.hasEnded && reason(plane) != nil }
        #expect(reason(plane) == "a body shorter than its length")
    }

    @Test func framesInPiecesOfOneByteAreTheSameFrames() throws {
        let plane = try Plane()
        let worker = try plane.rawWorker()
        let (client, stream) = try ask(plane, worker)
        var bytes: [UInt8] = []
        try ResponseHead(status: 200, contentLength: 3).append(to: &bytes, stream: stream)
        bytes.append(frame: .responseBody, stream: stream, body: Array("abc".utf8).span)
        bytes.append(frame: .responseEnd, stream: stream)
        for byte in bytes {
            worker.send([byte])
            plane.turnOnce(maximumWait: 0)
            plane.turnOnce(maximumWait: 0)
        }
        plane.turn { client.text.hasSuffix("abc") }
        #expect(!client.hasEnded)
    }

    @Test func aRequestThatIsGivenUpKeepsItsStreamUntilTheWorkerEndsIt() throws {
        let plane = try Plane()
        let worker = try plane.rawWorker()
        let (client, stream) = try ask(plane, worker)
        client.close()
        plane.moveClock(seconds: 2)
        var expected: [UInt8] = []
        expected.append(reset: stream, reason: .clientGone)
        plane.turn { worker.received.suffix(expected.count) == expected[...] }
        // What the worker had sent before it heard of it is no fault.
        var bytes: [UInt8] = []
        try ResponseHead(status: 200, contentLength: 1).append(to: &bytes, stream: stream)
        bytes.append(frame: .responseBody, stream: stream, body: [1].span)
        bytes.append(frame: .responseEnd, stream: stream)
        worker.send(bytes)
        plane.settle()
        #expect(reason(plane) == nil)
        // Connections go to the loops in turn: this one has the link that the first had.
        for _ in 1..<plane.linkCount { _ = try plane.client() }
        let next = try ask(plane, worker)
        #expect(next.stream != stream && next.stream & 0xffff == stream & 0xffff)
    }

    @Test func aResponseThatCannotGoOnIsSeenToBreakOff() throws {
        let plane = try Plane()
        let worker = try plane.worker { head, stream in
            if head.query.isEmpty { stream.begin(ResponseHead(status: 200)) }
            stream.fail()
        }
        let (begun, silent) = (try plane.client(), try plane.client())
        begun.get("/")
        silent.get("/?x")
        plane.turn { begun.hasEnded && silent.hasEnded }
        #expect(begun.text.contains("200 OK") && !begun.text.hasSuffix("0\r\n\r\n"))
        #expect(silent.text.hasPrefix("HTTP/1.1 502 ") && worker.inWork == 0)
    }

    @Test func aWorkerThatAnswersBeforeTheBodyIsThereEndsTheConnection() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in stream.respond("no", status: 413) }
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc")
        plane.turn { client.text.hasSuffix("no") }
        client.send([UInt8](repeating: 97, count: 50_000))
        client.get("/smuggled")
        plane.turn { client.hasEnded }
        #expect(worker.heads.count == 1 && worker.inWork == 0 && !worker.hasEnded)
    }

    @Test func informationalResponsesPassBeforeTheFinalOne() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in
            var hints = ResponseHead(status: 103)
            hints.headers.append("Link", "</a.css>; rel=preload")
            stream.begin(hints)
            stream.respond("x")
        }
        let client = try plane.client()
        client.get("/")
        plane.turn { client.text.hasSuffix("x") }
        #expect(client.text.hasPrefix("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK"))
        #expect(worker.heads.count == 1)
    }
}
