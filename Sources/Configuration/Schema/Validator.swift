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
            let refused = name.count > 64 || name.contains { "|<>&\"/[]+=;:,?*@\\".contains($0) }
            return refused || name.isEmpty ? "Invalid application pool name" : nil
        case (.siteName, .string(let name)):
            return name.isEmpty || name.contains { "/?\\".contains($0) } ? "Invalid site name" : nil
        case (.applicationPath, .string(let path)):
            return Self.isVirtualPath(path) ? nil : "Invalid application path"
        case (.virtualDirectoryPath, .string(let path)):
            return Self.isVirtualPath(path) ? nil : "Invalid virtual directory path"
        default:
            return nil
        }
    }

    private static func isVirtualPath(_ path: String) -> Bool {
        guard path.hasPrefix("/") else { return false }
        if path == "/" { return true }
        return path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).allSatisfy { segment in
            !segment.isEmpty && segment != "." && segment != ".." && !segment.contains { "\\?*".contains($0) }
        }
    }
}
