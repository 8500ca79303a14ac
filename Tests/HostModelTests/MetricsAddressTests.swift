import HostModel
import Platform
import Testing

struct MetricsAddressTests {
    static let loopback = SocketAddress.loopback(port: 9464)

    @Test(arguments: ["9464", "127.0.0.1:9464"]) func aPortAloneIsThisMachines(_ text: String) throws {
        #expect(try MetricsAddress(text) == .internet(Self.loopback))
    }

    @Test func otherAddressesAreGivenWhole() throws {
        #expect(try MetricsAddress("[::]:80") == .internet(.any(port: 80)))
        #expect(try MetricsAddress("[::1]:80") == .internet(SocketAddress(high: 0, low: 1, port: 80)))
        #expect(
            try MetricsAddress("0.0.0.0:80") == .internet(SocketAddress(high: 0, low: 0xffff_0000_0000, port: 80)))
        #expect(try MetricsAddress("unix:/run/a b/m.sock") == .local(folder: "/run/a b", name: "m.sock"))
        #expect(try MetricsAddress("unix:/m.sock") == .local(folder: "/", name: "m.sock"))
    }

    @Test(arguments: [
        "0", "65536", "", ":", "localhost", "localhost:80", "1.2.3:80", "::1:80", "[127.0.0.1]:80", "-1", "+80",
        "127.0.0.1:", "unix:", "unix:m.sock", "unix:/run/", "unix:/run/..", "http://127.0.0.1:80",
    ])
    func whatIsNoAddressIsAMistake(_ text: String) {
        #expect(throws: MetricsAddress.Mistake.self) { try MetricsAddress(text) }
    }
}
