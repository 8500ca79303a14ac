import Control
import EventLoop
import Platform
import Router
import Testing
import Wire
import Worker

/// Responses that the router gives without asking a worker (reference §8.10).
struct ResponseCacheTests {
    let plane: Plane

    init() throws { plane = try Plane() }

    /// A worker that marks everything and says how often it was asked.
    final class Marking {
        var count = 0
        var token: UInt64 = 1
        var seconds: UInt32 = 30
        var status: UInt16 = 200
        var fields: [(StaticString, StaticString)] = [
            ("Content-Type", "text/plain"), ("ETag", "\"tag\""), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ]
        var body: [UInt8]?
        private(set) var worker: TestWorker?

        init(_ plane: Plane, number: UInt64 = 1) throws {
            worker = try plane.worker(number) { [unowned self] _, stream in
                count += 1
                let body = body ?? Array("answer \(count)".utf8)
                var head = ResponseHead(status: status, contentLength: UInt64(body.count))
                for (name, value) in fields { head.headers.append(name, value) }
                head.cache = CacheMark(token: token, seconds: seconds)
                stream.begin(head)
                stream.write(body.span)
                stream.end()
            }
            worker?.answersWholeRequests = true
        }

        func flush(_ token: UInt64) { for link in worker?.links ?? [] { link.flush(token) } }
    }

    /// One response on a connection of its own: everything the client got.
    func ask(_ request: String) throws -> String {
        let client = try plane.client()
        client.send(request)
        plane.turn { client.hasEnded }
        return client.text
    }

    func get(_ target: String = "/a", host: String = "h", _ fields: String = "") throws -> String {
        try ask("GET \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\(fields)\r\n")
    }

    @Test func aMarkedResponseIsGivenAgainWithoutTheWorker() throws {
        let worker = try Marking(plane)
        let first = try get()
        for _ in 0..<5 { #expect(try get() == first) }
        #expect(worker.count == 1 && first.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"))
        #expect(first.hasSuffix("\r\n\r\nanswer 1"))
    }

    @Test func theDateIsTheRequestsOwn() throws {
        let worker = try Marking(plane)
        let first = try get()
        plane.moveClock(seconds: 5)
        let later = try get()
        #expect(worker.count == 1 && later != first && later.contains("\r\nDate: "))
    }

    @Test func headAndConnectionsThatStayAreAnsweredToo() throws {
        let worker = try Marking(plane)
        _ = try get()
        let client = try plane.client()
        client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n")
        client.get("/a")
        client.send("GET /a HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n")
        plane.turn { client.text.contains("Connection: keep-alive\r\n") && client.text.hasSuffix("answer 1") }
        #expect(client.text.components(of: "Content-Length: 8\r\n") == 3 && worker.count == 1)
        #expect(client.text.components(of: "answer 1") == 2 && !client.hasEnded)
    }

    @Test func aConditionIsJudgedByTheEntry() throws {
        let worker = try Marking(plane)
        _ = try get()
        for field in [
            "If-None-Match: \"tag\"\r\n", "If-None-Match: \"x\", W/\"tag\"\r\n", "If-None-Match: *\r\n",
            "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
            "If-None-Match: \"x\"\r\nIf-None-Match: \"tag\"\r\n",
        ] {
            let answer = try get("/a", field)
            #expect(answer.hasPrefix("HTTP/1.1 304 Not Modified\r\nETag: \"tag\"\r\n"), "\(field)")
            #expect(
                !answer.contains("Content-Type") && !answer.contains("Content-Length") && answer.hasSuffix("\r\n\r\n"))
        }
        for field in [
            "If-None-Match: \"x\"\r\n", "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n",
            "If-Modified-Since: yesterday\r\n",
            "If-None-Match: \"x\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
        ] { #expect(try get("/a", field).hasSuffix("answer 1"), "\(field)") }
        #expect(worker.count == 1)
    }

    @Test(arguments: [
        "Range: bytes=0-1", "If-Range: \"tag\"", "If-Match: \"tag\"", "Authorization: Basic eDp5", "Translate: f",
        "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
    ])
    func whatARequestSaysKeepsItFromTheCache(_ field: String) throws {
        let worker = try Marking(plane)
        // Neither kept …
        _ = try get("/a", field + "\r\n")
        _ = try get()
        #expect(worker.count == 2)
        // … nor given.
        _ = try get("/a", field + "\r\n")
        _ = try get()
        #expect(worker.count == 3)
    }

    @Test func queriesBodiesAndOtherMethodsAreNotKept() throws {
        let worker = try Marking(plane)
        let requests = [
            "GET /a?x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
            "POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            "DELETE /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "get /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "HEAD /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        ]
        for request in requests + requests { _ = try ask(request) }
        #expect(worker.count == 2 * requests.count)
        _ = try get()
        for request in requests.dropLast() { _ = try ask(request) }
        #expect(worker.count == 3 * requests.count)
    }

    @Test func whatAWorkerMayNotMarkIsNotKept() throws {
        let worker = try Marking(plane)
        let change: [(Marking) -> Void] = [
            { $0.status = 404 }, { $0.status = 206 }, { $0.body = [] },
            { $0.body = [UInt8](repeating: 97, count: 262_145) }, { $0.fields.append(("Set-Cookie", "a=b")) },
            { $0.fields.append(("Vary", "Accept")) }, { $0.fields.append(("Vary", "Accept-Encoding, Origin")) },
            { $0.fields.append(("Date", "today")) },
            { for _ in 0..<40 { $0.fields.append(("X-Filler", "0123456789 0123456789")) } }, { $0.seconds = 0 },
        ]
        for (index, change) in change.enumerated() {
            let (fields, before) = (worker.fields, worker.count)
            change(worker)
            if worker.body?.count == 262_145 { worker.body = [UInt8](repeating: 97, count: 262_144) + [98] }
            _ = try get("/\(index)")
            _ = try get("/\(index)")
            #expect(worker.count == before + 2, "\(index)")
            (worker.fields, worker.body, worker.status) = (fields, nil, 200)
        }
    }

    @Test func everyURLHasItsOwnEntry() throws {
        let worker = try Marking(plane)
        for target in ["/a", "/A", "/%61", "/a/", "/b/../a", "/a?"] { _ = try get(target) }
        _ = try get("/a", host: "other")
        #expect(worker.count == 7)
        _ = try get("/a", host: "OTHER:80")
        #expect(worker.count == 7)
    }

    @Test func aFlushEndsWhatItNames() throws {
        let worker = try Marking(plane)
        _ = try get("/a")
        worker.token = 2
        _ = try get("/b")
        worker.flush(77)
        worker.flush(1)
        plane.settle()
        #expect(try get("/a").hasSuffix("answer 3") && get("/b").hasSuffix("answer 2"))
        worker.flush(0)
        plane.settle()
        #expect(try get("/a").hasSuffix("answer 4") && get("/b").hasSuffix("answer 5"))
    }

    @Test func aFlushDuringTheResponseKeepsItOut() throws {
        let raw = try plane.rawWorker()
        let client = try plane.client()
        for round in 0..<2 {
            raw.received = []
            client.get("/a")
            plane.turn { raw.received.count >= 8 }
            let asked = raw.received
            let number = try #require(try Frame(asked.span)).stream
            var head = ResponseHead(status: 200, contentLength: 3)
            head.cache = CacheMark(token: 5, seconds: 30)
            var bytes: [UInt8] = []
            try head.append(to: &bytes, stream: number)
            bytes.append(flush: 9)
            bytes.append(frame: .responseBody, stream: number, body: Array("abc".utf8).span)
            bytes.append(frame: .responseEnd, stream: number)
            raw.send(bytes)
            plane.turn { client.text.components(of: "abc") == round + 1 }
        }
    }

    @Test func anEntryHoldsNoLongerThanItsTime() throws {
        let worker = try Marking(plane)
        _ = try get()
        plane.moveClock(seconds: 29)
        _ = try get()
        #expect(worker.count == 1)
        plane.moveClock(seconds: 2)
        _ = try get()
        #expect(worker.count == 2)
    }

    @Test func anEntryDiesWithItsWorker() throws {
        let first = try Marking(plane)
        _ = try get()
        plane.master?.send(.retire(worker: 1))
        plane.settle()
        let second = try Marking(plane, number: 2)
        _ = try get()
        _ = try get()
        #expect(first.count == 1 && second.count == 1)
        plane.master?.send(.workerGone(worker: 2))
        plane.settle()
        let third = try Marking(plane, number: 3)
        _ = try get()
        #expect(third.count == 1)
    }

    @Test func aPoolOfSeveralWorkersKeepsNothing() throws {
        let first = try Marking(plane)
        _ = try get()
        let second = try Marking(plane, number: 2)
        for _ in 0..<4 { _ = try get() }
        #expect(first.count + second.count == 5)
    }

    @Test func aPoolThatChangesLosesItsEntries() throws {
        let worker = try Marking(plane)
        let table = { (queueLength: UInt32) in
            RouteTable(
                pools: [RouteTable.Pool(id: 1, name: "p", queueLength: queueLength, state: .started)],
                sites: [
                    RouteTable.Site(
                        id: 7, name: "s", bindings: [RouteTable.Binding(port: plane.port)],
                        applications: [RouteTable.Application(path: "/", pool: 1)])
                ])
        }
        _ = try get()
        plane.master?.send(.routes(table(10)))
        plane.settle()
        _ = try get()
        #expect(worker.count == 1)
        plane.master?.send(.routes(table(11)))
        plane.settle()
        _ = try get()
        #expect(worker.count == 2)
    }

    @Test func aClientThatDoesNotReadIsNotAnsweredWithoutEnd() throws {
        let worker = try Marking(plane)
        worker.body = [UInt8](repeating: 97, count: 200_000)
        _ = try get()
        let client = try plane.client()
        client.stream?.pause()
        for _ in 0..<64 { client.get("/a") }
        plane.settle()
        client.stream?.resume()
        plane.turn { client.received.count > 64 * 200_000 }
        #expect(worker.count == 1)
    }
}
