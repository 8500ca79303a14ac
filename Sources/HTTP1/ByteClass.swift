/// A set of bytes that may stand somewhere (RFC 9110 §5.6.2, RFC 9112 §3, §5): a bit for each ASCII character, constants
/// that the compiler folds. The tests compare them with the grammar.
struct ByteClass {
    let low: UInt64
    let high: UInt64
    /// Whether the bytes from 0x80 on belong to it.
    let holdsOthers: Bool

    /// Names and methods.
    static let token = ByteClass(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe, holdsOthers: false)
    /// A field's value: tab and everything but control characters.
    static let value = ByteClass(low: 0xffff_ffff_0000_0200, high: 0x7fff_ffff_ffff_ffff, holdsOthers: true)
    /// A request target: visible ASCII but `#`, and bytes of UTF-8.
    static let target = ByteClass(low: 0xffff_fff6_0000_0000, high: 0x7fff_ffff_ffff_ffff, holdsOthers: true)
    /// A registered host name: letters, digits, `-`, `.`, `_`.
    static let host = ByteClass(low: 0x03ff_6000_0000_0000, high: 0x07ff_fffe_87ff_fffe, holdsOthers: false)

    func holds(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return holdsOthers }
        return (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 != 0
    }

    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

extension Span<UInt8> {
    /// Whether the range holds `text`, which is in lower case, in any case of ASCII letters.
    func holds(_ range: Range<Int>, ignoringCase text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count {
            let byte = self[range.lowerBound + offset]
            // `offset` is below the code unit count, which was compared above.
            guard unsafe (byte &- 0x41 < 26 ? byte | 0x20 : byte) == text.utf8Start[offset] else { return false }
        }
        return true
    }

    /// Whether the range holds exactly these bytes.
    func holds(_ range: Range<Int>, exactly text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        // `offset` is below the code unit count, which was compared above.
        for offset in 0..<range.count where unsafe self[range.lowerBound + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }
}
