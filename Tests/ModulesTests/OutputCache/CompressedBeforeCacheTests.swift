import CompressionTesting
import Configuration
import Modules
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

/// Appendix B: `urlCompression/@dynamicCompressionBeforeCache`.
struct CompressedBeforeCacheTests {
    /// An application that answers a page that says how often it was asked.
    final class Counter: Module {
        var count = 0

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            count += 1
            request.response.headers.append("Content-Type", "text/html")
            request.response.headers.append("ETag", "\"1\"")
            request.response.set(status: 200)
            request.response.body = .bytes(
                Array((String(repeating: "<p>An answer that is kept.</p>", count: 100) + "\(count)").utf8))
            return .continue
        }
    }

    let services = TestServices()
    let counter = Counter()
    let host: TestHost

    init() throws {
        host = try .cachingFrequentHits(of: counter, services)
        services.holdsWork = true
    }

    private func configure(comesFirst: Bool) throws {
        try host.configure(
            "",
            """
            <caching><profiles><add extension=".app" policy="CacheForTimePeriod" duration="00:10:00"/></profiles></caching>
            <urlCompression dynamicCompressionBeforeCache="\(comesFirst)"/>
            """)
    }

    private func get(_ coding: String?) throws -> RecordingSink {
        var request = TestRequest("/a.app")
        if let coding { request.headers.append(("Accept-Encoding", coding)) }
        let sink = RecordingSink()
        _ = try host.begin(request, sink)
        services.finishWork()
        #expect(sink.hasEnded)
        return sink
    }

    @Test
    func aCompressedResponseIsKeptAndGivenAgain() throws {
        try configure(comesFirst: true)
        let first = try get("gzip")
        #expect(first.value("content-encoding") == "gzip" && first.value("vary") == "Accept-Encoding")
        #expect(first.value("etag") == "W/\"1\"")
        // It is whole before it is sent, so its length is known.
        #expect(first.head?.contentLength == UInt64(first.body.count))
        let work = services.workCount
        let again = try get("gzip")
        #expect(again.body == first.body && again.value("content-encoding") == "gzip")
        #expect(again.value("vary") == "Accept-Encoding" && again.plainText?.hasSuffix("</p>1") == true)
        #expect(counter.count == 1 && services.workCount == work)
    }

    @Test
    func whoAcceptsSomethingElseGetsAnotherResponse() throws {
        try configure(comesFirst: true)
        #expect(try get("gzip").plainText?.hasSuffix("</p>1") == true)
        let plain = try get(nil)
        #expect(plain.value("content-encoding") == nil && plain.text.hasSuffix("</p>2"))
        let other = try get("br")
        #expect(other.value("content-encoding") == "br" && other.plainText?.hasSuffix("</p>3") == true)
        #expect(try get(nil).text.hasSuffix("</p>2"))
        #expect(try get("br").plainText?.hasSuffix("</p>3") == true)
        #expect(counter.count == 3)
    }

    @Test
    func withoutItOneResponseIsCompressedForEachClient() throws {
        try configure(comesFirst: false)
        #expect(try get("gzip").plainText?.hasSuffix("</p>1") == true)
        let work = services.workCount
        let again = try get("gzip")
        #expect(again.value("content-encoding") == "gzip" && again.head?.contentLength == nil)
        #expect(services.workCount > work)
        #expect(try get(nil).text.hasSuffix("</p>1"))
        #expect(counter.count == 1)
    }

    @Test
    func aClientThatLeavesMeanwhileLeavesTheNextOnesInPeace() throws {
        try configure(comesFirst: true)
        var request = TestRequest("/a.app")
        request.headers.append(("Accept-Encoding", "gzip"))
        let sink = RecordingSink()
        let context = try #require(try host.begin(request, sink))
        context.clientGone()
        services.finishWork()
        #expect(sink.head == nil)
        #expect(try get("gzip").plainText?.contains("An answer that is kept.") == true)
    }
}
