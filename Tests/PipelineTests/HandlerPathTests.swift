import Testing

@testable import Pipeline

/// Reference §5.2, *Handlers*.
struct HandlerPathTests {
    struct Example: CustomTestStringConvertible {
        let pattern: String
        let path: String
        let matches: Bool
        var testDescription: String { "\(pattern) \(matches ? "takes" : "leaves") \(path)" }
    }

    static let examples = [
        Example(pattern: "*", path: "/", matches: true),
        Example(pattern: "*", path: "/a/b.txt", matches: true),
        Example(pattern: "*.aspx", path: "/shop/Default.ASPX", matches: true),
        Example(pattern: "*.aspx", path: "/shop/default.aspx.txt", matches: false),
        Example(pattern: "*.aspx", path: "/shop.aspx/file.txt", matches: false),
        Example(pattern: "*.", path: "/shop/about", matches: true),
        Example(pattern: "*.", path: "/v1.2/about", matches: true),
        Example(pattern: "*.", path: "/", matches: true),
        Example(pattern: "*.", path: "/about.htm", matches: false),
        Example(pattern: "server.js", path: "/server.js", matches: true),
        Example(pattern: "server.js", path: "/api/SERVER.JS", matches: true),
        Example(pattern: "server.js", path: "/myserver.js", matches: false),
        Example(pattern: "bin/www", path: "/bin/www", matches: true),
        Example(pattern: "bin/www", path: "/app/bin/www", matches: true),
        Example(pattern: "bin/www", path: "/cabin/www", matches: false),
        Example(pattern: "/api/*", path: "/api/orders/7", matches: true),
        Example(pattern: "/api/*", path: "/apis", matches: false),
        Example(pattern: "/api/*", path: "/v2/api/orders", matches: false),
        Example(pattern: "api/*", path: "/api/orders/7", matches: true),
        Example(pattern: "api/*", path: "/v2/api/orders/7", matches: true),
        Example(pattern: "api/*", path: "/myapi/orders", matches: false),
        Example(pattern: "service*", path: "/service/orders/7", matches: true),
        Example(pattern: "service*", path: "/myservice/orders", matches: false),
        Example(pattern: "*/admin.axd", path: "/a/b/ADMIN.axd", matches: true),
        Example(pattern: "*/admin.axd", path: "/badmin.axd", matches: false),
        Example(pattern: "Service*", path: "/services", matches: true),
        Example(pattern: "*_AppService.axd", path: "/Auth_AppService.axd", matches: true),
        Example(pattern: "*.htm, *.html", path: "/a.html", matches: true),
        Example(pattern: "*.htm,*.html", path: "/a.txt", matches: false),
    ]

    @Test(arguments: examples)
    func aPatternTakesWhatTheReferenceSays(_ example: Example) {
        let path = Array(example.path.utf8)
        let matches = HandlerPath(example.pattern).matches(path.span)
        #expect(matches == example.matches)
    }

    @Test
    func whatFollowsAScriptIsPathInformation() {
        let path = Array("/cgi/run.exe/extra/path".utf8)
        let length = HandlerPath("*.exe").scriptLength(in: path.span)
        let other = HandlerPath("*.dll").scriptLength(in: path.span)
        #expect(length == "/cgi/run.exe".utf8.count)
        #expect(other == nil)
    }

    @Test
    func manyStarsEndInReasonableTime() {
        let text = Array(repeating: UInt8(ascii: "a"), count: 4096)
        let pattern = Array("*a*a*a*a*a*a*a*b".utf8)
        let matches = Wildcard(pattern).matches(text.span)
        #expect(!matches)
    }
}
