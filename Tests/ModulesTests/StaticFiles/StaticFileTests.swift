import Modules
import Pipeline
import PipelineTesting
import Testing
import Wire

/// Reference §5.2: *staticContent*, *Handlers*; RFC 9110, 13.
struct StaticFileTests {
    let host: TestHost

    init() throws {
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: TestServices()))
        try host.folder.write("www/hello.txt", "hello\n")
    }

    @Test
    func aFileIsSentWithTypeLengthAndValidators() throws {
        let answer = try host.get("/hello.txt")
        #expect(answer.status == 200)
        #expect(answer.text == "hello\n")
        #expect(answer.head?.contentLength == 6)
        #expect(answer.value("content-type") == "text/plain")
        #expect(answer.value("last-modified") == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(answer.value("etag") != nil)
        #expect(answer.hasEnded)
    }

    @Test
    func headTellsTheLengthAndSendsNothing() throws {
        var request = TestRequest("/hello.txt")
        request.method = "HEAD"
        let answer = try host.send(request)
        #expect(answer.status == 200)
        #expect(answer.head?.contentLength == 6)
        #expect(answer.body.isEmpty)
        #expect(answer.hasEnded)
    }

    @Test
    func anExtensionWithoutMIMETypeIs404Point3() throws {
        try host.folder.write("www/data.unknown", "x")
        var request = TestRequest("/data.unknown")
        request.remote = request.local
        let answer = try host.send(request)
        #expect(answer.status == 404)
        #expect(answer.text.contains("HTTP Error 404.3"))
        #expect(answer.text.contains("StaticFileModule"))
    }

    @Test
    func aNameWithoutExtensionIsOnlySentWithATypeForDot() throws {
        try host.folder.write("www/plain", "x")
        #expect(try host.get("/plain").status == 404)
        try host.folder.write(
            "www/dot/web.config",
            "<configuration><system.webServer><staticContent><mimeMap fileExtension=\".\" mimeType=\"text/plain\"/></staticContent></system.webServer></configuration>"
        )
        try host.folder.write("www/dot/plain", "x")
        #expect(try host.get("/dot/plain").status == 200)
    }

    @Test
    func aTypeForDotStarServesEveryExtension() throws {
        try host.folder.write(
            "www/any/web.config",
            "<configuration><system.webServer><staticContent><mimeMap fileExtension=\".*\" mimeType=\"application/x-any\"/></staticContent></system.webServer></configuration>"
        )
        try host.folder.write("www/any/data.unknown", "x")
        #expect(try host.get("/any/data.unknown").value("content-type") == "application/x-any")
    }

    @Test
    func otherVerbsAreNotAllowedOnFiles() throws {
        var request = TestRequest("/hello.txt")
        request.method = "POST"
        let answer = try host.send(request)
        #expect(answer.status == 405)
        #expect(answer.value("allow") == "GET, HEAD, OPTIONS, TRACE")
    }

    @Test
    func whatTheClientHasAlreadyIs304WithoutBody() throws {
        let tag = try #require(try host.get("/hello.txt").value("etag"))
        for headers in [
            [("If-None-Match", tag)], [("If-None-Match", "\"other\", W/\(tag)")], [("If-None-Match", "*")],
            [("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")],
            [("If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT")],
            [("If-Modified-Since", "Sun Nov  6 08:49:37 1994")],
        ] {
            let answer = try host.get("/hello.txt", headers: headers)
            #expect(answer.status == 304, "\(headers)")
            #expect(answer.body.isEmpty)
            #expect(answer.head?.contentLength == nil)
            #expect(answer.value("etag") == tag)
            #expect(answer.hasEnded)
        }
    }

    @Test
    func whatTheClientHasNotIsSent() throws {
        for headers in [
            [("If-None-Match", "\"other\"")],
            [("If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT")],
            [("If-Modified-Since", "yesterday")],
            // The tag decides where both are given (RFC 9110, 13.2.2).
            [("If-None-Match", "\"other\""), ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")],
        ] {
            #expect(try host.get("/hello.txt", headers: headers).status == 200, "\(headers)")
        }
    }

    @Test
    func aConditionOnAnotherVersionFails() throws {
        #expect(try host.get("/hello.txt", headers: [("If-Match", "\"other\"")]).status == 412)
        #expect(
            try host.get("/hello.txt", headers: [("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:36 GMT")]).status
                == 412)
        let tag = try #require(try host.get("/hello.txt").value("etag"))
        #expect(try host.get("/hello.txt", headers: [("If-Match", tag)]).status == 200)
        #expect(try host.get("/hello.txt", headers: [("If-Match", "W/\(tag)")]).status == 412)
    }

    @Test
    func aChangedFileIsSentAnew() throws {
        _ = try host.get("/hello.txt")
        try host.folder.write("www/hello.txt", "bye\n")
        try host.folder.setModified("www/hello.txt", seconds: 784_111_778)
        let answer = try host.get("/hello.txt")
        #expect(answer.text == "bye\n")
        #expect(answer.value("last-modified") == "Sun, 06 Nov 1994 08:49:38 GMT")
    }

    @Test
    func aLargeFileGoesOutInPiecesAsTheClientTakesThem() throws {
        let content = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try host.folder.write("www/large.bin", bytes: content)
        let sink = RecordingSink(credit: 100_000)
        let context = try #require(try host.begin(TestRequest("/large.bin"), sink))
        #expect(sink.body.count == 100_000)
        #expect(!sink.hasEnded)
        sink.credit = 300_000
        context.resumeSending()
        #expect(sink.body.count == 400_000)
        sink.credit = 1_000_000
        context.resumeSending()
        #expect(sink.body == content)
        #expect(sink.hasEnded)
    }

    @Test
    func aFileThatShrinksWhileItIsSentBreaksTheResponseOff() throws {
        try host.folder.write("www/large.bin", bytes: Array(repeating: 7, count: 700_000))
        let sink = RecordingSink(credit: 100_000)
        let context = try #require(try host.begin(TestRequest("/large.bin"), sink))
        host.folder.truncate("www/large.bin", to: 150_000)
        sink.credit = 1_000_000
        context.resumeSending()
        #expect(sink.hasFailed)
        #expect(!sink.hasEnded)
    }

    @Test(
        arguments: [
            ("NoControl", "", nil), ("DisableCache", "", "no-cache"), ("UseMaxAge", "", "max-age=86400"),
            ("UseMaxAge", "public", "max-age=86400,public"), ("NoControl", "private", "private"),
        ] as [(String, String, String?)])
    func clientsAreToldHowLongToKeepFiles(_ mode: String, custom: String, control: String?) throws {
        try host.folder.write(
            "www/web.config",
            "<configuration><system.webServer><staticContent><clientCache cacheControlMode=\"\(mode)\" cacheControlCustom=\"\(custom)\"/></staticContent></system.webServer></configuration>"
        )
        host.waitForRecheck()
        #expect(try host.get("/hello.txt").value("cache-control") == control)
    }

    @Test
    func expiresIsWhatTheSectionSays() throws {
        try host.folder.write(
            "www/web.config",
            "<configuration><system.webServer><staticContent><clientCache cacheControlMode=\"UseExpires\" httpExpires=\"Fri, 01 Jan 2038 00:00:00 GMT\" setEtag=\"false\"/></staticContent></system.webServer></configuration>"
        )
        let answer = try host.get("/hello.txt")
        #expect(answer.value("expires") == "Fri, 01 Jan 2038 00:00:00 GMT")
        #expect(answer.value("etag") == nil)
    }

    @Test
    func pathsNeverLeaveTheVirtualDirectory() throws {
        try host.folder.write("secret.txt", "secret")
        host.folder.makeLink("www/out.txt", to: "../secret.txt")
        host.folder.makeLink("www/absolute.txt", to: "\(host.folder.path)/secret.txt")
        host.folder.makeLink("www/outside", to: "..")
        host.folder.makeLink("www/in.txt", to: "hello.txt")
        #expect(try host.get("/out.txt").status == 404)
        #expect(try host.get("/absolute.txt").status == 404)
        #expect(try host.get("/outside/secret.txt").status == 404)
        #expect(try host.get("/../secret.txt").status == 404)
        #expect(try host.get("/in.txt").text == "hello\n")
    }

    @Test
    func whatIsNoRegularFileIsNotServed() throws {
        host.folder.makePipe("www/pipe.txt")
        host.folder.makeLink("www/device.txt", to: "/dev/zero")
        #expect(try host.get("/pipe.txt").status == 404)
        #expect(try host.get("/device.txt").status == 404)
    }

    @Test
    func optionsAndTraceAreAnsweredAsByIIS() throws {
        var request = TestRequest("/hello.txt")
        request.method = "OPTIONS"
        let options = try host.send(request)
        #expect(options.status == 200)
        #expect(options.value("allow") == "OPTIONS, TRACE, GET, HEAD, POST")
        #expect(options.value("public") == "OPTIONS, TRACE, GET, HEAD, POST")
        request.method = "TRACE"
        #expect(try host.send(request).status == 501)
    }
}
