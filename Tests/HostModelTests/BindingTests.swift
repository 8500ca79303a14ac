import Platform
import Testing

@testable import HostModel

@Suite struct BindingTests {
    private func binding(_ information: String) throws -> Binding {
        try Binding(protocol: "http", information: information, sslFlags: 0, line: 1)
    }

    @Test func aBindingHasAnAddressAPortAndAHostName() throws {
        let wildcard = try binding("*:80:")
        #expect(wildcard.address == nil && wildcard.port == 80 && wildcard.host == .any)
        let four = try binding("192.168.1.1:8080:WWW.a.com")
        #expect(four.address == .v4(0xC0A8_0101) && four.port == 8080 && four.host == .exact("www.a.com"))
        let six = try binding("[::1]:443:*.contoso.com")
        #expect(six.address == .v6(high: 0, low: 1) && six.port == 443 && six.host == .suffix("contoso.com"))
        #expect(try binding(":80:*").host == .any)
    }

    @Test(arguments: [
        ":", "", "*", "*:80", "*:161902:localhost", "*:localhost:localhost", "127.0.0.1:port:", "*:0:", "300.1.1.1:80:",
        "*:+80:", "*:80:www.*.com", "*:80:a..b", "*:80:ä.de", "[::1:80:", "*:80:a:b",
    ])
    func whatIsNoBindingIsRefusedWithTheRightForm(_ information: String) {
        #expect { try binding(information) } throws: { error in
            (error as? BindingRefusal)?.reason.isEmpty == false
        }
    }
}
