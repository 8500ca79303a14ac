import Control
import EventLoop
import Platform
import Router
import Synchronization
import Testing
import Wire
import Worker

/// Limits of sites and of the server, and the timers of connections, over real sockets and with a clock of the test's.
@Suite(.loopCounts)
struct LimitsTests {
    /// Sites `a.test` (with these limits), `b.test` and a pool for both.
    func plane(_ limits: RouteTable.SiteLimits = .init(), server: RouteTable.ServerLimits = .init()) throws -> Plane {
        try Plane { port in self.table(port, limits, server) }
    }

    func table(_ port: UInt16, _ limits: RouteTable.SiteLimits, _ server: RouteTable.ServerLimits) -> RouteTable {
        RouteTable(
            pools: [RouteTable.Pool(id: 1, name: "p", queueLength: 1000, state: .started)],
            sites: [("a.test", limits), ("b.test", RouteTable.SiteLimits())].enumerated().map { index, site in
                RouteTable.Site(
                    id: UInt32(index + 1), name: site.0, limits: site.1,
                    bindings: [RouteTable.Binding(port: port, host: .exact(site.0))],
                    applications: [RouteTable.Application(path: "/", pool: 1)])
            }, limits: server)
    }

    func answered(_ plane: Plane, _ client: Client, host: String = "a.test") -> Bool {
        client.received = []
        client.get("/", host: host)
        plane.turn { client.text.hasSuffix("x") || client.hasEnded }
        return client.text.hasPrefix("HTTP/1.1 200 ")
    }

    // MARK: Connections

    @Test func aSiteHasNoMoreConnectionsThanItMay() throws {
        let plane = try plane(.init(maxConnections: 2))
        let worker = try plane.worker { _, stream in stream.respond("x") }
        let clients = try (0..<4).map { _ in try plane.client() }
        #expect(answered(plane, clients[0]) && answered(plane, clients[1]) && answered(plane, clients[0]))
        #expect(!answered(plane, clients[2]))
        #expect(clients[2].text.hasPrefix("HTTP/1.1 503 ") && clients[2].text.contains("Connection: close\r\n"))
        // Another site's connections are its own, and one that turns there leaves its place.
        #expect(answered(plane, clients[3], host: "b.test") && !answered(plane, clients[3]))
        #expect(answered(plane, clients[1], host: "b.test"))
        let next = try plane.client()
        #expect(answered(plane, next))
        clients[0].close()
        plane.settle()
        let last = try plane.client()
        #expect(answered(plane, last) && worker.heads.count == 7)
    }

    @Test func aLowerLimitHoldsForWhoComes() throws {
        let plane = try plane()
        let worker = try plane.worker { _, stream in stream.respond("x") }
        let clients = try (0..<3).map { _ in try plane.client() }
        #expect(answered(plane, clients[0]) && answered(plane, clients[1]))
        plane.master?.send(.routes(table(plane.port, .init(maxConnections: 1), .init())))
        plane.settle()
        #expect(answered(plane, clients[0]) && !answered(plane, clients[2]) && worker.heads.count == 3)
    }

    // MARK: Bandwidth

    /// A worker that answers with more than anybody takes.
    func generousWorker(_ plane: Plane) throws -> TestWorker {
        let chunk = [UInt8](repeating: 120, count: 65536)
        let send = { (stream: WorkerStream) in
            while stream.credit > 0 { stream.write(chunk.span.extracting(first: min(stream.credit, chunk.count))) }
        }
        let worker = try plane.worker { _, stream in
            stream.begin(ResponseHead(status: 200, contentLength: 1 << 40))
            send(stream)
        }
        worker.onCredit = send
        return worker
    }

    func pass(_ plane: Plane, tenths: Int) {
        for _ in 0..<tenths {
            plane.clock.time.withLock { $0 += 100_000_000 }
            plane.settle()
        }
    }

    @Test func aSitesConnectionsShareItsBandwidthAndHoldNobodyUp() throws {
        let plane = try plane(.init(maxBandwidth: 64_000))
        let worker = try generousWorker(plane)
        let clients = try (0..<4).map { _ in try plane.client() }
        for client in clients { client.get("/", host: "a.test") }
        plane.settle()
        pass(plane, tenths: 100)
        let counts = clients.map { $0.received.count }
        let all = counts.reduce(0, +)
        #expect(all >= 600_000 && all <= 690_000, "10 s of 64,000 bytes: \(all)")
        // A timer that is late by the clock of a test lets the first one use up the burst.
        #expect(counts.min()! * 3 > counts.max()! * 2, "\(counts)")  // Four clients.
        let free = try plane.client()
        free.get("/", host: "b.test")
        plane.turn { free.received.count > 5_000_000 }
        #expect(worker.heads.count == 5)
    }

    @Test func allSitesTogetherKeepToTheServersBandwidth() throws {
        let plane = try plane(server: .init(maxGlobalBandwidth: 64_000))
        let worker = try generousWorker(plane)
        let clients = try ["a.test", "b.test"].map { host in
            let client = try plane.client()
            client.get("/", host: host)
            return client
        }
        plane.settle()
        pass(plane, tenths: 50)
        let all = clients.map { $0.received.count }.reduce(0, +)
        #expect(all >= 290_000 && all <= 350_000, "5 s of 64,000 bytes: \(all)")
        // A limit that is lifted holds nobody any more.
        plane.master?.send(.routes(table(plane.port, .init(), .init())))
        pass(plane, tenths: 20)
        plane.turn { clients.allSatisfy { $0.received.count > 2_000_000 } }
        #expect(worker.heads.count == 2)
    }

    @Test func aClientThatBandwidthHoldsBackIsNotSlow() throws {
        let plane = try plane(.init(maxBandwidth: 1024))
        let worker = try generousWorker(plane)
        let client = try plane.client()
        client.get("/", host: "a.test")
        plane.settle()
        for _ in 0..<400 { plane.moveClock(seconds: 1) }
        #expect(!client.hasEnded && client.received.count > 200_000 && worker.aborts.isEmpty)
    }

    // MARK: Timers

    @Test func aClientThatTakesNothingIsLetGo() throws {
        let plane = try plane()
        let worker = try generousWorker(plane)
        let client = try plane.client()
        client.stream?.pause()
        client.get("/", host: "a.test")
        plane.turn { worker.streams.count == 1 }
        plane.settle()
        plane.moveClock(seconds: 121)
        #expect(worker.aborts.isEmpty)
        plane.moveClock(seconds: 31)
        #expect(worker.aborts == [.clientGone])
    }

    @Test func aWorkerThatTakesNoBodyIsNotTheClientsFault() throws {
        let plane = try plane()
        let worker = try plane.worker { _, _ in }
        worker.takesBody = false
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 200000\r\n\r\n")
        client.send([UInt8](repeating: 97, count: 200_000))
        plane.turn { worker.body.count == 65536 }
        for _ in 0..<4 { plane.moveClock(seconds: 121) }
        #expect(!client.hasEnded && worker.aborts.isEmpty)
        worker.takesBody = true
        worker.streams[0].took(worker.untaken)
        plane.turn { worker.endedRequests == 1 }
    }

    @Test func aHeadMustBeWholeInItsTime() throws {
        let plane = try plane(
            .init(connectionTimeout: 100), server: .init(connectionTimeout: 100, headerWaitTimeout: 10))
        let worker = try plane.worker { _, stream in stream.respond("x") }
        let (slow, used) = (try plane.client(), try plane.client())
        slow.send("GET / HT")
        #expect(answered(plane, used, host: "a.test"))
        plane.moveClock(seconds: 11)
        #expect(slow.hasEnded && !used.hasEnded, "an idle connection has its own time")
        plane.moveClock(seconds: 60)
        used.send("GET / HTTP/1.1\r\nHost")
        plane.moveClock(seconds: 9)
        used.send(": a.te")
        #expect(!used.hasEnded)
        plane.moveClock(seconds: 2)
        #expect(used.hasEnded && worker.heads.count == 1)
    }

    @Test func aClientThatEndedItsHalfGetsALargeAnswerWhole() throws {
        let plane = try plane()
        let total = 6_000_000
        var sent = 0
        let chunk = [UInt8](repeating: 120, count: 65536)
        let send = { (stream: WorkerStream) in
            while stream.credit > 0, sent < total {
                let count = min(stream.credit, chunk.count, total - sent)
                stream.write(chunk.span.extracting(first: count))
                sent += count
            }
            if sent == total { stream.end() }
        }
        let worker = try plane.worker { _, stream in
            stream.begin(ResponseHead(status: 200, contentLength: UInt64(total)))
            send(stream)
        }
        worker.onCredit = send
        let client = try plane.client()
        client.get("/", host: "a.test")
        client.stream?.endAfterOutput()
        client.stream?.pause()
        plane.turn { worker.streams.count == 1 }
        plane.settle()
        plane.moveClock(seconds: 5)
        client.stream?.resume()
        plane.turn { client.received.count > total && client.hasEnded }
        #expect(worker.aborts.isEmpty && client.text.hasSuffix("x"))
    }

    // MARK: Pools that are down

    @Test func aPoolThatIsDownMayResetItsConnectionsInsteadOfAnswering() throws {
        let plane = try Plane { port in
            RouteTable(
                pools: [
                    RouteTable.Pool(id: 1, name: "p", queueLength: 10, state: .disabled, closesConnections: true)
                ],
                sites: [
                    RouteTable.Site(
                        id: 1, name: "s", bindings: [RouteTable.Binding(port: port)],
                        applications: [RouteTable.Application(path: "/", pool: 1)])
                ])
        }
        let client = try plane.client()
        client.get("/")
        plane.turn { client.hasEnded }
        #expect(client.received.isEmpty)
    }

    // MARK: Bodies that nobody wants

    @Test func aShortRestOfABodyIsDroppedAndTheConnectionGoesOn() throws {
        let plane = try plane()
        let worker = try plane.worker { _, stream in stream.respond("x", status: 413) }
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 60000\r\n\r\nabc")
        plane.turn { client.text.hasSuffix("x") }
        client.send([UInt8](repeating: 97, count: 59_997))
        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        plane.turn { client.text.components(of: "413") == 2 && client.text.hasSuffix("x") }
        client.send("3\r\ndef\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
        plane.turn { client.text.components(of: "413") == 3 && client.text.hasSuffix("x") }
        #expect(!client.hasEnded && worker.heads.count == 3 && worker.inWork == 0)
    }

    @Test func aLongRestOfAChunkedBodyEndsTheConnection() throws {
        let plane = try plane()
        let worker = try plane.worker { _, stream in stream.respond("x", status: 413) }
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n30000\r\n")
        plane.turn { client.text.hasSuffix("x") }
        client.send([UInt8](repeating: 97, count: 0x30000))
        plane.turn { client.hasEnded }
        #expect(worker.heads.count == 1)
    }

    @Test func pipelinedRequestsWaitUntilTheirClientReads() throws {
        let plane = try plane()
        let large = String(repeating: "x", count: 250_000)
        let worker = try plane.worker { _, stream in stream.respond(large) }
        let client = try plane.client()
        client.stream?.pause()
        for _ in 0..<100 { client.get("/", host: "a.test") }
        plane.settle()
        plane.settle()
        #expect(worker.heads.count < 50, "what the system holds for a socket is its own")
        client.stream?.resume()
        plane.turn { client.received.count > 100 * large.utf8.count }
        #expect(worker.heads.count == 100)
    }

    @Test func aClientIsAskedForItsBodyWhenTheWorkerWantsIt() throws {
        let plane = try plane()
        let worker = try plane.worker { _, _ in }
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        plane.turn { worker.streams.count == 1 }
        plane.settle()
        #expect(client.received.isEmpty)
        worker.streams[0].wantBody()
        plane.turn { client.text == "HTTP/1.1 100 Continue\r\n\r\n" }
        client.send("ok")
        plane.turn { worker.endedRequests == 1 }
        worker.streams[0].respond("x")
        plane.turn { client.text.hasSuffix("x") }
        #expect(worker.body == Array("ok".utf8) && !client.text.contains("Connection: close"))
    }

    @Test func aClientThatIsNotAskedGetsItsAnswerAndTheEnd() throws {
        let plane = try plane()
        let worker = try plane.worker { _, stream in stream.respond("x", status: 405) }
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        plane.turn { client.hasEnded }
        #expect(client.text.hasPrefix("HTTP/1.1 405 ") && client.text.contains("Connection: close\r\n"))
        #expect(worker.heads.count == 1 && worker.inWork == 0)
    }

    @Test func aBodyThatComesUnaskedIsTakenWithoutLeave() throws {
        let plane = try plane()
        let worker = try plane.worker { _, stream in stream.wantBody() }
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok")
        plane.turn { worker.endedRequests == 1 }
        #expect(worker.body == Array("ok".utf8))
    }
}
