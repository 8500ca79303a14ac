import Testing
import Wire

/// Expectations from RFC 5952 §4.
struct IPAddressTextTests {
    @Test(
        arguments: [
            (IPAddress(v4: 0xc000_0201), "192.0.2.1"), (IPAddress(v4: 0), "0.0.0.0"), (.any, "::"),
            (IPAddress(high: 0, low: 1), "::1"), (IPAddress(high: 0x2001_0db8_0000_0000, low: 0), "2001:db8::"),
            (IPAddress(high: 0x2001_0db8_0000_0000, low: 1), "2001:db8::1"),
            // One zero group is written out.
            (IPAddress(high: 0x2001_0db8_0000_0001, low: 0x0001_0001_0001_0001), "2001:db8:0:1:1:1:1:1"),
            // Of two runs the longest, of equal ones the first.
            (IPAddress(high: 0x2001_0000_0000_0001, low: 0x0000_0000_0000_0001), "2001:0:0:1::1"),
            (IPAddress(high: 0x2001_0db8_0000_0000, low: 0x0001_0000_0000_0001), "2001:db8::1:0:0:1"),
            (IPAddress(high: 0xfe80_00ab_0000_cdef, low: 0x0123_4567_89ab_0000), "fe80:ab:0:cdef:123:4567:89ab:0"),
        ] as [(IPAddress, String)])
    func anAddressIsWrittenInItsShortestForm(_ address: IPAddress, _ text: String) {
        var bytes: [UInt8] = []
        address.appendText(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
}
