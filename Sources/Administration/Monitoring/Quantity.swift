/// Numbers with their units, short enough for a column.
public enum Quantity {
    /// With two digits that say something: `0.31 ms`, `12 ms`, `1.2 s`, `2 min 5 s`. Unit of the argument: nanoseconds.
    public static func duration(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<10_000_000: "\(fixed(Double(nanoseconds) / 1_000_000, digits: 2)) ms"
        case ..<1_000_000_000: "\(nanoseconds / 1_000_000) ms"
        case ..<60_000_000_000: "\(fixed(Double(nanoseconds) / 1_000_000_000, digits: 1)) s"
        default: StatusText.duration(nanoseconds / 1_000_000_000)
        }
    }

    /// A rate a second: `0`, `3.5`, `128`, `12.3k`.
    public static func rate(_ rate: Double) -> String {
        switch rate {
        case ..<0.05: "0"
        case ..<9.95: fixed(rate, digits: 1)
        case ..<9999.5: "\(Int(rate.rounded()))"
        case ..<999_950: "\(fixed(rate / 1000, digits: 1))k"
        default: "\(fixed(rate / 1_000_000, digits: 1))M"
        }
    }

    /// `512 B`, `3.4 KB`, `128 MB`, by powers of 1024.
    public static func bytes(_ count: Double) -> String {
        var rest = count
        for unit in ["B", "KB", "MB", "GB"] {
            if rest < 999.5 || unit == "GB" {
                return unit == "B" || rest >= 99.95
                    ? "\(Int(rest.rounded())) \(unit)" : "\(fixed(rest, digits: 1)) \(unit)"
            }
            rest /= 1024
        }
        return ""
    }

    /// Reads `250ms`, `1s`, `1.5 s`, `2min`, `1h`, `2d` or a number of seconds. Answers nanoseconds; nil for what is none.
    public static func nanoseconds(_ text: String) -> UInt64? {
        let units: [(String, Double)] = [
            ("ms", 1e6), ("us", 1e3), ("min", 60e9), ("m", 60e9), ("h", 3600e9), ("d", 86_400e9), ("s", 1e9),
        ]
        let unit = units.first { text.hasSuffix($0.0) }
        let digits = text.dropLast(unit?.0.count ?? 0).reversed().drop { $0 == " " }.reversed()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }),
            let number = Double(String(digits))
        else { return nil }
        let result = number * (unit?.1 ?? 1e9)
        return result < 1e18 ? UInt64(result) : nil
    }

    private static func fixed(_ number: Double, digits: Int) -> String {
        let scale = digits == 1 ? 10 : 100
        let rounded = Int((number * Double(scale)).rounded())
        let rest = "\(rounded % scale)"
        return "\(rounded / scale).\(String(repeating: "0", count: digits - rest.count))\(rest)"
    }
}
