import PipelineTesting
import Testing
import Wire

@testable import Pipeline

/// Expectations from Microsoft's table "IIS Server Variables", its article on the parts of a URL in URL Rewrite, and
/// RFC 3875.
struct ServerVariablesTests {
    /// Lets in who says so, does what the test wants, and answers.
    final class Asking: Module {
        let action: (RequestContext) -> Void

        init(_ action: @escaping (RequestContext) -> Void) { self.action = action }

        func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
            if stage.notification == .authenticateRequest {
                let name = request.serverVariables["HTTP_X_NAME"].map { String(decoding: $0, as: UTF8.self) }
                request.user =
                    name.map { .authenticated(AuthenticatedUser(name: $0, roles: [], scheme: "Basic")) } ?? .anonymous
                return .continue
            }
            action(request)
            request.response.set(status: 200)
            return .finishRequest
        }
    }

    final class Values { var texts: [String: String] = [:] }

    private func host(_ action: @escaping (RequestContext) -> Void) throws -> TestHost {
        let definition = ModuleDefinition(name: "M", sections: [], stages: .on(.authenticateRequest)) { _ in
            Asking(action)
        }
        let host = try TestHost(
            [definition],
            server: """
                <system.webServer>
                  <globalModules><clear/><add name="M"/></globalModules><modules><clear/><add name="M"/></modules>
                  <handlers accessPolicy="Script"><clear/>
                    <add name="CGI" path="*.cgi" verb="*" modules="M" resourceType="File" allowPathInfo="true"/>
                    <add name="Rest" path="*" verb="*" modules="M"/>
                  </handlers>
                </system.webServer>
                """,
            applications: """
                <application path="/shop" applicationPool="Pool">
                  <virtualDirectory path="/" physicalPath="FOLDER/shop"/>
                </application>
                """)
        host.folder.makeFolder("shop")
        try host.folder.write("www/run.cgi", "")
        try host.folder.write("shop/run.cgi", "")
        return host
    }

    /// What the variables of those names say of the request; `-` where there is none.
    private func values(_ request: TestRequest, _ names: [String]) throws -> (texts: [String: String], folder: String) {
        let values = Values()
        let host = try host { request in
            for name in names {
                let value = request.serverVariables[ServerVariableName(name)]
                values.texts[name] = value.map { String(decoding: $0, as: UTF8.self) } ?? "-"
            }
        }
        #expect(try host.send(request).status == 200)
        return (values.texts, host.folder.path)
    }

    /// Names and what they say; `FOLDER` stands for the test's folder.
    private func expect(_ request: TestRequest, _ expected: [String: String]) throws {
        let (texts, folder) = try values(request, Array(expected.keys))
        for (name, value) in expected {
            #expect(texts[name] == value.replacing("FOLDER", with: folder), "\(name)")
        }
    }

    @Test func theConnectionAndTheServer() throws {
        try expect(
            TestRequest("/a"),
            [
                "REMOTE_ADDR": "203.0.113.9", "REMOTE_HOST": "203.0.113.9", "REMOTE_PORT": "50000",
                "LOCAL_ADDR": "192.0.2.1", "SERVER_ADDR": "192.0.2.1", "SERVER_PORT": "80", "SERVER_PORT_SECURE": "0",
                "HTTPS": "off", "SERVER_NAME": "www.example.com", "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_VERSION": "HTTP/1.1", "SERVER_SOFTWARE": "Microsoft-IIS/10.0", "GATEWAY_INTERFACE": "CGI/1.1",
            ])
        var secure = TestRequest("/a")
        secure.scheme = .https
        try expect(secure, ["SERVER_PORT_SECURE": "1", "HTTPS": "on"])
    }

    @Test func theSiteAndTheApplication() throws {
        try expect(
            TestRequest("/a"),
            [
                "INSTANCE_ID": "1", "INSTANCE_META_PATH": "/LM/W3SVC/1", "INSTANCE_NAME": "Site",
                "APPL_MD_PATH": "/LM/W3SVC/1/ROOT", "APPL_PHYSICAL_PATH": "FOLDER/www/", "APP_POOL_ID": "Pool",
                "DOCUMENT_ROOT": "FOLDER/www",
            ])
        try expect(
            TestRequest("/shop/a"),
            [
                "APPL_MD_PATH": "/LM/W3SVC/1/ROOT/shop", "APPL_PHYSICAL_PATH": "FOLDER/shop/",
                "DOCUMENT_ROOT": "FOLDER/www", "REQUEST_FILENAME": "FOLDER/shop/a",
            ])
    }

    /// URL Rewrite's article: REQUEST_URI is the whole path with the query string, QUERY_STRING has no `?`.
    @Test func theURL() throws {
        try expect(
            TestRequest("/content/caf%C3%A9%20x.aspx?tabid=2&subtabid=3", path: "/content/café x.aspx"),
            [
                "URL": "/content/café x.aspx", "SCRIPT_NAME": "/content/café x.aspx",
                "QUERY_STRING": "tabid=2&subtabid=3", "REQUEST_METHOD": "GET", "HTTP_METHOD": "GET",
                "REQUEST_URI": "/content/caf%C3%A9%20x.aspx?tabid=2&subtabid=3",
                "HTTP_URL": "/content/caf%C3%A9%20x.aspx?tabid=2&subtabid=3",
                "UNENCODED_URL": "/content/caf%C3%A9%20x.aspx?tabid=2&subtabid=3",
                "CACHE_URL": "http://www.example.com:80/content/caf%C3%A9%20x.aspx?tabid=2&subtabid=3",
                "REQUEST_FILENAME": "FOLDER/www/content/café x.aspx",
            ])
        try expect(TestRequest("/a"), ["QUERY_STRING": ""])
    }

    /// A proxy's form of the target names the host in the place of `Host` (RFC 9112, 3.2.2).
    @Test func aProxysTarget() throws {
        try expect(
            TestRequest("http://other.example:8080/a?b", path: "/a"),
            ["HTTP_URL": "/a?b", "SERVER_NAME": "other.example"])
        try expect(TestRequest("http://other.example?b", path: "/"), ["HTTP_URL": "/?b"])
    }

    @Test func theServersNameWithoutOneIsItsAddress() throws {
        var request = TestRequest("/")
        request.headers = []
        try expect(request, ["SERVER_NAME": "192.0.2.1", "HTTP_HOST": "-", "ALL_RAW": ""])
        request.headers = [("Host", "[2001:db8::1]:8080")]
        try expect(request, ["SERVER_NAME": "[2001:db8::1]", "HTTP_HOST": "[2001:db8::1]:8080"])
        request.headers = []
        request.local = IPAddress(high: 0x2001_0db8_0000_0000, low: 1)
        try expect(request, ["SERVER_NAME": "[2001:db8::1]", "LOCAL_ADDR": "2001:db8::1"])
    }

    @Test func headers() throws {
        var request = TestRequest("/")
        request.headers = [
            ("Host", "h"), ("accept-encoding", "gzip, deflate"), ("Cookie", "a=1"), ("X-Two", "1"), ("x-two", "2"),
            ("cookie", "b=2"), ("X_Under", "u"),
        ]
        try expect(
            request,
            [
                "HTTP_ACCEPT_ENCODING": "gzip, deflate", "http_accept_encoding": "gzip, deflate",
                "HTTP_COOKIE": "a=1; b=2", "HTTP_X_TWO": "1, 2", "HEADER_X-Two": "1, 2", "HEADER_X_Two": "-",
                "HEADER_X_Under": "u", "HTTP_X_UNDER": "u", "HTTP_REFERER": "-", "UNICODE_HTTP_HOST": "h",
                "UNICODE_URL": "/", "HTTP_": "-", "UNICODE_": "-", "": "-",
                "ALL_RAW":
                    "Host: h\r\naccept-encoding: gzip, deflate\r\nCookie: a=1\r\nX-Two: 1\r\nx-two: 2\r\n"
                    + "cookie: b=2\r\nX_Under: u\r\n",
                "ALL_HTTP":
                    "HTTP_HOST:h\nHTTP_ACCEPT_ENCODING:gzip, deflate\nHTTP_COOKIE:a=1\nHTTP_X_TWO:1\nHTTP_X_TWO:2\n"
                    + "HTTP_COOKIE:b=2\nHTTP_X_UNDER:u\n",
            ])
    }

    @Test func theBody() throws {
        var request = TestRequest("/")
        try expect(request, ["CONTENT_LENGTH": "0", "CONTENT_TYPE": ""])
        request.method = "POST"
        request.body = .length(12)
        request.headers.append(("Content-Type", "text/plain"))
        try expect(request, ["CONTENT_LENGTH": "12", "CONTENT_TYPE": "text/plain", "REQUEST_METHOD": "POST"])
        request.body = .chunked
        try expect(request, ["CONTENT_LENGTH": "-"])
    }

    @Test func theUser() throws {
        let names = ["AUTH_USER", "REMOTE_USER", "LOGON_USER", "UNMAPPED_REMOTE_USER"]
        var request = TestRequest("/")
        var expected = Dictionary(uniqueKeysWithValues: names.map { ($0, "") })
        expected["AUTH_TYPE"] = ""
        expected["AUTH_PASSWORD"] = "-"
        try expect(request, expected)
        request.headers.append(("X-Name", "ann"))
        for name in names { expected[name] = "ann" }
        expected["AUTH_TYPE"] = "Basic"
        try expect(request, expected)
    }

    /// IIS: PATH_INFO is the whole path unless the handler allows path information, and what follows the script then.
    @Test func pathInformation() throws {
        try expect(
            TestRequest("/run.cgi/orders/7"),
            [
                "SCRIPT_NAME": "/run.cgi", "URL": "/run.cgi", "PATH_INFO": "/orders/7",
                "PATH_TRANSLATED": "FOLDER/www/orders/7", "SCRIPT_FILENAME": "FOLDER/www/run.cgi",
                "SCRIPT_TRANSLATED": "FOLDER/www/run.cgi", "REQUEST_FILENAME": "FOLDER/www/run.cgi/orders/7",
            ])
        try expect(
            TestRequest("/shop/run.cgi/shop/x"),
            [
                "SCRIPT_NAME": "/shop/run.cgi", "PATH_INFO": "/shop/x", "PATH_TRANSLATED": "FOLDER/shop/x",
                "SCRIPT_FILENAME": "FOLDER/shop/run.cgi",
            ])
        try expect(
            TestRequest("/run.cgi"),
            [
                "SCRIPT_NAME": "/run.cgi", "PATH_INFO": "", "PATH_TRANSLATED": "",
                "SCRIPT_FILENAME": "FOLDER/www/run.cgi",
            ])
        try expect(
            TestRequest("/a.txt/x"),
            [
                "SCRIPT_NAME": "/a.txt/x", "PATH_INFO": "/a.txt/x", "PATH_TRANSLATED": "FOLDER/www/a.txt/x",
                "SCRIPT_FILENAME": "FOLDER/www/a.txt/x",
            ])
    }

    @Test func modulesSetVariables() throws {
        let host = try host { request in
            let variables = request.serverVariables
            #expect(variables["TENANT"] == nil)
            variables["Tenant"] = Array("a".utf8)
            #expect(variables["TENANT"] == Array("a".utf8))
            variables["TENANT"] = []
            #expect(variables["tenant"] == [])
            variables["SERVER_NAME"] = Array("Example Value".utf8)
            #expect(variables["SERVER_NAME"] == Array("Example Value".utf8))
            variables["SERVER_NAME"] = nil
            #expect(variables["SERVER_NAME"] == Array("www.example.com".utf8))
        }
        _ = try host.get("/")
        // The context serves the next request, which knows nothing of it.
        _ = try host.get("/")
    }

    @Test func aHeadersVariableIsTheRequestsHeader() throws {
        let host = try host { request in
            let variables = request.serverVariables
            variables["HTTP_X_ORIGINAL_HOST"] = variables["HTTP_HOST"]
            #expect(
                variables["ALL_RAW"]
                    == Array("Host: a.test\r\nX-Two: 1\r\nX-Two: 2\r\nx-original-host: a.test\r\n".utf8))
            variables["HTTP_X_TWO"] = Array("3".utf8)
            variables["HTTP_HOST"] = Array("b.test:81".utf8)
            #expect(variables["ALL_RAW"] == Array("Host: b.test:81\r\nX-Two: 3\r\nx-original-host: a.test\r\n".utf8))
            #expect(variables["SERVER_NAME"] == Array("b.test".utf8))
            variables["HTTP_X_TWO"] = nil
            variables["HTTP_NONE"] = nil
            #expect(variables["ALL_RAW"] == Array("Host: b.test:81\r\nx-original-host: a.test\r\n".utf8))
            let (query, path) = ([UInt8](copying: request.head.query), [UInt8](copying: request.head.path))
            #expect(query == Array("q=1".utf8) && path == Array("/p".utf8))
            #expect(request.head.fieldCount == 2)
        }
        var request = TestRequest("/p?q=1")
        request.headers = [("Host", "a.test"), ("X-Two", "1"), ("X-Two", "2")]
        #expect(try host.send(request).status == 200)
    }

    @Test func noVariableForgesAHeaderOrReframesTheRequest() throws {
        let host = try host { request in
            let variables = request.serverVariables
            variables["HTTP_X"] = Array("a\r\nContent-Length: 5\u{0}\tb".utf8)
            #expect(variables["HTTP_X"] == Array("a  Content-Length: 5 \tb".utf8))
            variables["HTTP_CONTENT_LENGTH"] = Array("5".utf8)
            variables["HTTP_TRANSFER_ENCODING"] = Array("chunked".utf8)
            variables["HTTP_A B:"] = Array("x".utf8)
            #expect(request.head.fieldCount == 2)
            #expect(variables["HTTP_CONTENT_LENGTH"] == Array("5".utf8))
            #expect(variables["HTTP_A B:"] == Array("x".utf8))
            #expect(variables["CONTENT_LENGTH"] == Array("0".utf8))
        }
        #expect(try host.get("/").status == 200)
    }

    @Test func aRequestWithAsManyFieldsAsThereMayBeTakesNoOther() throws {
        let host = try host { request in
            let variables = request.serverVariables
            variables["HTTP_NEW"] = Array("x".utf8)
            variables["HTTP_F7"] = Array("y".utf8)
            #expect(request.head.fieldCount == 2048)
            #expect(variables["HTTP_NEW"] == Array("x".utf8) && variables["HTTP_F7"] == Array("y".utf8))
        }
        var request = TestRequest("/")
        request.headers = (0..<2048).map { ("F\($0)", "") }
        #expect(try host.send(request).status == 200)
    }

    /// What the variables of the table are, without those that are no request's (`ServerVariable`).
    @Test func everyNameOfTheTableIsKnownOrSaidToBeMissing() {
        let table = """
            ALL_HTTP ALL_RAW APPL_MD_PATH APPL_PHYSICAL_PATH APP_POOL_ID AUTH_TYPE AUTH_USER CACHE_URL CONTENT_LENGTH
            CONTENT_TYPE DOCUMENT_ROOT GATEWAY_INTERFACE HTTPS HTTP_METHOD HTTP_URL HTTP_VERSION INSTANCE_ID
            INSTANCE_META_PATH INSTANCE_NAME LOCAL_ADDR LOGON_USER PATH_INFO PATH_TRANSLATED QUERY_STRING REMOTE_ADDR
            REMOTE_HOST REMOTE_PORT REMOTE_USER REQUEST_FILENAME REQUEST_METHOD REQUEST_URI SCRIPT_FILENAME SCRIPT_NAME
            SCRIPT_TRANSLATED SERVER_ADDR SERVER_NAME SERVER_PORT SERVER_PORT_SECURE SERVER_PROTOCOL SERVER_SOFTWARE
            UNENCODED_URL UNMAPPED_REMOTE_USER URL
            """
        let names = table.split { $0 == " " || $0 == "\n" }.map(String.init)
        #expect(names.sorted() == ServerVariable.allCases.map(\.rawValue).sorted())
    }
}
