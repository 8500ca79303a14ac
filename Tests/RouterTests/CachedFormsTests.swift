import Control
import EventLoop
import Router
import Testing
import Wire
import Worker

/// Kept responses that vary with `Accept-Encoding` (HTTP.sys keeps compressed responses beside plain ones).
struct CachedFormsTests {
    let plane: Plane

    init() throws { plane = try Plane() }

    /// A worker that compresses by calling it so: gzip where the fields hold that word.
    final class Compressing {
        var count = 0
        var varies = true
        private var worker: TestWorker?

        init(_ plane: Plane) throws {
            worker = try plane.worker(1) { [unowned self] request, stream in
                count += 1
                var isGzip = false
                var index = request.field("accept-encoding")
                while let field = index {
                    let value = [UInt8](copying: request.value(ofField: field))
                    isGzip = isGzip || String(decoding: value, as: UTF8.self).contains("gzip")
                    index = request.field("accept-encoding", from: field + 1)
                }
                let body = Array((isGzip ? "coded \(count)" : "plain \(count)").utf8)
                var head = ResponseHead(status: 200, contentLength: UInt64(body.count))
                head.headers.append("Content-Type", "text/plain")
                if varies { head.headers.append("Vary", "Accept-Encoding") }
                if isGzip { head.headers.append("Content-Encoding", "gzip") }
                if isGzip { head.headers.append("ETag", "W/\"tag\"") } else { head.headers.append("ETag", "\"tag\"") }
                head.cache = CacheMark(token: 1, seconds: 30)
                stream.begin(head)
                stream.write(body.span)
                stream.end()
            }
            worker?.answersWholeRequests = true
        }

        func flush() { for link in worker?.links ?? [] { link.flush(1) } }
    }

    func get(_ fields: String..., version: String = "1.1") throws -> String {
        let client = try plane.client()
        let lines = fields.map { $0 + "\r\n" }.joined()
        client.send("GET /a HTTP/\(version)\r\nHost: h\r\nConnection: close\r\n\(lines)\r\n")
        plane.turn { client.hasEnded }
        return client.text
    }

    @Test func everyClientGetsTheFormThatItTakes() throws {
        let worker = try Compressing(plane)
        #expect(try get().hasSuffix("plain 1"))
        #expect(try get("Accept-Encoding: gzip").hasSuffix("coded 2"))
        for _ in 0..<3 {
            #expect(try get().hasSuffix("plain 1"))
            #expect(try get("Accept-Encoding: ").hasSuffix("plain 1"))
            #expect(try get("Accept-Encoding: gzip;q=0").hasSuffix("plain 1"))
            #expect(try get("Accept-Encoding: compress").hasSuffix("plain 1"))
            #expect(try get("Accept-Encoding: gzip").hasSuffix("coded 2"))
            #expect(try get("accept-encoding: x-GZIP ; q=1.0").hasSuffix("coded 2"))
        }
        #expect(worker.count == 2)
    }

    @Test func setsOfCodingsAreFormsWhateverTheirOrder() throws {
        let worker = try Compressing(plane)
        let answer = try get("Accept-Encoding: gzip, deflate, br")
        #expect(try get("Accept-Encoding: br,deflate", "Accept-Encoding: gzip") == answer)
        #expect(try get("Accept-Encoding: gzip, br").hasSuffix("coded 2"))
        #expect(worker.count == 2)
    }

    @Test(arguments: [
        "Accept-Encoding: br;q=0.5", "Accept-Encoding: *", "Accept-Encoding: identity;q=0, gzip", "Via: 1.1 proxy",
    ])
    func finerWishesAndProxiesAreTheWorkersToAnswer(_ field: String) throws {
        let worker = try Compressing(plane)
        _ = try get("Accept-Encoding: gzip", field)
        _ = try get("Accept-Encoding: gzip", field)
        #expect(worker.count == 2)
    }

    @Test func oldClientsAreTheWorkersToAnswerWhereThereAreForms() throws {
        let worker = try Compressing(plane)
        _ = try get("Accept-Encoding: gzip", version: "1.0")
        _ = try get("Accept-Encoding: gzip")
        _ = try get("Accept-Encoding: gzip", version: "1.0")
        #expect(worker.count == 3)
        // Who accepts nothing gets the plain form in any case.
        let plain = try get()
        #expect(plain.hasSuffix("plain 4") && worker.count == 4)
        #expect(try get(version: "1.0").hasSuffix("plain 4") && get("Via: 1.1 proxy") == plain && worker.count == 4)
    }

    @Test func oneFormForAllIsGivenToAll() throws {
        let worker = try Compressing(plane)
        worker.varies = false
        _ = try get()
        for field in ["Accept-Encoding: gzip", "Accept-Encoding: *;q=0.1", "Via: 1.1 proxy"] {
            #expect(try get(field).hasSuffix("plain 1"))
        }
        #expect(try get(version: "1.0").hasSuffix("plain 1") && worker.count == 1)
    }

    @Test func aFlushEndsAllForms() throws {
        let worker = try Compressing(plane)
        _ = try get()
        _ = try get("Accept-Encoding: gzip")
        worker.flush()
        plane.settle()
        #expect(try get("Accept-Encoding: gzip").hasSuffix("coded 3") && get().hasSuffix("plain 4"))
        #expect(worker.count == 4)
    }

    @Test func aResponseThatVariesNoLongerTakesThePlaceOfAllForms() throws {
        let worker = try Compressing(plane)
        _ = try get()
        worker.varies = false
        #expect(try get("Accept-Encoding: zstd").hasSuffix("plain 2"))
        #expect(try get().hasSuffix("plain 2") && get("Accept-Encoding: gzip").hasSuffix("plain 2"))
    }

    @Test func aWeakTagIsComparedAndToldAsItIs() throws {
        let worker = try Compressing(plane)
        _ = try get("Accept-Encoding: gzip")
        for tag in ["W/\"tag\"", "\"tag\"", "\"x\", W/\"tag\""] {
            let answer = try get("Accept-Encoding: gzip", "If-None-Match: \(tag)")
            #expect(answer.hasPrefix("HTTP/1.1 304 Not Modified\r\nVary: Accept-Encoding\r\nETag: W/\"tag\"\r\n"))
            #expect(!answer.contains("Content-Encoding"))
        }
        #expect(worker.count == 1)
    }
}
