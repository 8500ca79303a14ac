import Administration
import HTTP1
import Testing

@testable import Master

struct MetricsRequestTests {
    func request(_ line: String, fields: String = "") throws -> MetricsRequest {
        let bytes = Array("\(line) HTTP/1.1\r\nHost: h\r\n\(fields)\r\n".utf8)
        var parser = RequestParser()
        var request = ParsedRequest()
        #expect(try parser.parse(bytes.span, into: &request))
        return MetricsRequest(bytes.span, request)
    }

    @Test func metricsAreRead() throws {
        #expect(try request("GET /metrics") == .metrics(withBody: true))
        #expect(try request("GET /metrics?name[]=x") == .metrics(withBody: true))
        #expect(try request("GET http://h/metrics") == .metrics(withBody: true))
        #expect(try request("HEAD /metrics") == .metrics(withBody: false))
    }

    @Test func nothingElseIsThere() throws {
        for line in ["GET /", "GET /metrics/", "GET /Metrics", "DELETE /", "GET /metrics%00"] {
            #expect(try request(line) == .refused(.notFound))
        }
        #expect(try request("OPTIONS /metrics") == .refused(.methodNotAllowed))
        #expect(try request("POST /metrics", fields: "Content-Length: 1\r\n") == .refused(.methodNotAllowed))
        #expect(try request("GET /metrics", fields: "Content-Length: 1\r\n") == .refused(.badRequest))
    }

    @Test func anAnswerIsTheLastOfItsConnection() {
        let text = String(decoding: MetricsRequest.Refusal.methodNotAllowed.answer, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\nDate: "))
        #expect(text.contains("\r\nAllow: GET, HEAD\r\nConnection: close\r\n\r\n"))
        #expect(
            text.contains("\r\nContent-Length: 39\r\n")
                && text.hasSuffix("\r\n\r\nMetrics can only be read: GET or HEAD.\n"))
    }
}

struct RestartCountTests {
    @Test func aRecycleAndACrashAreCounted() {
        var bench = PoolBench.serving(PoolBench.plan())
        #expect(bench.pool.restarts == .init(started: 1))
        bench.act(.recycleRequested(pool: 1))
        bench.act(.workerReady(2))
        bench.act(.workerEnded(1, ProcessEnd(pid: 1, cause: .status(0), goodbye: "drained", requests: 0)))
        #expect(bench.pool.restarts == .init(started: 2, recycled: 1))
        bench.act(.workerEnded(2, ProcessEnd(pid: 2, cause: .signal(9), goodbye: nil, requests: nil)))
        #expect(bench.pool.restarts.recycled == 1 && bench.pool.restarts.crashed == 1)
    }
}
