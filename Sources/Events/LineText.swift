/// Text from anywhere, made fit for one line of output: escaped as JSON does, and cut where it is long.
public enum LineText {
    /// Unit: Unicode scalars. A line stays below the 48 KB that the journal takes as one.
    public static let limit = 4000
    /// Of an event's text that holds what a program printed, in lines that are read by programs alone: the 30,000
    /// characters that are captured, and what stands before them. Unit: Unicode scalars.
    public static let outputLimit = 33_000

    /// A JSON string. `=` values in text lines are written the same way.
    /// `limit` is for what is read by programs alone.
    public static func quoted(_ text: String, limit: Int = limit) -> String {
        "\"\(escaped(text, quotes: true, limit: limit))\""
    }

    /// Without quotation marks around it: quotation marks within stay as they are.
    public static func printable(_ text: String, limit: Int = limit) -> String {
        escaped(text, quotes: false, limit: limit)
    }

    private static func escaped(_ text: String, quotes: Bool, limit: Int) -> String {
        if isPlain(text, quotes, limit) { return text }
        var output = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else {
                output.append("…")
                break
            }
            count += 1
            switch scalar {
            case "\"" where quotes, "\\" where quotes:
                output.append("\\")
                output.append(scalar)
            case "\n": output.append(contentsOf: "\\n".unicodeScalars)
            case "\r": output.append(contentsOf: "\\r".unicodeScalars)
            case "\t": output.append(contentsOf: "\\t".unicodeScalars)
            case _ where steers(scalar):
                // Everything that steers lies below U+10000.
                let digits = String(scalar.value, radix: 16)
                output.append(
                    contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
            default: output.append(scalar)
            }
        }
        return String(output)
    }

    /// Whether the text is ASCII that stands for itself: most names and addresses are.
    private static func isPlain(_ text: String, _ quotes: Bool, _ limit: Int) -> Bool {
        text.utf8.count <= limit
            && text.utf8.allSatisfy { byte in
                byte >= 0x20 && byte < 0x7F
                    && !(quotes && (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")))
            }
    }

    /// Control characters, line and paragraph separators, and those that turn the direction of writing.
    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
