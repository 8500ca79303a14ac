import EventLoop
import HTTP1
import Testing
import Wire

@testable import Router

/// Expectations from the reference, §8.7.
struct LogLineTests {
    static let remote = Endpoint(address: IPAddress(v4: 0xc633_6407), port: 50123)
    static let local = Endpoint(address: IPAddress(high: 0x2001_0db8_0000_0000, low: 1), port: 8080)
    static let every = LogSettings.Fields(rawValue: 1 << 22 - 1)
    /// IIS's default set.
    static let usual: LogSettings.Fields = [
        .date, .time, .clientIP, .userName, .serverIP, .method, .uriStem, .uriQuery, .timeTaken, .httpStatus,
        .win32Status, .serverPort, .userAgent, .httpSubStatus, .referer,
    ]

    /// 21 November 2026, 13:05:09 UTC.
    func clock() throws -> LogClock {
        let clock = LogClock(WallTime(try EventLoop(clock: { 0 }), { 1_795_266_309 }))
        clock.update()
        return clock
    }

    func entry(_ text: String) throws -> LogEntry {
        let head = Array(text.utf8)
        var request = ParsedRequest()
        var parser = RequestParser()
        var cooker = PathCooker()
        let isWhole = try parser.parse(head.span, into: &request)
        #expect(isWhole)
        try cooker.cook(head.span, request.path)
        var answer = LogEntry.Answer()
        (answer.status, answer.subStatus, answer.win32Status) = (404, 7, 2)
        (answer.sent, answer.received, answer.milliseconds) = (1234, 567, 89)
        return LogEntry(
            siteID: 42, addresses: LoggedAddresses(remote: Self.remote, local: Self.local), head: head,
            request: request, path: cooker.path,
            answer: answer)
    }

    func line(_ text: String, _ fields: LogSettings.Fields) throws -> String {
        var output: [UInt8] = []
        W3CLine.append(try entry(text), fields, .none, try clock(), computer: Array("web 1".utf8), to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func aLineHoldsEveryFieldInTheOrderOfTheHeader() throws {
        let text = try line(
            "GET /a/../caf%C3%A9%20x.html?q=1&r=%20 HTTP/1.1\r\nHost: www.a.test:8080\r\nUSER-AGENT: Mozilla/5.0 (X11)\r\n"
                + "Cookie: a=b; c=d\r\nReferer: http://b.test/\r\n\r\n", Self.every)
        #expect(
            text
                == "2026-11-21 13:05:09 W3SVC42 web+1 2001:db8::1 GET /café+x.html q=1&r=%20 8080 - 198.51.100.7 HTTP/1.1 "
                + "Mozilla/5.0+(X11) a=b;+c=d http://b.test/ www.a.test:8080 404 7 2 1234 567 89\n")
        var header: [UInt8] = []
        LogFormat(LogSettings(directory: "", fields: Self.every)).appendHeader(try clock(), to: &header)
        #expect(
            String(decoding: header, as: UTF8.self) == """
                #Software: Microsoft Internet Information Services 10.0
                #Version: 1.0
                #Date: 2026-11-21 13:05:09
                #Fields: date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip \
                cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes \
                cs-bytes time-taken

                """)
    }

    @Test func whatIsEmptyIsADash() throws {
        let text = try line("GET / HTTP/1.0\r\n\r\n", Self.usual)
        #expect(text == "2026-11-21 13:05:09 2001:db8::1 GET / - 8080 - 198.51.100.7 - - 404 7 2 89\n")
        let names =
            "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
            + "sc-status sc-substatus sc-win32-status time-taken"
        #expect(LogFormat(LogSettings(directory: "", fields: Self.usual)).fieldNames == Array(names.utf8))
    }

    @Test func oneFieldMakesALine() throws {
        #expect(try line("GET / HTTP/1.1\r\nHost: h\r\n\r\n", .httpStatus) == "404\n")
    }

    @Test(
        arguments: [
            ("tab\there", "tab+here"), ("\"quoted\"", "\"quoted\""), ("two  blanks", "two++blanks"),
            // A control character of two bytes, line separators, and a turn of direction.
            ("a\u{85}b", "a%C2%85b"), ("a\u{2028}b", "a%E2%80%A8b"), ("a\u{202e}b", "a%E2%80%AEb"),
            ("a\u{2066}b", "a%E2%81%A6b"), ("a\u{61c}b", "a%D8%9Cb"), ("naïve 𝄞", "naïve+𝄞"),
            ("a\u{2030}b", "a\u{2030}b"),
        ])
    func nobodyForgesALine(_ value: String, _ logged: String) throws {
        #expect(
            try line("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: \(value)\r\n\r\n", [.userAgent, .httpStatus])
                == "\(logged) 404\n")
    }

    @Test func bytesThatAreNoTextAndControlCharactersAreEscaped() {
        for (bytes, logged) in [
            ([0x61, 13, 10, 0x62], "a%0D%0Ab"), ([0x9b, 0x31, 0x6d], "%9B1m"), ([0x61, 0x20, 0xe2, 0x80], "a+%E2%80"),
            ([0, 27, 127], "%00%1B%7F"), ([0x63, 0xc3, 0xa9, 0xff], "c%C3%A9%FF"),
        ] as [([UInt8], String)] {
            var output: [UInt8] = []
            output.append(logged: bytes.span)
            #expect(String(decoding: output, as: UTF8.self) == logged)
        }
    }

    @Test func aLineThatAClientBeginsIsNoDirective() throws {
        #expect(
            try line("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: #Fields: date\r\n\r\n", .userAgent)
                == "%23Fields:+date\n")
    }

    @Test func encodedLineEndsOfAQueryStayEncoded() throws {
        #expect(try line("GET /?a%0d%0ab HTTP/1.1\r\nHost: h\r\n\r\n", [.uriQuery]) == "a%0d%0ab\n")
    }

    @Test func theErrorLogSaysWhoWasRefusedWhatAndWhy() throws {
        var output: [UInt8] = []
        var entry = ErrorEntry(remote: Self.remote, local: Self.local, reason: "QueueFull")
        let clock = try clock()
        ErrorLine.append(entry, clock, to: &output)
        entry.line = .init(guessing: Array("\r\nGET /a b HTTP/1.1\r\nHost: x\r\n".utf8).span)
        ErrorLine.append(entry, clock, to: &output)
        entry.line = .init(guessing: Array("GET /a\u{1}?q HTTP/1.1\r\nHost: x\r\n".utf8).span)
        (entry.status, entry.siteID, entry.queue) = (503, 7, "My Pool")
        ErrorLine.append(entry, clock, to: &output)
        #expect(
            String(decoding: output, as: UTF8.self) == """
                2026-11-21 13:05:09 198.51.100.7 50123 2001:db8::1 8080 - - - - - QueueFull -
                2026-11-21 13:05:09 198.51.100.7 50123 2001:db8::1 8080 - - - - - QueueFull -
                2026-11-21 13:05:09 198.51.100.7 50123 2001:db8::1 8080 HTTP/1.1 GET /a%01?q 503 7 QueueFull My+Pool

                """)
        #expect(
            ErrorLine.names
                == "date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename"
        )
    }
}
