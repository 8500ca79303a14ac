import HTTP1
import Testing

/// RFC 9110 §5.6.7. Expected numbers: `date -u -d @N`.
struct HTTPDateParsingTests {
    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_164_799, "Wed, 28 Feb 2024 23:59:59 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(Int64, String)])
    func aDateIsReadAsItIsWritten(_ seconds: Int64, text: String) {
        #expect(String(decoding: HTTPDate.bytes(seconds: seconds), as: UTF8.self) == text)
        #expect(parse(text) == seconds)
    }

    @Test(arguments: ["Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
    func olderFormsAreRead(_ text: String) {
        #expect(parse(text) == 784_111_777)
    }

    @Test(arguments: [
        "", "Sun, 06 Nov 1994 08:49:37", "Sun, 31 Feb 1994 08:49:37 GMT", "Thu, 29 Feb 2100 00:00:00 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Abc 1994 08:49:37 GMT",
        "Sun, +6 Nov 1994 08:49:37 GMT", "784111777", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
    ])
    func whatIsNoDateIsNone(_ text: String) {
        #expect(parse(text) == nil)
    }

    private func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return HTTPDate.seconds(bytes.span)
    }
}
