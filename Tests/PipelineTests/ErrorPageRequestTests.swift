import PipelineTesting
import Testing
import Wire

@testable import Pipeline

/// The request that asks for an error's page in the place of the one that went wrong.
struct ErrorPageRequestTests {
    private func request(_ method: String) throws -> RequestHead {
        var request = TestRequest("/upload?old=1", path: "/upload")
        request.method = method
        request.body = .length(7)
        request.headers += [
            ("Content-Length", "7"), ("If-None-Match", "\"a\""), ("Range", "bytes=0-1"), ("Accept-Language", "de"),
        ]
        return try request.head()
    }

    @Test
    func itIsAGetWithoutBodyConditionsAndRanges() throws {
        let head = try request("POST").forErrorPage(query: Array("404;http://a/".utf8), withCredentials: true)
        #expect([UInt8](copying: head.method) == Array("GET".utf8))
        #expect(head.body == .none)
        #expect([UInt8](copying: head.query) == Array("404;http://a/".utf8))
        #expect(head.field("if-none-match") == nil)
        #expect(head.field("range") == nil)
        #expect(head.field("content-length") == nil)
        let language = try #require(head.field("accept-language"))
        #expect([UInt8](copying: head.value(ofField: language)) == Array("de".utf8))
        #expect([UInt8](copying: head.target) == Array("/upload?old=1".utf8))
        #expect(head.fieldCount == 2)
    }

    @Test
    func headStaysHead() throws {
        let head = try request("HEAD").forErrorPage(query: [], withCredentials: false)
        #expect([UInt8](copying: head.method) == Array("HEAD".utf8))
        #expect([UInt8](copying: head.query).isEmpty)
    }

    @Test
    func theWholeAddressNamesThePortWhereItIsWanted() throws {
        let head = try TestRequest("/a?b").head()
        #expect(head.url() == Array("http://www.example.com/a?b".utf8))
        #expect(head.url(withPort: true) == Array("http://www.example.com:80/a?b".utf8))
        var other = TestRequest("/")
        other.headers = [("Host", "[::1]:8080")]
        #expect(try other.head().url(withPort: true) == Array("http://[::1]:8080/".utf8))
        other.headers = [("Host", "[::1]")]
        #expect(try other.head().url(withPort: true) == Array("http://[::1]:80/".utf8))
    }
}
