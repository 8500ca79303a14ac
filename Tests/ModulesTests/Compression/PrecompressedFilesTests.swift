import PipelineTesting
import Testing

/// `urlCompression usePrecompressedFiles`: compressed files beside the files themselves.
struct PrecompressedFilesTests {
    let bench: CompressionBench

    init() throws {
        bench = try CompressionBench()
        try bench.host.configure("", "<urlCompression usePrecompressedFiles=\"true\"/>")
        try bench.host.folder.write("www/app.js", "code")
        try bench.host.folder.write("www/app.js.br", "brotli's")
        try bench.host.folder.write("www/app.js.gz", "zlib's")
    }

    @Test func theNeighbourIsSentThatTheClientLikesBest() throws {
        for (codings, name, text) in [
            ("gzip, deflate, br, zstd", "br", "brotli's"), ("gzip", "gzip", "zlib's"),
            ("br;q=0.1, gzip", "gzip", "zlib's"),
            ("zstd, gzip;q=0.5", "gzip", "zlib's"),
        ] {
            let answer = try bench.get("/app.js", codings)
            #expect(answer.value("content-encoding") == name && answer.text == text, "\(codings)")
            #expect(
                answer.value("content-type") == "application/javascript"
                    || answer.value("content-type") == "text/javascript")
            #expect(answer.value("vary") == "Accept-Encoding" && answer.value("etag")?.hasPrefix("W/\"") == true)
        }
        for codings in [nil, "zstd", "br;q=0"] {
            let answer = try bench.get("/app.js", codings)
            #expect(answer.value("content-encoding") == nil && answer.text == "code")
            #expect(answer.value("vary") == "Accept-Encoding")
        }
    }

    @Test func anOlderNeighbourIsNotTheFilesForm() throws {
        try bench.host.folder.setModified("www/app.js.br", seconds: 784_111_776)
        #expect(try bench.get("/app.js", "br, gzip").text == "zlib's")
    }

    @Test func whatIsNoFileOrLeadsOutOfTheSiteIsPassedOver() throws {
        let elsewhere = try TestFolder()
        try elsewhere.write("secret", "secret")
        for name in ["app.js.br", "app.js.gz"] { bench.host.folder.remove("www/\(name)") }
        bench.host.folder.makeFolder("www/app.js.br")
        bench.host.folder.makePipe("www/app.js.zst")
        bench.host.folder.makeLink("www/app.js.gz", to: "\(elsewhere.path)/secret")
        for _ in 0..<2 { #expect(try bench.get("/app.js", "br, zstd, gzip").text == "code") }
    }

    @Test func aNewNeighbourTakesThePlaceOfTheOld() throws {
        #expect(try bench.get("/app.js", "br").text == "brotli's")
        try bench.host.folder.write("www/app.js.br", "another")
        #expect(try bench.get("/app.js", "br").text == "another")
        bench.host.folder.remove("www/app.js.br")
        #expect(try bench.get("/app.js", "br").text == "code")
    }

    @Test func neighboursAreNotUsedUnlessTheDirectorySaysSo() throws {
        let usual = try CompressionBench()
        try usual.host.folder.write("www/a.txt.gz", "zlib's")
        #expect(try usual.getOften("/a.txt", "gzip").plainText == CompressionBench.text)
    }
}
