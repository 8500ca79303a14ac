import Operations
import Testing

@Suite struct BindingTextTests {
    @Test(arguments: [
        ("http/*:80:www.example.com", "http/*:80:www.example.com"), ("https/*:443:", "https/*:443:"),
        ("net.tcp/808:*", "net.tcp/808:*"), ("http://blog.example", "http/*:80:blog.example"),
        ("http://blog.example/", "http/*:80:blog.example"), ("HTTP://Blog.example:8080", "http/*:8080:Blog.example"),
        ("https://blog.example", "https/*:443:blog.example"), ("http://*:81", "http/*:81:"),
        ("http://10.0.0.1", "http/10.0.0.1:80:"), ("http://[::1]:8080", "http/[::1]:8080:"),
        ("http://[::1]/", "http/[::1]:80:"),
    ])
    func isNamedAsVisitorsOrAsTheConfigurationDo(_ text: String, _ written: String) throws {
        #expect(try BindingText(text).text == written)
    }

    @Test(arguments: [
        "", "http", "http/", "/x", "http://", "http://a:0", "http://a:65536", "http://a:b", "http://a/path", "*:80:",
    ])
    func whatIsNoneIsRefused(_ text: String) {
        #expect(throws: OperationError.self) { try BindingText(text) }
    }

    @Test func aHostAndAPortMakeOne() throws {
        #expect(try BindingText(host: "", port: 8080).text == "http/*:8080:")
        #expect(try BindingText(host: "blog.example", port: 80).text == "http/*:80:blog.example")
        #expect(throws: OperationError.self) { try BindingText(host: "blog.example:81", port: 80) }
    }
}
