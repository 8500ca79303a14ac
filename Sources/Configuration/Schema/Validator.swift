/// A rule an attribute's value must satisfy beyond its type (reference §1.5).
public enum Validator: Hashable, Sendable {
    case nonEmptyString
    case requireTrimmedString
    case integerRange(ClosedRange<Int64>, exclude: Bool)
    /// In seconds.
    case timeSpanRange(ClosedRange<Int64>, granularity: Int64, exclude: Bool)
    case applicationPoolName
    case siteName
    case applicationPath
    case virtualDirectoryPath

    /// Reads `validationType` and `validationParameter`; nil where they make no validator.
    init?(type: String, parameter: String) {
        let numbers = parameter.split(separator: ",").map { $0.filter { $0 != " " } }
        let exclude = numbers.last == "exclude"
        func number(_ index: Int) -> Int64? { index < numbers.count ? Int64(numbers[index]) : nil }
        switch type {
        case "nonEmptyString": self = .nonEmptyString
        case "requireTrimmedString": self = .requireTrimmedString
        case "applicationPoolName": self = .applicationPoolName
        case "siteName": self = .siteName
        case "applicationPath": self = .applicationPath
        case "virtualDirectoryPath": self = .virtualDirectoryPath
        case "integerRange":
            guard let low = number(0), let high = number(1), low <= high else { return nil }
            self = .integerRange(low...high, exclude: exclude)
        case "timeSpanRange":
            guard let low = number(0), let high = number(1), low <= high else { return nil }
            self = .timeSpanRange(low...high, granularity: number(2) ?? 1, exclude: exclude)
        default: return nil
        }
    }

    /// IIS's text for a value that breaks the rule; nil where it holds.
    func violation(_ value: Value) -> String? {
        switch (self, value) {
        case (.nonEmptyString, .string(let text)):
            return text.isEmpty ? "String must not be empty" : nil
        case (.requireTrimmedString, .string(let text)):
            let trimmed = !text.isEmpty && text.first?.isWhitespace == false && text.last?.isWhitespace == false
            return trimmed ? nil : "String must not be empty or begin or end with white space"
        case (.integerRange(let range, let exclude), .integer(let number)):
            guard range.contains(number) == exclude else { return nil }
            let must = exclude ? "must not be" : "must be"
            return "Integer value \(must) between \(range.lowerBound) and \(range.upperBound) inclusive"
        case (.timeSpanRange(let range, let granularity, let exclude), .timeSpan(let span)):
            let inside = span >= .seconds(range.lowerBound) && span <= .seconds(range.upperBound)
            let grained =
                granularity < 1
                || (span.components.attoseconds == 0 && span.components.seconds.isMultiple(of: granularity))
            if inside != exclude && grained { return nil }
            let (low, high) = (Duration.seconds(range.lowerBound), Duration.seconds(range.upperBound))
            let must = exclude ? "must not be" : "must be"
            return "Timespan value \(must) between \(TimeSpanText.format(low)) and \(TimeSpanText.format(high)) "
                + "seconds inclusive, with a granularity of \(granularity) seconds"
        case (.applicationPoolName, .string(let name)):
            let refused = name.isEmpty || name.count > 64 || Self.pool.isIn(name)
            return refused ? "Invalid application pool name" : nil
        case (.siteName, .string(let name)):
            return name.isEmpty || Self.site.isIn(name) ? "Invalid site name" : nil
        case (.applicationPath, .string(let path)):
            return Self.isVirtualPath(path) ? nil : "Invalid application path"
        case (.virtualDirectoryPath, .string(let path)):
            return Self.isVirtualPath(path) ? nil : "Invalid virtual directory path"
        default:
            return nil
        }
    }

    private static let pool = ASCIISet("|<>&\"/[]+=;:,?*@\\")
    private static let site = ASCIISet("/?\\")
    private static let path = ASCIISet("\\?*")

    private static func isVirtualPath(_ path: String) -> Bool {
        if path == "/" { return true }
        guard path.utf8.first == UInt8(ascii: "/"), !Self.path.isIn(path) else { return false }
        return path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
            let dots = $0.count <= 2 && $0.allSatisfy { $0 == UInt8(ascii: ".") }
            return !$0.isEmpty && !dots
        }
    }
}

/// A set of ASCII characters.
private struct ASCIISet {
    private var bits: (UInt64, UInt64) = (0, 0)

    init(_ characters: StaticString) {
        for byte in characters.description.utf8 {
            if byte < 64 { bits.0 |= 1 << UInt64(byte) } else { bits.1 |= 1 << UInt64(byte - 64) }
        }
    }

    /// Whether `text` has one of the characters.
    func isIn(_ text: String) -> Bool {
        text.utf8.contains { byte in
            byte < 64 ? bits.0 >> UInt64(byte) & 1 != 0 : byte < 128 && bits.1 >> UInt64(byte - 64) & 1 != 0
        }
    }
}
