import HTTP1
import Pipeline
import Platform
import Wire

/// Which responses may be given to others (RFC 9111, 3; IIS's rules), as far as their fields tell.
struct StorageRules {
    /// How long the response may be given at most, by its own words. Unit: seconds; nil where they set no limit.
    private(set) var longest: Int64?

    /// Nil for a response that may not be kept: it is one client's own, says so, or depends on fields of the request
    /// that are not among `variedBy`.
    init?(_ headers: HeaderBlock, behind start: Int, variedBy: [[UInt8]], now: Int64) {
        var (position, number) = (0, 0)
        while let field = headers.next(&position) {
            number += 1
            guard number > start || field.name.count == 4 else { continue }
            switch field.name.count {
            case 4 where field.name.equalsIgnoringCase("vary"):
                for name in Self.list(field.value) where !variedBy.contains(name) { return nil }
            case 6 where field.name.equalsIgnoringCase("pragma"): return nil
            case 7 where field.name.equalsIgnoringCase("expires"):
                guard let date = HTTPDate.seconds(field.value), date > now else { return nil }
                limit(to: date - now)
            case 10 where field.name.equalsIgnoringCase("set-cookie"): return nil
            case 13 where field.name.equalsIgnoringCase("cache-control"):
                guard takeControl(field.value) else { return nil }
            case 16 where field.name.equalsIgnoringCase("www-authenticate"): return nil
            default: break
            }
        }
    }

    private mutating func takeControl(_ value: Span<UInt8>) -> Bool {
        for directive in Self.list(value) {
            let parts = directive.split(separator: 0x3D, maxSplits: 1)
            switch String(decoding: parts.first ?? [], as: UTF8.self) {
            case "no-store", "no-cache", "private": return false
            case "max-age", "s-maxage":
                let digits = Array((parts.count > 1 ? parts[1] : []).filter { $0 != 0x22 })
                guard let seconds = digits.span.decimal, seconds > 0 else { return false }
                limit(to: seconds)
            default: break
            }
        }
        return true
    }

    private mutating func limit(to seconds: Int64) { longest = min(longest ?? .max, seconds) }

    /// The members of a comma list in lower case, without white space around them.
    private static func list(_ value: Span<UInt8>) -> [[UInt8]] {
        let text = ASCII.lower([UInt8](copying: value))
        return text.split(separator: 0x2C).map { member in
            Array(member.filter { $0 != 0x20 && $0 != 0x09 })
        }
        .filter { !$0.isEmpty }
    }
}
