/// Lengths and moments of time as a person types them.
public enum DurationText {
    private static let units: [(name: String, milliseconds: UInt64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("min", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Of `250ms`, `90s`, `15m`, `1h` or `2d`; nil for anything else. Unit: milliseconds.
    public static func milliseconds(_ text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits), let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return overflows ? nil : product
    }
}
