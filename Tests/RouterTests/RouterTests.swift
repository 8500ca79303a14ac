import EventLoop
import Platform
import Router
import Testing
import Wire
import Worker

@Suite(.loopCounts)
struct RouterTests {
    @Test func aRequestReachesTheWorkerWithAllThatTheRouterKnows() throws {
        let plane = try Plane { port in
            RouteTable(
                pools: [RouteTable.Pool(id: 1, name: "p", queueLength: 10, state: .started)],
                sites: [
                    RouteTable.Site(
                        id: 42, name: "s", bindings: [RouteTable.Binding(port: port, host: .exact("a.test"))],
                        applications: [
                            RouteTable.Application(path: "/", pool: 1), RouteTable.Application(path: "/Shop", pool: 1),
                        ])
                ])
        }
        let worker = try plane.worker { _, stream in stream.respond("hello") }
        let client = try plane.client()
        client.send("GET /shop/%61/../b?q=1 HTTP/1.1\r\nHost: A.test\r\nAccept: x\r\n\r\n")
        plane.turn { client.text.hasSuffix("\r\n\r\nhello") }
        let head = try #require(worker.heads.first)
        #expect(string(head.method) == "GET" && string(head.target) == "/shop/%61/../b?q=1")
        #expect(string(head.path) == "/shop/b" && string(head.query) == "q=1")
        #expect(head.siteID == 42 && head.applicationPathLength == 5 && head.local.port == plane.port)
        #expect(head.remote.address == IPAddress(v4: 0x7f00_0001) && head.remote.port != 0)
        #expect(head.fieldCount == 2 && head.field("accept") == 1)
        #expect(worker.endedRequests == 1 || worker.streams.first?.isOpen == false)
    }

    @Test func aResponseHasItsFramingDateAndServer() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in
            var head = ResponseHead(status: 200, contentLength: 2)
            head.headers.append("Content-Type", "text/plain")
            head.headers.append("Content-Length", "999")
            head.headers.append("Transfer-Encoding", "chunked")
            head.headers.append("Connection", "upgrade")
            stream.begin(head)
            stream.write([111, 107].span)
            stream.end()
        }
        let client = try plane.client()
        client.get("/")
        plane.turn { client.text.hasSuffix("ok") }
        let lines = client.text.split(separator: "\r\n").map(String.init)
        #expect(lines[0] == "HTTP/1.1 200 OK" && lines[1] == "Content-Type: text/plain")
        #expect(lines[2].hasPrefix("Date: ") && lines[2].hasSuffix(" GMT"))
        #expect(Array(lines[3...]) == ["Server: Hostelry", "Content-Length: 2", "ok"])
        #expect(worker.heads.count == 1)
    }

    @Test func pipelinedRequestsAreAnsweredInOrderOnOneConnection() throws {
        let plane = try Plane()
        let worker = try plane.worker { head, stream in stream.respond(string(head.path)) }
        worker.answersWholeRequests = true
        let client = try plane.client()
        client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
        client.send("POST /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nd\r\n0\r\n\r\n")
        client.get("/4")
        plane.turn { client.text.hasSuffix("/4") }
        let order = ["/1", "/2", "/3", "/4"].map { client.text.range(of: "\r\n\r\n\($0)") }
        #expect(order.allSatisfy { $0 != nil } && order.compactMap(\.self) == order.compactMap(\.self).sorted())
        #expect(!client.hasEnded && worker.body == Array("abcd".utf8))
    }

    @Test func aHeadRequestGetsTheHeadOnly() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in stream.respond("12345") }
        let client = try plane.client()
        client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
        plane.turn { client.text.hasSuffix("\r\n\r\n") }
        client.get("/")
        plane.turn { client.text.hasSuffix("12345") }
        #expect(client.text.components(of: "Content-Length: 5\r\n") == 2 && worker.heads.count == 2)
    }

    @Test func aBodyOfUnknownLengthIsChunkedOrEndsWithTheConnection() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in stream.respond("0123456789abcdef", hasLength: false) }
        let new = try plane.client()
        new.get("/")
        plane.turn { new.text.hasSuffix("\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n") }
        #expect(new.text.contains("Transfer-Encoding: chunked\r\n") && !new.hasEnded)
        let old = try plane.client()
        old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        plane.turn { old.hasEnded }
        #expect(old.text.hasSuffix("Connection: close\r\n\r\n0123456789abcdef") && worker.heads.count == 2)
    }

    @Test func anOldClientThatAsksForItKeepsItsConnection() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in stream.respond("x") }
        let client = try plane.client()
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        plane.turn { client.text.hasSuffix("Connection: keep-alive\r\n\r\nx") }
        client.send("GET / HTTP/1.0\r\n\r\n")
        plane.turn { client.hasEnded }
        #expect(client.text.hasSuffix("Connection: close\r\n\r\nx") && worker.heads.count == 2)
    }

    @Test func aClientThatWaitsForLeaveToSendItsBodyGetsIt() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        plane.turn { client.text == "HTTP/1.1 100 Continue\r\n\r\n" }
        client.send("ok")
        plane.turn { worker.endedRequests == 1 }
        #expect(worker.body == Array("ok".utf8))
    }

    @Test func aLargeBodyArrivesWholeAndNoFasterThanTheWorkerTakesIt() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        worker.takesBody = false
        let client = try plane.client()
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.count)\r\n\r\n")
        client.send(body)
        plane.settle()
        #expect(worker.body.count == 65536, "as much as the worker's window")
        worker.takesBody = true
        worker.streams[0].took(worker.untaken)
        plane.turn { worker.endedRequests == 1 }
        #expect(worker.body == body)
    }

    @Test func aLargeResponseWaitsForASlowClient() throws {
        let plane = try Plane()
        let total = 8_000_000
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
        client.stream?.pause()
        client.get("/")
        plane.settle()
        // What the kernel holds for a socket is its own; the router and the link hold their windows.
        #expect(sent < total)
        client.stream?.resume()
        plane.turn { client.received.count > total }
        #expect(sent == total && client.text.hasSuffix("x") && !client.hasEnded)
    }

    @Test func aClientThatLeavesIsToldToTheWorker() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in
            stream.begin(ResponseHead(status: 200))
        }
        let (leaving, staying) = (try plane.client(), try plane.client())
        leaving.get("/")
        staying.get("/")
        plane.turn { worker.streams.count == 2 && leaving.text.contains("200") }
        leaving.close()
        plane.settle()
        #expect(worker.aborts.isEmpty, "an end of input may be half a close")
        plane.moveClock(seconds: 2)
        #expect(worker.aborts == [.clientGone] && worker.inWork == 1)
        worker.streams[1].end()
        plane.turn { staying.text.hasSuffix("0\r\n\r\n") }
    }

    @Test func aClientThatHasNothingMoreToSayStillGetsItsAnswer() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        let socket = try FileDescriptor.connected(to: .loopback(port: plane.port))
        let client = Client(plane.loop)
        try client.open(socket.duplicate())
        client.get("/")
        plane.turn { worker.streams.count == 1 }
        socket.shutDownOutput()
        plane.settle()
        worker.streams[0].respond("late")
        plane.turn { client.hasEnded }
        #expect(worker.aborts.isEmpty && client.text.hasSuffix("late"))
    }

    @Test func aBodyThatIsNoHTTPEndsTheRequestOnBothSides() throws {
        let plane = try Plane()
        let worker = try plane.worker { _, _ in }
        let client = try plane.client()
        client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n")
        plane.turn { client.hasEnded }
        #expect(client.text.hasPrefix("HTTP/1.1 400 Bad Request\r\n") && client.text.contains("Connection: close"))
        #expect(worker.body == Array("abc".utf8) && worker.aborts == [.badRequestBody])
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400", "Header"),
        ("GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", "400", "URL"), ("GET / HTTP/1.1\r\n\r\n", "400", "Hostname"),
        ("POST / HTTP/1.1\r\nHost: h\r\n\r\n", "411", "Length Required"),
        ("GET / HTTP/3.0\r\nHost: h\r\n\r\n", "505", "Version Not Supported"),
    ])
    func whatIsNoRequestIsRefusedAndTheConnectionClosed(_ request: String, _ status: String, _ words: String) throws {
        let plane = try Plane()
        let worker = try plane.worker { _, stream in stream.respond("secret") }
        let client = try plane.client()
        client.send(request + "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        plane.turn { client.hasEnded }
        #expect(client.text.hasPrefix("HTTP/1.1 \(status) ") && client.text.contains(words))
        #expect(client.text.contains("Connection: close\r\n") && worker.heads.isEmpty)
    }
}

extension String {
    /// How often `text` occurs.
    func components(of text: String) -> Int { ranges(of: text).count }

    /// Where `text` first begins.
    func range(of text: String) -> Int? {
        firstRange(of: text).map { distance(from: startIndex, to: $0.lowerBound) }
    }
}
