import Testing
import Wire

@testable import Modules

/// Reference §5.2, ipSecurity: IPv4 or IPv6 with a mask or a prefix.
struct AddressRangeTests {
    private func contains(_ address: String, _ mask: String, _ client: String) throws -> Bool {
        try #require(AddressRange(address: address, mask: mask)).contains(try #require(IPAddress(text: client)))
    }

    @Test(arguments: [
        ("192.0.2.7", "255.255.255.255", "192.0.2.7", true), ("192.0.2.7", "255.255.255.255", "192.0.2.8", false),
        ("192.0.2.7", "255.255.255.0", "192.0.2.200", true), ("192.0.2.7", "255.255.255.0", "192.0.3.7", false),
        ("10.0.0.0", "255.0.0.0", "10.255.1.2", true), ("10.0.0.0", "8", "10.255.1.2", true),
        ("10.0.0.0", "8", "11.0.0.0", false), ("0.0.0.0", "0.0.0.0", "203.0.113.9", true),
        ("0.0.0.0", "0", "2001:db8::1", false), ("::", "0", "203.0.113.9", false), ("::", "0", "2001:db8::1", true),
        ("2001:db8::", "32", "2001:db8:ffff::1", true),
        ("2001:db8::", "32", "2001:db9::1", false), ("2001:db8::1", "255.255.255.255", "2001:db8::1", true),
        ("2001:db8::1", "255.255.255.255", "2001:db8::2", false), ("2001:db8::", "ffff:ffff::", "2001:db8:1::", true),
        ("::", "0", "2001:db8::1", true), ("2001:db8::", "65", "2001:db8::7fff:0:0:1", true),
        ("2001:db8::", "65", "2001:db8::8000:0:0:1", false), ("192.0.2.7", "32", "::ffff:192.0.2.7", true),
        ("::ffff:192.0.2.7", "255.255.255.255", "192.0.2.7", true),
    ])
    func addressesCompareUnderTheMask(_ address: String, mask: String, client: String, expected: Bool) throws {
        #expect(try contains(address, mask, client) == expected)
    }

    @Test(arguments: [
        ("", "255.255.255.255"), ("192.0.2", "255.255.255.255"), ("192.0.2.7", "33"), ("192.0.2.7", "-1"),
        ("192.0.2.7", "ffff::"), ("192.0.2.7", "x"), ("2001:db8::", "129"), ("2001:db8::", "255.0.0.0"),
        ("192.0.2.0/24", "255.255.255.0"), ("example.com", "24"),
    ])
    func whatIsNoAddressOrNoMaskIsRefused(_ address: String, mask: String) {
        #expect(AddressRange(address: address, mask: mask) == nil)
    }
}
