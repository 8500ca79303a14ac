import Modules
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

/// Parts of files (RFC 9110, 14), of those in memory and of those that are open.
struct RangeTests {
    static let small = Array("0123456789".utf8)
    static let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let services = TestServices()
    let host: TestHost

    init() throws {
        host = try TestHost(BuiltInModules.definitions(files: FileCache(), services: services))
        try host.folder.write("www/small.txt", bytes: Self.small)
        try host.folder.write("www/large.bin", bytes: Self.large)
    }

    private func content(_ path: String) -> [UInt8] { path == "/small.txt" ? Self.small : Self.large }

    @Test(arguments: ["/small.txt", "/large.bin"])
    func onePartIsSentAs206(_ path: String) throws {
        let content = content(path)
        let whole = try host.get(path)
        #expect(whole.value("accept-ranges") == "bytes")
        #expect(whole.body == content)
        let answer = try host.get(path, headers: [("Range", "bytes=2-5")])
        #expect(answer.status == 206)
        #expect(answer.body == Array(content[2...5]))
        #expect(answer.head?.contentLength == 4)
        #expect(answer.value("content-range") == "bytes 2-5/\(content.count)")
        #expect(answer.value("content-type") == whole.value("content-type"))
        #expect(answer.value("etag") == whole.value("etag"))
        #expect(answer.value("last-modified") == whole.value("last-modified"))
        #expect(answer.hasEnded)
        let tail = try host.get(path, headers: [("Range", "bytes=-3")])
        #expect(tail.body == Array(content.suffix(3)))
        #expect(tail.value("content-range") == "bytes \(content.count - 3)-\(content.count - 1)/\(content.count)")
    }

    @Test(arguments: ["/small.txt", "/large.bin"])
    func severalPartsAreAMessageOfTheirOwn(_ path: String) throws {
        let content = content(path)
        let answer = try host.get(path, headers: [("Range", "bytes=0-0,4-6,-2")])
        #expect(answer.status == 206)
        let type = try #require(answer.value("content-type"))
        #expect(type.hasPrefix("multipart/byteranges; boundary="))
        let boundary = type.split(separator: "=")[1]
        let plain = try #require(try host.get(path).value("content-type"))
        let count = content.count
        var expected: [UInt8] = []
        for part in [0..<1, 4..<7, count - 2..<count] {
            expected += "--\(boundary)\r\nContent-Type: \(plain)\r\n".utf8
            expected += "Content-Range: bytes \(part.lowerBound)-\(part.upperBound - 1)/\(count)\r\n\r\n".utf8
            expected += content[part]
            expected += "\r\n".utf8
        }
        expected += "--\(boundary)--\r\n".utf8
        #expect(answer.body == expected)
        #expect(answer.head?.contentLength == UInt64(expected.count))
        #expect(answer.value("content-range") == nil)
        #expect(answer.hasEnded)
    }

    @Test
    func partsOfALargeFileComeAsTheClientTakesThem() throws {
        var request = TestRequest("/large.bin")
        request.headers.append(("Range", "bytes=0-99999,200000-299999"))
        let sink = RecordingSink(credit: 50_000)
        let context = try #require(try host.begin(request, sink))
        #expect(sink.body.count == 50_000)
        sink.credit = .max
        context.resumeSending()
        #expect(sink.hasEnded)
        #expect(sink.body.count == Int(try #require(sink.head?.contentLength)))
        #expect(sink.text.utf8.count > 200_000)
    }

    @Test
    func partsOfAFileThatShrinksBreakOff() throws {
        var request = TestRequest("/large.bin")
        request.headers.append(("Range", "bytes=0-99999,200000-299999"))
        let sink = RecordingSink(credit: 50_000)
        let context = try #require(try host.begin(request, sink))
        host.folder.truncate("www/large.bin", to: 70_000)
        sink.credit = .max
        context.resumeSending()
        #expect(sink.hasFailed)
        #expect(!sink.hasEnded)
    }

    @Test(arguments: ["/small.txt", "/large.bin"])
    func aPartThatIsNotThereIs416WithTheLength(_ path: String) throws {
        let answer = try host.get(path, headers: [("Range", "bytes=300000-")])
        #expect(answer.status == 416)
        #expect(answer.value("content-range") == "bytes */\(content(path).count)")
        #expect(answer.hasEnded)
    }

    @Test(arguments: ["bytes=x", "bytes=5-1", "lines=0-1", "bytes=0-,0-,0-"])
    func whatIsNoRangeGetsTheWhole(_ range: String) throws {
        let answer = try host.get("/small.txt", headers: [("Range", range)])
        #expect(answer.status == 200)
        #expect(answer.body == Self.small)
    }

    @Test
    func twoRangeFieldsCountForNothing() throws {
        let answer = try host.get("/small.txt", headers: [("Range", "bytes=0-0"), ("Range", "bytes=1-1")])
        #expect(answer.status == 200)
    }

    @Test
    func onlyGetHasParts() throws {
        var request = TestRequest("/small.txt")
        request.method = "HEAD"
        request.headers.append(("Range", "bytes=0-0"))
        let answer = try host.send(request)
        #expect(answer.status == 200)
        #expect(answer.head?.contentLength == 10)
        #expect(answer.body.isEmpty)
    }

    @Test
    func ifRangeLetsOnlyAPartOfTheSameStateBeSent() throws {
        let tag = try #require(try host.get("/small.txt").value("etag"))
        for (value, status) in [
            (tag, 206), ("W/\(tag)", 200), ("\"other\"", 200), ("Sun, 06 Nov 1994 08:49:37 GMT", 206),
            ("Sun, 06 Nov 1994 08:49:38 GMT", 200), ("Sun, 06 Nov 1994 08:49:36 GMT", 200), ("*", 200), ("", 200),
        ] {
            let answer = try host.get("/small.txt", headers: [("Range", "bytes=0-0"), ("If-Range", value)])
            #expect(answer.status == status, "\(value)")
        }
        // Without a range it says nothing.
        #expect(try host.get("/small.txt", headers: [("If-Range", "\"other\"")]).status == 200)
    }

    @Test
    func aDateOfThisVerySecondIsNoValidatorForParts() throws {
        let now = FileStamp.now() / 1_000_000_000
        try host.folder.setModified("www/small.txt", seconds: Int(now) + 1)
        let date = try #require(try host.get("/small.txt").value("last-modified"))
        let answer = try host.get("/small.txt", headers: [("Range", "bytes=0-0"), ("If-Range", date)])
        #expect(answer.status == 200)
    }

    @Test
    func conditionsGoBeforeRanges() throws {
        let tag = try #require(try host.get("/small.txt").value("etag"))
        let range = ("Range", "bytes=0-0")
        #expect(try host.get("/small.txt", headers: [range, ("If-None-Match", tag)]).status == 304)
        #expect(try host.get("/small.txt", headers: [range, ("If-Match", "\"other\"")]).status == 412)
        #expect(try host.get("/small.txt", headers: [range, ("If-Match", tag)]).status == 206)
        // A part that is not there does not matter to a client that has the whole.
        #expect(
            try host.get("/small.txt", headers: [("Range", "bytes=99-"), ("If-None-Match", tag)]).status == 304)
    }

    @Test
    func anEmptyFileHasNoParts() throws {
        try host.folder.write("www/empty.txt", "")
        for range in ["bytes=0-", "bytes=-1", "bytes=0-0"] {
            let answer = try host.get("/empty.txt", headers: [("Range", range)])
            #expect(answer.status == 200)
            #expect(answer.head?.contentLength == 0)
        }
    }
}
