import HTTP1
import Testing

struct ResponseParserTests {
    struct Seen: Equatable {
        var status: UInt16 = 200
        var reason = "OK"
        var fields: [String] = []
        var body = ParsedResponse.Body.none
        var keepsAlive = true
    }

    func parse(_ text: String, isHead: Bool = false) throws(ResponseError) -> Seen? {
        let bytes = Array(text.utf8)
        var parser = ResponseParser()
        var response = ParsedResponse()
        guard try parser.parse(bytes.span, isHead: isHead, into: &response) else { return nil }
        let text = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
        return Seen(
            status: response.status, reason: text(response.reason),
            fields: response.fields.map { field in
                let value = field.isFolded ? bytes.span.extracting(field.value).unfolded : Array(bytes[field.value])
                return "\(text(field.name))=\(String(decoding: value, as: UTF8.self))"
            }, body: response.body, keepsAlive: response.keepsAlive)
    }

    @Test func aResponseIsTakenApart() throws {
        #expect(
            try parse("HTTP/1.1 404 Not so found \r\nServer: x\r\nX-Empty:\r\nContent-Length:\t12 \r\n\r\nhello")
                == Seen(
                    status: 404, reason: "Not so found ", fields: ["Server=x", "X-Empty=", "Content-Length=12"],
                    body: .length(12)))
    }

    @Test func aHeadThatComesByteForByteIsTheSameHead() throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\nabc".utf8)
        var parser = ResponseParser()
        var response = ParsedResponse()
        var completeAt: Int?
        for count in 0...bytes.count where completeAt == nil {
            let part = Array(bytes[..<count])
            if try parser.parse(part.span, isHead: false, into: &response) { completeAt = count }
        }
        #expect(completeAt == bytes.count - 3 && response.length == bytes.count - 3)
    }

    /// RFC 9112 §2.2, §4, §5.1, §5.2: what clients may let pass.
    @Test(arguments: [
        ("HTTP/1.1 200 OK\nA: b\n\n", ["A=b"]), ("HTTP/1.1 200\r\n\r\n", []), ("HTTP/1.1 200 \r\n\r\n", []),
        ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", ["A=b"]),
        ("HTTP/1.1 200 OK\r\nA: b \r\n \t c\r\n\td\r\nE: f\r\n\r\n", ["A=b c d", "E=f"]),
        ("HTTP/1.1 200 OK\r\nA:\r\n b\r\n\r\n", ["A=b"]), ("HTTP/1.1 200 OK\r\nA: b\r\n \r\n\r\n", ["A=b"]),
        ("HTTP/1.1 200 OK\r\nA: \u{fc}\r\n\r\n", ["A=\u{fc}"]),
    ])
    func clientsAreLenient(_ text: String, _ fields: [String]) throws {
        #expect(try parse(text)?.fields == fields)
    }

    @Test(
        arguments: [
            ("SSH-2.0-x\r\n", .statusLine), ("X", .statusLine), ("HTTP/2 200 OK\r\n\r\n", .statusLine),
            ("HTTP/1.2 200 OK\r\n\r\n", .statusLine), ("HTTP/1.1 20 OK\r\n\r\n", .statusLine),
            ("HTTP/1.1 099 OK\r\n\r\n", .statusLine),
            ("HTTP/1.1 2000 OK\r\n\r\n", .statusLine), ("HTTP/1.1  200 OK\r\n\r\n", .statusLine),
            ("HTTP/1.1\r\n\r\n", .statusLine),
            ("\r\n\r\n", .statusLine), ("HTTP/1.1 200 O\u{0}K\r\n\r\n", .statusLine),
            ("HTTP/1.1 200 OK\r\n\r\n".replacing("OK", with: "O\rK"), .statusLine),
            ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", .field), ("HTTP/1.1 200 OK\r\n: x\r\n\r\n", .field),
            ("HTTP/1.1 200 OK\r\n folded\r\n\r\n", .field), ("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", .field),
            ("HTTP/1.1 200 OK\r\nA: b\u{0}c\r\n\r\n", .field), ("HTTP/1.1 200 OK\r\nA(: b\r\n\r\n", .field),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1234567890123456789\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nA: \(String(repeating: "a", count: 65_536))", .headLength),
        ] as [(String, ResponseError)])
    func whatIsNoResponseIsRefused(_ text: String, _ error: ResponseError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test(arguments: ["", "H", "HTTP/1.1", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n"])
    func whatIsNotWholeIsWaitedFor(_ text: String) throws {
        #expect(try parse(text) == nil)
    }

    /// RFC 9112 §6.3.
    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, .none, true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 7, 7\r\nContent-Length: 7\r\n\r\n", false, .length(7), true),
            ("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", true, .none, true),
            ("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", false, .none, true),
            ("HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n", false, .none, false),
            ("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", false, .none, false),
            ("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", false, .none, true),
            ("HTTP/1.1 100 Continue\r\n\r\n", false, .none, true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", false, .chunked, true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n", false, .chunked, false),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n", false, .chunked, false),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 7\r\n\r\n", false, .length(7), true),
            ("HTTP/1.1 200 OK\r\n\r\n", false, .untilClose, false),
            ("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 7\r\n\r\n", false, .length(7), false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\n", false, .length(7), false),
            ("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 7\r\n\r\n", false, .length(7), true),
        ] as [(String, Bool, ParsedResponse.Body, Bool)])
    func theFieldsSayWhereTheBodyEnds(
        _ text: String, _ isHead: Bool, _ body: ParsedResponse.Body, _ keepsAlive: Bool
    ) throws {
        let seen = try parse(text, isHead: isHead)
        #expect(seen?.body == body && seen?.keepsAlive == keepsAlive)
    }

    @Test func theLengthIsKnownWithoutTheBody() throws {
        var parser = ResponseParser()
        var response = ParsedResponse()
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n".utf8)
        #expect(try parser.parse(bytes.span, isHead: true, into: &response) && response.contentLength == 12)
    }
}
