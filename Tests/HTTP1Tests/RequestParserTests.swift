import HTTP1
import Testing

struct RequestParserTests {
    /// A parsed request as text.
    struct Seen: Equatable {
        var method = ""
        var target = ""
        var path = ""
        var query = ""
        var host = ""
        var fields: [String] = []
        var body = ParsedRequest.Body.none
        var keepsAlive = true
        var length = 0
    }

    func parse(_ text: String) throws(RequestError) -> Seen? { try parse(Array(text.utf8)) }

    func parse(_ bytes: [UInt8]) throws(RequestError) -> Seen? {
        var parser = RequestParser()
        var request = ParsedRequest()
        guard try parser.parse(bytes.span, into: &request) else { return nil }
        let text = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
        return Seen(
            method: text(request.method), target: text(request.target), path: text(request.path),
            query: text(request.query), host: text(request.host),
            fields: request.fields.map { "\(text($0.name))=\(text($0.value))" }, body: request.body,
            keepsAlive: request.keepsAlive, length: request.length)
    }

    @Test func aRequestIsTakenApart() throws {
        let text = "GET /a/b%20c?x=1?y HTTP/1.1\r\nHost: www.Example.com:8080\r\nAccept:  */*\t \r\nX-Empty:\r\n\r\n"
        #expect(
            try parse(text + "GET /next")
                == Seen(
                    method: "GET", target: "/a/b%20c?x=1?y", path: "/a/b%20c", query: "x=1?y",
                    host: "www.Example.com", fields: ["Host=www.Example.com:8080", "Accept=*/*", "X-Empty="],
                    length: text.utf8.count))
    }

    @Test func aHeadThatComesByteForByteIsTheSameHead() throws {
        let bytes = Array("\r\nPUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc".utf8)
        var parser = RequestParser()
        var request = ParsedRequest()
        var completeAt: Int?
        for count in 0...bytes.count where completeAt == nil {
            let part = Array(bytes[..<count])
            if try parser.parse(part.span, into: &request) { completeAt = count }
        }
        #expect(completeAt == bytes.count - 3 && request.length == bytes.count - 3 && request.body == .length(3))
    }

    @Test func anAbsoluteTargetNamesTheHostInsteadOfTheField() throws {
        let seen = try parse("GET http://a.test:81?q HTTP/1.1\r\nHost: b.test\r\n\r\n")
        #expect(seen?.host == "a.test" && seen?.path == "" && seen?.query == "q")
        #expect(try parse("GET HTTPS://a.test/x HTTP/1.1\r\nHost: b\r\n\r\n")?.path == "/x")
    }

    @Test func anAsteriskIsForOptionsOnly() throws {
        #expect(try parse("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")?.path == "*")
        #expect(throws: RequestError.url) { try parse("GET * HTTP/1.1\r\nHost: h\r\n\r\n") }
        #expect(throws: RequestError.url) { try parse("OPTIONS *x HTTP/1.1\r\nHost: h\r\n\r\n") }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", true),
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade, Close\r\n\r\n", false),
        ("GET / HTTP/1.0\r\n\r\n", false),
        ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true),
        ("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false),
    ])
    func connectionsLiveOnByVersionAndField(_ text: String, _ keepsAlive: Bool) throws {
        #expect(try parse(text)?.keepsAlive == keepsAlive)
    }

    @Test(arguments: ["h", "a-b.c_d", "192.0.2.1", "[2001:db8::1]", "[::ffff:1.2.3.4]:80", "h:", "h:65535", "h."])
    func hostsThatAreHostNamesAreTaken(_ host: String) throws {
        #expect(try parse("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") != nil)
    }

    @Test func aDotAtTheEndOfAHostDoesNotCount() throws {
        #expect(try parse("GET / HTTP/1.1\r\nHost: a.test.:80\r\n\r\n")?.host == "a.test")
    }

    @Test(arguments: [
        "h:65536", "h:+1", "h:1x", "h:123456", "a b", "a/b", "a@b", "a,b", "[::1", "[]", "[x]", "::1", "é", "a\\b", "?",
    ])
    func hostsThatAreNoneAreRefused(_ host: String) {
        #expect(throws: RequestError.hostname) { try parse("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") }
    }

    /// Every family that request smuggling lives on, and what else is no request.
    @Test(arguments: [
        // Lengths that contradict, or are said twice.
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", RequestError.header),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", .header),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", .header),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", .header),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\n", .number),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\n", .number),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n", .number),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x5\r\n\r\n", .number),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5 5\r\n\r\n", .number),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", .number),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", .number),
        // Transfer codings in disguise.
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n", .notImplemented),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n", .notImplemented),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .notImplemented),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", .notImplemented),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", .header),
        ("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", .header),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n", .header),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding\t: chunked\r\n\r\n", .header),
        ("POST / HTTP/1.1\r\nHost: h\r\nX: y\r\n Transfer-Encoding: chunked\r\n\r\n", .header),
        ("POST / HTTP/1.1\r\nHost: h\r\n\u{b}Transfer-Encoding: chunked\r\n\r\n", .header),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \u{b}chunked\r\n\r\n", .header),
        // Line ends.
        ("GET / HTTP/1.1\nHost: h\r\n\r\n", .lineEnding),
        ("GET / HTTP/1.1\r\nHost: h\n\r\n", .lineEnding),
        ("GET / HTTP/1.1\r\nHost: h\r\n\n", .lineEnding),
        ("GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\r\nHost: h\r\n\r\n", .badRequest),
        ("\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", .lineEnding),
        // Fields.
        ("GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\n Host: h\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n\tb\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\nHost: h\r\nX(: a\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: a\u{0}b\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\nHost: h\r\nX\u{0}: b\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: \u{7f}\r\n\r\n", .header),
        ("GET / HTTP/1.1\r\nHost: h\r\nÉ: b\r\n\r\n", .header),
        // Hosts.
        ("GET / HTTP/1.1\r\n\r\n", .hostname),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .hostname),
        ("GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", .hostname),
        ("GET http://a/ HTTP/1.1\r\n\r\n", .hostname),
        ("GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n", .hostname),
        ("GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", .hostname),
        ("GET http://user@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .hostname),
        // Request lines.
        ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", .url),
        ("GET / x HTTP/1.1\r\nHost: h\r\n\r\n", .badRequest),
        ("GET /  HTTP/1.1\r\nHost: h\r\n\r\n", .badRequest),
        ("GET /#a HTTP/1.1\r\nHost: h\r\n\r\n", .url),
        // CONNECT has a host and a port for a target, and no body: readers differ about one with a path and a length.
        ("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", .url),
        ("CONNECT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n", .url),
        ("CONNECT http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", .url),
        ("GET /\u{0} HTTP/1.1\r\nHost: h\r\n\r\n", .url),
        ("GET x HTTP/1.1\r\nHost: h\r\n\r\n", .url),
        ("GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", .verb),
        (" GET / HTTP/1.1\r\nHost: h\r\n\r\n", .verb),
        ("G@T / HTTP/1.1\r\nHost: h\r\n\r\n", .verb),
        ("GET /\r\n\r\n", .url),
        ("GET / HTTP/1.1 \r\nHost: h\r\n\r\n", .badRequest),
        ("GET / http/1.1\r\nHost: h\r\n\r\n", .badRequest),
        ("GET / HTTP/1,1\r\nHost: h\r\n\r\n", .badRequest),
        ("GET / HTTP/01.1\r\nHost: h\r\n\r\n", .badRequest),
        ("GET / HTTP/1.2\r\nHost: h\r\n\r\n", .version),
        ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", .version),
        ("PRI * HTTP/2.0\r\n\r\n", .version),
        // What a request must say.
        ("POST / HTTP/1.1\r\nHost: h\r\n\r\n", .lengthRequired),
        ("PUT / HTTP/1.0\r\n\r\n", .lengthRequired),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: tea\r\n\r\n", .expectation),
    ])
    func whatIsAmbiguousIsRefused(_ text: String, _ error: RequestError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test func aHeadOf16384BytesIsTakenAndOneMoreIsNot() throws {
        let frame = "GET / HTTP/1.1\r\nHost: h\r\nX: \r\n\r\n"
        let value = String(repeating: "a", count: 16384 - frame.utf8.count)
        let longest = "GET / HTTP/1.1\r\nHost: h\r\nX: \(value)\r\n\r\n"
        #expect(try parse(longest)?.length == 16384)
        #expect(throws: RequestError.requestLength) {
            try parse("GET / HTTP/1.1\r\nHost: h\r\nX: \(value)a\r\n\r\n")
        }
        #expect(throws: RequestError.urlLength) { try parse("GET /" + String(repeating: "a", count: 16384)) }
    }

    @Test func moreFieldsThanCanBePassedOnAreRefused() {
        let fields = String(repeating: "a:\r\n", count: 2001)
        #expect(throws: RequestError.requestLength) { try parse("GET / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n") }
    }

    /// Which bytes a name, a value, a target may hold, byte for byte, against the grammar of RFC 9110 and 9112.
    @Test func everyByteIsWhereTheGrammarHasIt() {
        let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        let (start, middle, end) = (
            Array("GET /".utf8), Array(" HTTP/1.1\r\nHost: h\r\nX".utf8), Array("\r\n\r\n".utf8)
        )
        for byte in UInt8.min...UInt8.max where byte != 10 && byte != 13 {
            let inName = (try? parse(start + middle + [byte] + Array(":".utf8) + end)) != nil
            #expect(inName == (token.contains(byte) || byte == UInt8(ascii: ":")), "name \(byte)")
            let inValue = (try? parse(start + middle + Array(":a".utf8) + [byte] + Array("a".utf8) + end)) != nil
            #expect(inValue == (byte == 9 || (byte >= 32 && byte != 127)), "value \(byte)")
            let inTarget = (try? parse(start + [byte] + middle + Array(":".utf8) + end)) != nil
            #expect(inTarget == (byte > 32 && byte != 127 && byte != UInt8(ascii: "#")), "target \(byte)")
        }
    }
}
