import HTTP1
import Testing

struct ChunkedDecoderTests {
    /// Decodes all of it, handing over `portion` more bytes at a time; nil when the end is missing. The rest is what
    /// stands behind the body.
    func decode(_ text: String, portion: Int = .max, limit: Int = .max) throws -> (body: String, rest: String)? {
        let bytes = Array(text.utf8)
        var decoder = ChunkedDecoder()
        var body: [UInt8] = []
        var position = 0
        var available = min(portion, bytes.count)
        while true {
            let part = Array(bytes[..<available])
            switch try decoder.next(part.span, &position, limit: limit) {
            case .data(let range):
                #expect(range.count <= limit)
                body += part[range]
            case .needsMore:
                guard available < bytes.count else { return nil }
                available = min(bytes.count, available + portion)
            case .end:
                return (String(decoding: body, as: UTF8.self), String(decoding: bytes[position...], as: UTF8.self))
            }
        }
    }

    @Test(arguments: [1, 2, 3, 1000]) func aBodyInPiecesOfAnySizeIsTheSameBody(_ portion: Int) throws {
        let text = "5\r\nhello\r\n6;a=\"b c\"\r\n world\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nGET /"
        let result = try #require(try decode(text, portion: portion))
        #expect(result.body == "hello world0123456789" && result.rest == "GET /")
        #expect(try decode(text, portion: portion, limit: 2)?.body == result.body)
    }

    @Test func aBodyWithoutItsEndIsNotOver() throws {
        for text in ["", "5", "5\r", "5\r\nhel", "5\r\nhello", "5\r\nhello\r", "0\r\n", "0\r\nA: b\r\n", "0\r\n\r"] {
            #expect(try decode(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("5\nhello\r\n0\r\n\r\n", RequestError.lineEnding), ("5\r\nhello\n0\r\n\r\n", .lineEnding),
        ("5\r\nhelloX\r\n0\r\n\r\n", .lineEnding), ("5\r\nhello\r\r0\r\n\r\n", .lineEnding),
        ("5\rx\nhello\r\n0\r\n\r\n", .lineEnding), ("\r\nhello", .number), (" 5\r\nhello\r\n", .number),
        ("5 \r\nhello\r\n", .number), ("+5\r\nhello\r\n", .number), ("-1\r\n", .number), ("0x5\r\nhello\r\n", .number),
        ("g\r\n", .number), ("5,\r\nhello\r\n", .number), ("1000000000000000\r\n", .number),
        ("ffffffffffffffffff\r\n", .number), ("5;a\u{0}\r\nhello\r\n", .header), ("0\r\nno colon\r\n\r\n", .header),
        ("0\r\n A: folded\r\n\r\n", .header), ("0\r\nA : b\r\n\r\n", .header), ("0\r\nA: \u{1}\r\n\r\n", .header),
        ("0\r\nA: b\n\r\n", .lineEnding),
    ])
    func whatIsAmbiguousIsRefused(_ text: String, _ error: RequestError) {
        for portion in [1, 1000] {
            #expect(throws: error) { try decode(text, portion: portion) }
        }
    }

    @Test func sizeLinesAndTrailersHaveAnEnd() {
        #expect(throws: RequestError.requestLength) { try decode("5;" + String(repeating: "a", count: 5000)) }
        let trailers = String(repeating: "A: " + String(repeating: "b", count: 1000) + "\r\n", count: 17)
        #expect(throws: RequestError.requestLength) { try decode("0\r\n" + trailers + "\r\n") }
    }
}
