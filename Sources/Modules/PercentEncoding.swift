/// Percent-encoding of URLs (RFC 3986).
enum PercentEncoding {
    /// A decoded path as it stands in a URL: what is not unreserved, `/` or harmless in a path becomes `%XX`. `+` is
    /// not harmless: request filtering takes it for a space that is escaped twice.
    static func encode(path: [UInt8]) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(path.count)
        for byte in path {
            if isPlain(byte) {
                encoded.append(byte)
            } else {
                encoded += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return encoded
    }

    /// An address that is encoded already, with whatever cannot stand in a header or would end an address encoded too.
    static func encode(location: [UInt8]) -> [UInt8] {
        guard !location.allSatisfy(isInLocation) else { return location }
        var encoded: [UInt8] = []
        encoded.reserveCapacity(location.count + 16)
        for byte in location {
            if isInLocation(byte) {
                encoded.append(byte)
            } else {
                encoded += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return encoded
    }

    /// All but control characters, space, `"<>\^`{|}` and what is not ASCII.
    private static func isInLocation(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B...0x7D: false
        default: 0x20 < byte && byte < 0x7F
        }
    }

    /// Every `%XX` replaced by its byte; what only looks like one stays as it is.
    static func decode(_ text: Span<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if let byte = escape(text, at: index) {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(text[index])
                index += 1
            }
        }
        return decoded
    }

    /// The byte that `%XX` at `index` stands for; `nil` where no escape begins.
    static func escape(_ text: Span<UInt8>, at index: Int) -> UInt8? {
        guard text[index] == 0x25, index + 2 < text.count, let high = value(text[index + 1]),
            let low = value(text[index + 2])
        else { return nil }
        return high << 4 | low
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E: true
        case 0x21, 0x24, 0x26, 0x28...0x2A, 0x2C, 0x3A, 0x3B, 0x3D, 0x40: true
        default: false
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
