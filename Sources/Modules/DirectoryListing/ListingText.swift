import Pipeline

/// Names and sizes as a listing shows them to people.
enum ListingText {
    /// A name for the text of HTML. What is no character, or would reorder the text around it, is shown as U+FFFD.
    static func name(_ bytes: some Collection<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            text.append(isShown(scalar) ? scalar : "\u{FFFD}")
        }
        return HTMLText.escaped(String(text))
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
        default: true
        }
    }

    /// `512 B`, `1.5 KB`, `640 MB`: three figures, 1 KB is 1024 bytes as Windows counts.
    static func size(_ bytes: Int64) -> String {
        guard bytes >= 1024 else { return "\(max(0, bytes)) B" }
        var (tenths, unit) = (bytes, 0)
        var rest: Int64 = 0
        while tenths >= 1024, unit < units.count {
            rest = tenths % 1024
            tenths /= 1024
            unit += 1
        }
        let name = units[unit - 1]
        // Less than ten: one place behind the point, cut off, so that nothing is shown larger than it is.
        return tenths < 10 ? "\(tenths).\(rest * 10 / 1024) \(name)" : "\(tenths) \(name)"
    }

    private static let units = ["KB", "MB", "GB", "TB", "PB", "EB"]

    /// `1,000,000`.
    static func count(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.insert(",", at: text.startIndex) }
            text.insert(digit, at: text.startIndex)
        }
        return text
    }
}
