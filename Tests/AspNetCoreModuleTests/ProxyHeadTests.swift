import EventLoop
import HTTP1
import Pipeline
import PipelineTesting
import Platform
import Testing
import Wire

@testable import AspNetCoreModule

/// Reference §13.1 and §13.2, as tables.
struct ProxyHeadTests {
    func head(_ request: TestRequest, upgrades: Bool = false) throws -> [String] {
        var output: [UInt8] = []
        BackendRequestWriter.append(
            try request.head(), token: "T", address: .tcp(.loopback(port: 5000)), upgrades: upgrades, to: &output)
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.hasSuffix("\r\n\r\n"))
        return text.dropLast(2).split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test(arguments: [
        ("/", "/", "/"), ("/a/b.c~d_e-f", "/a/b.c~d_e-f", "/a/b.c~d_e-f"), ("/a%20b", "/a b", "/a%20b"),
        ("/a%3Fb?c=%3F?d", "/a?b", "/a%3Fb?c=%3F?d"), ("/100%25", "/100%", "/100%25"), ("/%C3%BC", "/ü", "/%C3%BC"),
        ("/a%23%22%5B", "/a#\"[", "/a%23%22%5B"), ("/!$&'()*+,;=:@", "/!$&'()*+,;=:@", "/!$&'()*+,;=:@"),
        ("/x/../a?", "/a", "/a"),
    ])
    func thePathIsTheCookedOneEncodedAnew(_ target: String, _ path: String, _ expected: String) throws {
        #expect(try head(TestRequest(target, path: path))[0] == "GET \(expected) HTTP/1.1")
    }

    @Test func anAsteriskStays() throws {
        var request = TestRequest("*", path: "*")
        request.method = "OPTIONS"
        #expect(try head(request)[0] == "OPTIONS * HTTP/1.1")
    }

    @Test func fieldsOfTheConnectionAndOfTheModuleAreNotTheClients() throws {
        var request = TestRequest("/")
        request.headers = [
            ("host", "a.test:8080"), ("Connection", "close"), ("Keep-Alive", "5"), ("Proxy-Connection", "x"),
            ("TE", "trailers"),
            ("Trailer", "X"), ("Upgrade", "h2c"), ("Expect", "100-continue"), ("ms-aspnetcore-token", "forged"),
            ("MS-ASPNETCOREwhatever", "forged"), ("MS-ASPNETCOR", "own"), ("X-Empty", ""), ("Cookie", "a=1"),
            ("Cookie", "b=2"),
            ("Content-Length", "5"), ("Transfer-Encoding", "chunked"),
        ]
        #expect(
            try head(request) == [
                "GET / HTTP/1.1", "host: a.test:8080", "MS-ASPNETCOR: own", "X-Empty: ", "Cookie: a=1", "Cookie: b=2",
                "X-Forwarded-For: 203.0.113.9:50000", "X-Forwarded-Proto: http", "MS-ASPNETCORE-TOKEN: T",
                "Content-Length: 0",
            ])
    }

    @Test func whoAskedBeforeIsNamedFirst() throws {
        var request = TestRequest("/")
        request.headers += [
            ("X-Forwarded-For", "192.0.2.7"), ("x-forwarded-for", "192.0.2.8, 192.0.2.9"),
            ("X-Forwarded-Proto", "https"),
        ]
        request.remote = IPAddress(high: 0x2001_0db8_0000_0000, low: 1)
        request.scheme = .https
        let lines = try head(request)
        #expect(lines.contains("X-Forwarded-For: 192.0.2.7, 192.0.2.8, 192.0.2.9, [2001:db8::1]:50000"))
        #expect(lines.contains("X-Forwarded-Proto: https, https"))
    }

    @Test func aBodyIsFramedAsTheRouterFoundIt() throws {
        var request = TestRequest("/")
        request.body = .length(12)
        #expect(try head(request).last == "Content-Length: 12")
        request.body = .chunked
        #expect(try head(request).last == "Transfer-Encoding: chunked")
        #expect(try head(TestRequest("/"), upgrades: true).suffix(2) == ["Connection: Upgrade", "Upgrade: websocket"])
    }

    /// RFC 9112 §3.2.2: an absolute target's host counts; without any there is still one.
    @Test func thereIsExactlyOneHost() throws {
        var request = TestRequest("http://a.test:81/x", path: "/x")
        request.headers = [("Host", "b.test")]
        #expect(try head(request).filter { $0.lowercased().hasPrefix("host:") } == ["Host: a.test:81"])
        request = TestRequest("/")
        request.headers = []
        #expect(try head(request)[1] == "Host: 127.0.0.1:5000")
    }

    @Test(
        arguments: [
            ("Age", .known(0)), ("Via", .known(1)), ("X-Y", .repeatable), ("Date", .dropped), ("etag", .known(2)),
            ("VARY", .known(3)),
            ("Allow", .known(4)), ("Server", .server), ("Pragma", .known(5)), ("Upgrade", .dropped),
            ("Trailer", .dropped),
            ("Expires", .known(6)), ("Warning", .known(7)), ("Location", .known(8)), ("Connection", .connection),
            ("Keep-Alive", .dropped), ("Set-Cookie", .repeatable), ("Content-MD5", .known(9)),
            ("Retry-After", .known(10)),
            ("Content-Type", .known(11)), ("Last-Modified", .known(12)), ("Content-Range", .known(13)),
            ("Cache-Control", .known(14)), ("Accept-Ranges", .known(15)), ("Content-Length", .dropped),
            ("WWW-Authenticate", .repeatable), ("Proxy-Connection", .dropped), ("Content-Location", .known(16)),
            ("Content-Encoding", .known(17)), ("Content-Language", .known(18)), ("Transfer-Encoding", .dropped),
            ("Proxy-Authenticate", .known(19)), ("Strict-Transport-Security", .repeatable),
        ] as [(String, BackendResponseField)])
    func fieldsOfAnswersHaveTheirRules(_ name: String, _ expected: BackendResponseField) {
        let bytes = Array(name.utf8)
        #expect(BackendResponseField(bytes.span) == expected)
    }

    @Test func anAnswersHeadBecomesOurs() throws {
        let driver = try ProxyDriver()
        driver.prepare = { $0.response.headers.append("Vary", "Origin") }
        driver.rules.forwardsConnectionHeader = true
        let call = try driver.get()
        let head =
            "HTTP/1.1 201 Made\r\nServer: K\r\nDate: x\r\nConnection: close\r\nKeep-Alive: 1\r\nVary: A\r\nContent-Type: a/b\r\n"
            + "Set-Cookie: a\r\ncontent-type: c/d\r\nset-cookie: b\r\nX: 1\r\nX: 2\r\n  folded\r\n\tand more\r\nWWW-Authenticate: N\r\n"
            + "WWW-Authenticate: B\r\nTrailer: t\r\nContent-Length: 0\r\n\r\n"
        try #require(driver.request()).say(head)
        #expect(driver.wait { call.isOver })
        var fields: [String] = []
        var position = 0
        let headers = call.sink.head?.headers ?? HeaderBlock()
        while let field = headers.next(&position) {
            fields.append(
                String(decoding: [UInt8](copying: field.name), as: UTF8.self) + "="
                    + String(decoding: [UInt8](copying: field.value), as: UTF8.self))
        }
        #expect(
            fields == [
                "Server=K", "Vary=A", "Set-Cookie=a", "content-type=c/d", "set-cookie=b", "X=1", "X=2 folded and more",
                "WWW-Authenticate=N", "WWW-Authenticate=B",
            ])
        #expect(call.sink.head?.closesConnection == true && call.sink.head?.reason == Array("Made".utf8))
    }
}
