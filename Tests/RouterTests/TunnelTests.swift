import Control
import EventLoop
import Platform
import Router
import Testing
import Wire
import Worker

/// Connections that go on in another protocol.
@Suite(.loopCounts)
struct TunnelTests {
    static let offer = "GET /chat HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: echo\r\n\r\n"

    /// Accepts every offer and sends back what it receives, no faster than it may.
    final class Echo: RequestReceiver, WorkerStreamHandler {
        var links: [WorkerLink] = []
        var stream: WorkerStream?
        var received = 0
        var pending: [UInt8] = []
        var clientEnded = false
        var aborts: [ResetReason] = []
        /// Whether its half ends when the client's does.
        var endsWithClient = true
        private var untaken = 0

        var inWork: Int { links.reduce(0) { $0 + $1.inWork } }

        func began(_ head: RequestHead, on stream: WorkerStream) {
            self.stream = stream
            stream.handler = self
            var response = ResponseHead(status: 101)
            response.headers.append("Upgrade", "echo")
            stream.begin(response)
        }

        func ended(_ link: WorkerLink, reason: String) {}

        func receivedBody(_ bytes: Span<UInt8>, from stream: WorkerStream) {
            received += bytes.count
            untaken += bytes.count
            pending.append(copying: bytes)
            send(stream)
        }

        func receivedEnd(from stream: WorkerStream) {
            clientEnded = true
            send(stream)
        }

        func receivedCredit(on stream: WorkerStream) { send(stream) }

        func aborted(_ stream: WorkerStream, reason: ResetReason) { aborts.append(reason) }

        private func send(_ stream: WorkerStream) {
            let count = min(pending.count, stream.credit)
            stream.write(pending.span.extracting(first: count))
            pending.removeFirst(count)
            if pending.isEmpty {
                stream.took(untaken)
                untaken = 0
                if clientEnded, endsWithClient { stream.end() }
            }
        }
    }

    func echo(_ plane: Plane) throws -> Echo {
        let worker = Echo()
        for _ in 0..<plane.linkCount {
            let pair = try FileDescriptor.streamPair()
            worker.links.append(try WorkerLink(pair.other, on: plane.loop, receiver: worker))
            plane.master?.send(.linkReady(pool: 1, worker: 1), descriptor: pair.one)
        }
        plane.settle()
        return worker
    }

    /// A client in a tunnel; its answer is read already.
    func tunnel(_ plane: Plane, saying early: String = "") throws -> Client {
        let client = try plane.client()
        client.send(Self.offer + early)
        plane.turn { client.text.contains("\r\n\r\n") }
        #expect(client.text.hasPrefix("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n"))
        #expect(client.text.contains("Connection: Upgrade\r\n") && !client.text.contains("Content-Length"))
        let rest = client.text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)[1]
        client.received = Array(rest.utf8)
        return client
    }

    @Test func rawBytesGoBothWaysUntilBothHalvesEnd() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        let client = try tunnel(plane)
        client.send("GET / HTTP/1.1\r\n\r\n\0\u{1}")
        plane.turn { client.text == "GET / HTTP/1.1\r\n\r\n\0\u{1}" }
        client.stream?.endAfterOutput()
        plane.turn { client.hasEnded }
        #expect(worker.clientEnded && worker.aborts.isEmpty && worker.inWork == 0)
    }

    @Test func bytesThatComeBeforeTheAnswerAreTheTunnels() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        let client = try tunnel(plane, saying: "early")
        plane.turn { client.text == "early" }
        #expect(worker.received == 5)
    }

    @Test func theWorkersHalfMayEndFirst() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        worker.endsWithClient = false
        let client = try tunnel(plane)
        worker.stream?.end()
        plane.turn { client.hasEnded }
        client.send("still heard")
        plane.turn { worker.received == 11 }
        #expect(!worker.clientEnded && worker.inWork == 1)
        client.stream?.endAfterOutput()
        plane.turn { worker.clientEnded && worker.inWork == 0 }
        // The link goes on.
        let next = try tunnel(plane)
        next.send("x")
        plane.turn { next.text == "x" }
    }

    @Test func theClientsHalfMayEndFirst() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        worker.endsWithClient = false
        let client = try tunnel(plane)
        client.stream?.endAfterOutput()
        plane.turn { worker.clientEnded }
        worker.stream?.write(Array("more".utf8).span)
        plane.turn { client.text == "more" }
        plane.moveClock(seconds: 1000)
        #expect(!client.hasEnded && worker.inWork == 1)
        worker.stream?.end()
        plane.turn { client.hasEnded && worker.inWork == 0 }
    }

    @Test func aLotOfBytesComeThroughWhole() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        let client = try tunnel(plane)
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        client.stream?.pause()
        client.send(bytes)
        plane.settle()
        #expect(worker.received < bytes.count, "what nobody takes back is not taken either")
        client.stream?.resume()
        plane.turn { client.received.count == bytes.count }
        #expect(client.received == bytes && worker.received == bytes.count)
    }

    @Test func anIdleTunnelIsNotCut() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        let client = try tunnel(plane)
        for _ in 0..<10 { plane.moveClock(seconds: 1000) }
        client.send("awake")
        plane.turn { client.text == "awake" }
        #expect(!client.hasEnded && worker.aborts.isEmpty)
    }

    @Test func aClientThatBreaksOffEndsItsTunnel() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        let client = try tunnel(plane)
        client.stream?.close(resetting: true)
        plane.turn { worker.aborts == [.clientGone] }
        #expect(worker.inWork == 0)
    }

    @Test func aTunnelWhoseOneHalfEndedStillBreaksOff() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        let client = try tunnel(plane)
        worker.stream?.end()
        plane.turn { client.hasEnded }
        client.stream?.close(resetting: true)
        plane.turn { worker.aborts == [.clientGone] }
        #expect(worker.inWork == 0)
        let other = try tunnel(plane)
        worker.stream?.end()
        plane.turn { other.hasEnded }
        worker.stream?.fail()
        plane.settle()
        #expect(worker.inWork == 0)
        let next = try tunnel(plane)
        next.send("x")
        plane.turn { next.text == "x" }
    }

    @Test func aWorkerThatEndsResetsItsTunnels() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        let client = try tunnel(plane)
        #expect(worker.stream != nil)
        plane.master?.send(.workerGone(worker: 1))
        plane.turn { client.hasEnded }
    }

    @Test func aRetiredWorkersTunnelsGoOn() throws {
        let plane = try Plane()
        let worker = try echo(plane)
        let client = try tunnel(plane)
        plane.master?.send(.retire(worker: 1))
        plane.settle()
        client.send("x")
        plane.turn { client.text == "x" }
        client.stream?.endAfterOutput()
        plane.turn { client.hasEnded }
        #expect(worker.inWork == 0)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: echo\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade:\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\nContent-Length: 1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
    func whatIsNoOfferIsNoTunnel(_ request: String) throws {
        let plane = try Plane()
        let worker = try echo(plane)
        let client = try plane.client()
        client.send(request)
        plane.turn { client.hasEnded }
        #expect(client.text.hasPrefix("HTTP/1.1 502 ") && worker.stream?.canBecomeTunnel == false)
        #expect(worker.inWork == 0)
    }

    @Test func anOfferMayBeDeclined() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in stream.respond("no") }
        let client = try plane.client()
        client.send(Self.offer)
        client.get("/")
        plane.turn { client.text.components(of: "\r\n\r\nno") == 2 }
        #expect(worker.heads[0].traits == .canBecomeTunnel && worker.heads[1].traits == [] && !client.hasEnded)
    }

    @Test(arguments: ["no protocol", "behind the end", "two ends", "two heads"])
    func aWorkerThatBreaksATunnelsRulesLosesItsLink(_ how: String) throws {
        let plane = try Plane()
        let worker = try plane.rawWorker()
        let client = try plane.client()
        worker.received = []
        client.send(Self.offer)
        plane.turn { worker.received.count >= 8 }
        let stream = try #require(try Frame(worker.received.span)).stream
        var head = ResponseHead(status: 101)
        if how != "no protocol" { head.headers.append("Upgrade", "echo") }
        var bytes: [UInt8] = []
        try head.append(to: &bytes, stream: stream)
        if how == "two heads" { try head.append(to: &bytes, stream: stream) }
        bytes.append(frame: .responseEnd, stream: stream)
        if how == "behind the end" { bytes.append(frame: .responseBody, stream: stream, body: [1].span) }
        if how == "two ends" { bytes.append(frame: .responseEnd, stream: stream) }
        worker.send(bytes)
        plane.turn { worker.hasEnded && client.hasEnded }
    }
}
