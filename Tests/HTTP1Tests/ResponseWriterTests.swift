import HTTP1
import Testing

struct ResponseWriterTests {
    func written(_ write: (inout [UInt8]) -> Void) -> String {
        var output: [UInt8] = []
        write(&output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func aStatusLineHasTheUsualReasonUnlessAnotherIsGiven() {
        let (none, own) = (Array("".utf8), Array("Gone fishing".utf8))
        #expect(
            written { ResponseWriter.appendStatusLine(404, reason: none.span, to: &$0) } == "HTTP/1.1 404 Not Found\r\n"
        )
        #expect(
            written { ResponseWriter.appendStatusLine(404, reason: own.span, to: &$0) }
                == "HTTP/1.1 404 Gone fishing\r\n")
        #expect(written { ResponseWriter.appendStatusLine(299, reason: none.span, to: &$0) } == "HTTP/1.1 299 \r\n")
    }

    @Test(arguments: [
        (1, "1\r\n"), (15, "f\r\n"), (16, "10\r\n"), (255, "ff\r\n"), (65536, "10000\r\n"), (0xabcdef, "abcdef\r\n"),
    ])
    func aChunkSizeIsHexadecimal(_ count: Int, _ line: String) {
        #expect(written { ResponseWriter.appendChunkSize(count, to: &$0) } == line)
    }

    @Test(arguments: [("X", "a\r\nSet-Cookie: b"), ("X", "a\nb"), ("X", "\u{0}"), ("X Y", "a"), ("X:", "a"), ("", "a")])
    func aFieldThatWouldSplitTheResponseIsNotWritten(_ name: String, _ value: String) {
        let (name, value) = (Array(name.utf8), Array(value.utf8))
        var output = Array("before".utf8)
        let isWritten = ResponseWriter.appendField(name.span, value.span, to: &output)
        #expect(!isWritten && output == Array("before".utf8))
    }

    @Test func aFieldIsWrittenAsItIs() {
        let (name, value) = (Array("X-é".utf8.prefix(3)).filter { $0 < 128 }, Array("a\tü".utf8))
        #expect(written { _ = ResponseWriter.appendField(name.span, value.span, to: &$0) } == "X-: a\tü\r\n")
    }

    @Test(arguments: [(UInt64(0), "Content-Length: 0\r\n"), (UInt64.max, "Content-Length: 18446744073709551615\r\n")])
    func aLengthIsDecimal(_ length: UInt64, _ line: String) {
        #expect(written { ResponseWriter.appendContentLength(length, to: &$0) } == line)
    }
}
