import Platform
import Wire

/// An address and a mask: all addresses that are equal where the mask has ones.
struct AddressRange: Equatable {
    private let base: IPAddress
    private let mask: IPAddress
    /// IPv4 addresses lie among those of IPv6, and are none: `::/0` names no client of IPv4.
    private let isIPv4: Bool

    /// Reads `ipAddress` and `subnetMask` of an `ipSecurity` rule.
    ///
    /// The mask of an IPv4 address is a dotted one or a number of bits; that of an IPv6 address is a number of bits or an
    /// IPv6 address, and 255.255.255.255, the section's default, stands for all 128 bits. Nil for anything else.
    init?(address: String, mask: String) {
        guard let base = IPAddress(text: address) else { return nil }
        guard let bits = base.v4 == nil ? Self.mask6(mask) : Self.mask4(mask) else { return nil }
        self.mask = bits
        isIPv4 = base.v4 != nil
        self.base = IPAddress(high: base.high & bits.high, low: base.low & bits.low)
    }

    func contains(_ address: IPAddress) -> Bool {
        (address.v4 != nil) == isIPv4 && address.high & mask.high == base.high && address.low & mask.low == base.low
    }

    private static func mask4(_ text: String) -> IPAddress? {
        let bits: UInt32
        if let count = Int(text) {
            guard 0...32 ~= count else { return nil }
            bits = count == 0 ? 0 : ~0 << UInt32(32 - count)
        } else {
            guard let dotted = IPAddress(text: text)?.v4 else { return nil }
            bits = dotted
        }
        return IPAddress(high: ~0, low: 0xffff_ffff_0000_0000 | UInt64(bits))
    }

    private static func mask6(_ text: String) -> IPAddress? {
        if let count = Int(text) {
            guard 0...128 ~= count else { return nil }
            return prefix(count)
        }
        guard let mask = IPAddress(text: text) else { return nil }
        if let dotted = mask.v4 { return dotted == ~0 ? prefix(128) : nil }
        return mask
    }

    private static func prefix(_ count: Int) -> IPAddress {
        let high = min(count, 64)
        let low = count - high
        return IPAddress(
            high: high == 0 ? 0 : ~0 << UInt64(64 - high), low: low == 0 ? 0 : ~0 << UInt64(64 - low))
    }
}

extension IPAddress {
    /// Reads `192.0.2.1` or `2001:db8::1`, without brackets and without a zone.
    init?(text: String) {
        switch InternetAddress(text) {
        case .v4(let address)?: self.init(v4: address)
        case .v6(let high, let low)?: self.init(high: high, low: low)
        case nil: return nil
        }
    }

    /// What one client has: an IPv4 address, or the 64 bits of IPv6 that a client fills as it likes.
    var clientBlock: IPAddress { v4 == nil ? IPAddress(high: high, low: 0) : self }
}
