import PipelineTesting
import Testing
import Wire

@testable import AspNetCoreModule

struct ProxyExchangeTests {
    let driver: ProxyDriver

    init() throws { driver = try ProxyDriver() }

    @Test func aRequestGoesToTheBackendAndItsAnswerBack() throws {
        let call = try driver.get("/a?x=1")
        let backend = try #require(driver.request())
        #expect(
            backend.text == """
                GET /a?x=1 HTTP/1.1\r
                Host: www.example.com\r
                X-Forwarded-For: 203.0.113.9:50000\r
                X-Forwarded-Proto: http\r
                MS-ASPNETCORE-TOKEN: the-token\r
                \r

                """)
        backend.say("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: x\r\nContent-Length: 5\r\n\r\nhello")
        #expect(driver.wait { call.isOver })
        #expect(call.sink.status == 200 && call.sink.text == "hello" && call.sink.head?.contentLength == 5)
        #expect(call.sink.values("content-type") == ["text/plain"] && call.sink.values("date").isEmpty)
        #expect(call.sink.head?.sendsServer == false && driver.outcomes == [.answered])
    }

    @Test func aConnectionThatIsKeptTakesTheNextRequest() throws {
        for number in 0..<3 {
            let call = try driver.get("/\(number)")
            let backend = try #require(driver.request())
            backend.forget()
            backend.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
            #expect(driver.wait { call.isOver })
            #expect(call.sink.text == "hi" && driver.backend.connections.idleCount == 1)
        }
        #expect(driver.server.connections.count == 1)
    }
}
