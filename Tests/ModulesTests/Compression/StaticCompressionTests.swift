import HTTP1
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

/// Reference §5.2, *Compression*, and Appendix B, `httpCompression` and `urlCompression`.
struct StaticCompressionTests {
    @Test func aFileIsCompressedWhenItIsAskedForTwiceWithinTenSeconds() throws {
        let bench = try CompressionBench()
        for number in 1...2 {
            let answer = try bench.get("/a.txt", "gzip")
            #expect(answer.value("content-encoding") == nil && answer.text == CompressionBench.text, "\(number)")
            #expect(answer.value("vary") == "Accept-Encoding")
        }
        let answer = try bench.get("/a.txt", "gzip")
        #expect(answer.status == 200 && answer.value("content-encoding") == "gzip")
        #expect(answer.value("content-type") == "text/plain" && answer.values("vary") == ["Accept-Encoding"])
        #expect(answer.plainText == CompressionBench.text && answer.body.count < 1000)
        #expect(answer.head?.contentLength == UInt64(answer.body.count))
    }

    @Test func hitsThatLieFarApartDoNotMakeAFileOftenAskedFor() throws {
        let bench = try CompressionBench()
        for _ in 0..<4 {
            #expect(try bench.get("/a.txt", "gzip").value("content-encoding") == nil)
            bench.services.pass(milliseconds: 11_000)
        }
    }

    @Test func theFrequencyCanBeIgnored() throws {
        let bench = try CompressionBench("staticCompressionIgnoreHitFrequency=\"true\"")
        _ = try bench.get("/a.txt", "gzip")
        #expect(try bench.get("/a.txt", "gzip").value("content-encoding") == "gzip")
    }

    @Test(arguments: [
        "",
        """
        <caching><profiles><add extension=".txt" policy="CacheUntilChange" kernelCachePolicy="DontCache"/></profiles>
        </caching>
        """,
    ])
    func theTagOfACompressedFormIsTheFilesAsAWeakOne(_ caching: String) throws {
        let bench = try CompressionBench()
        try bench.host.configure("", caching)
        let plain = try #require(try bench.get().value("etag"))
        let weak = try bench.getOften("/a.txt", "gzip").value("etag")
        #expect(plain.hasPrefix("\"") && weak == "W/\(plain)")
        let unchanged = try bench.get("/a.txt", "gzip", [("If-None-Match", "W/\(plain)")])
        #expect(unchanged.status == 304 && unchanged.value("etag") == "W/\(plain)")
        #expect(unchanged.value("vary") == "Accept-Encoding" && unchanged.value("content-encoding") == nil)
        #expect(try bench.get("/a.txt", nil, [("If-None-Match", plain)]).value("etag") == plain)
    }

    @Test(
        arguments: [
            (nil, nil), ("gzip", "gzip"), ("gzip, deflate, br", "br"), ("gzip, zstd", "zstd"),
            ("br;q=0.5, gzip;q=0.8", "gzip"), ("identity, gzip;q=0.5", nil), ("*", "br"), ("gzip;q=0", nil),
            // Not among the server's schemes.
            ("deflate", nil),
        ] as [(String?, String?)])
    func theClientsWishesDecideAndThenTheServersOrder(_ codings: String?, _ chosen: String?) throws {
        let answer = try CompressionBench().getOften("/a.txt", codings)
        #expect(answer.value("content-encoding") == chosen && answer.plainText == CompressionBench.text)
        #expect(answer.value("vary") == "Accept-Encoding")
    }

    @Test func schemesComeInTheConfigurationsOrderAndCanBeOff() throws {
        let bench = try CompressionBench(
            "",
            """
            <clear/><scheme name="deflate" dll="x"/><scheme name="br" dll="x" doStaticCompression="false"/>
            <scheme name="gzip" dll="%Windir%\\system32\\inetsrv\\gzip.dll" staticCompressionLevel="0"/>
            """)
        #expect(try bench.getOften("/a.txt", "gzip, deflate, br").value("content-encoding") == "deflate")
        #expect(try bench.getOften("/a.txt", "br").value("content-encoding") == nil)
        #expect(try bench.getOften("/a.txt", "gzip, br").plainText == CompressionBench.text)
        #expect(bench.services.reports.isEmpty)
    }

    @Test func unknownSchemesAreToldOnce() throws {
        let bench = try CompressionBench("", "<scheme name=\"lzma\" dll=\"x\"/>")
        try bench.host.configure("sub", "<urlCompression doDynamicCompression=\"false\"/>")
        try bench.host.folder.write("www/sub/b.txt", CompressionBench.text)
        _ = try bench.get()
        _ = try bench.get("/sub/b.txt")
        #expect(bench.services.reports.count == 1 && bench.services.reports[0].contains("\"lzma\""))
    }

    @Test func smallFilesOtherTypesAndOtherDirectoriesAreSentAsTheyAre() throws {
        let bench = try CompressionBench()
        try bench.host.folder.write("www/small.txt", String(repeating: "x", count: 2699))
        try bench.host.folder.write("www/large.txt", String(repeating: "x", count: 2700))
        try bench.host.folder.write("www/a.png", CompressionBench.text)
        try bench.host.configure("off", "<urlCompression doStaticCompression=\"false\"/>")
        try bench.host.folder.write("www/off/a.txt", CompressionBench.text)
        for target in ["/small.txt", "/a.png", "/off/a.txt"] {
            let answer = try bench.getOften(target, "gzip")
            #expect(answer.value("content-encoding") == nil && answer.value("vary") == nil, "\(target)")
        }
        #expect(try bench.getOften("/large.txt", "gzip").value("content-encoding") == "gzip")
    }

    @Test func proxiesAndRequestsForPartsGetTheFileUnlessTheConfigurationSaysOtherwise() throws {
        let usual = try CompressionBench()
        let other = try CompressionBench("noCompressionForProxies=\"false\" noCompressionForRange=\"false\"")
        for field in [("Via", "1.1 proxy"), ("Range", "lines=1-2")] {
            #expect(try usual.getOften("/a.txt", "gzip", [field]).value("content-encoding") == nil)
            #expect(try other.getOften("/a.txt", "gzip", [field]).value("content-encoding") == "gzip")
        }
    }

    @Test func headHasTheFieldsOfGet() throws {
        let bench = try CompressionBench()
        let get = try bench.getOften("/a.txt", "gzip")
        var request = TestRequest("/a.txt")
        request.method = "HEAD"
        request.headers.append(("Accept-Encoding", "gzip"))
        let head = try bench.host.send(request)
        #expect(head.body.isEmpty && head.head?.contentLength == get.head?.contentLength)
        for name in ["content-encoding", "etag", "vary"] { #expect(head.value(name) == get.value(name)) }
    }

    @Test func aChangedFileIsNeverShownAsItWas() throws {
        let folder = try TestFolder()
        let bench = try CompressionBench("staticCompressionIgnoreHitFrequency=\"true\"", directory: folder)
        for number in 0..<3 {
            let text = CompressionBench.text + "version \(number)"
            try bench.host.folder.write("www/a.txt", text)
            for _ in 0..<3 { #expect(try bench.get("/a.txt", "gzip").plainText == text) }
            #expect(try bench.get("/a.txt", "gzip").value("content-encoding") == "gzip")
        }
    }

    @Test func aDefaultDocumentIsCompressedToo() throws {
        let bench = try CompressionBench()
        try bench.host.folder.write("www/index.html", CompressionBench.text)
        let answer = try bench.getOften("/", "br")
        #expect(answer.value("content-encoding") == "br" && answer.plainText == CompressionBench.text)
    }

    @Test func aFileThatDoesNotBecomeSmallerIsSentAsItIs() throws {
        let bench = try CompressionBench()
        var state: UInt64 = 1
        let noise: [UInt8] = (0..<5000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        try bench.host.folder.write("www/noise.txt", bytes: noise)
        let answer = try bench.getOften("/noise.txt", "gzip")
        #expect(answer.value("content-encoding") == nil && answer.body == noise)
    }

    @Test func cacheHeadersTakeThePlaceOfTheFilesOwn() throws {
        let bench = try CompressionBench("sendCacheHeaders=\"true\" cacheControlHeader=\"max-age=5\"")
        try bench.host.configure(
            "",
            "<staticContent><clientCache cacheControlMode=\"UseMaxAge\" cacheControlMaxAge=\"1.00:00:00\"/></staticContent>"
        )
        #expect(try bench.get().values("cache-control") == ["max-age=86400"])
        let answer = try bench.getOften("/a.txt", "gzip")
        #expect(answer.values("cache-control") == ["max-age=5"])
        #expect(answer.values("expires") == ["Wed, 01 Jan 1997 12:00:00 GMT"])
    }

    @Test func theRouterMayKeepAFormOnceItIsThere() throws {
        let bench = try CompressionBench(keeper: MarkEverything())
        _ = try bench.get("/a.txt", "gzip")
        // Often asked for, and about to be compressed: kept now, it would go out uncompressed for long.
        #expect(try bench.get("/a.txt", "gzip").head?.cache == nil)
        let answer = try bench.get("/a.txt", "gzip")
        #expect(answer.value("content-encoding") == "gzip" && answer.head?.cache != nil)
        #expect(try bench.get().head?.cache != nil)
    }

    @Test func requestsWaitWhileTheFormIsLookedFor() throws {
        let bench = try CompressionBench("staticCompressionIgnoreHitFrequency=\"true\"", directory: TestFolder())
        bench.services.holdsWork = true
        let sinks = (0..<2).map { _ in RecordingSink() }
        for sink in sinks {
            var request = TestRequest("/a.txt")
            request.headers.append(("Accept-Encoding", "gzip"))
            _ = try bench.host.begin(request, sink)
            #expect(sink.head == nil)
        }
        bench.services.finishWork()
        for sink in sinks { #expect(sink.hasEnded && sink.text == CompressionBench.text) }
        bench.services.holdsWork = false
        #expect(try bench.get("/a.txt", "gzip").value("content-encoding") == "gzip")
    }

    @Test func aClientThatGoesWhileTheFormIsLookedForTakesNothingAlong() throws {
        let bench = try CompressionBench()
        bench.services.holdsWork = true
        var request = TestRequest("/a.txt")
        request.headers.append(("Accept-Encoding", "gzip"))
        let sink = RecordingSink()
        let context = try #require(try bench.host.begin(request, sink))
        context.clientGone()
        bench.services.finishWork()
        bench.services.holdsWork = false
        #expect(sink.head == nil)
        #expect(try bench.getOften("/a.txt", "gzip").plainText == CompressionBench.text)
    }
}
