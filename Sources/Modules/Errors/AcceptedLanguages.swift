import Pipeline
import Wire

/// The languages that a client reads, as names of folders: `de-CH`, `de`.
enum AcceptedLanguages {
    /// How many of a client's languages are looked at.
    static let limit = 4

    /// The languages of an `Accept-Language` field (RFC 9110, 12.5.4), best first, then the server's, then `en-US`; none
    /// twice, and each with the language alone behind it. What is no language tag is left out, so no name leads
    /// anywhere but into a folder of that name.
    static func folders(_ field: String, server: String?) -> [String] {
        var accepted: [(tag: String, weight: Int, place: Int)] = []
        for (place, part) in ASCII.list(field).prefix(32).enumerated() {
            let pieces = part.split(separator: ";", omittingEmptySubsequences: false)
            guard let first = pieces.first, let language = tag(String(first.filter { $0 != " " })) else { continue }
            let weights = pieces.dropFirst().compactMap { weight(String($0.filter { $0 != " " })) }
            let rank = weights.first ?? 1000
            if rank > 0 { accepted.append((language, rank, place)) }
        }
        accepted.sort { ($1.weight, $0.place) < ($0.weight, $1.place) }
        let own = server.flatMap { tag($0) }.map { [$0] } ?? []
        let wanted = accepted.prefix(limit).map(\.tag) + own + ["en-US"]
        var folders: [String] = []
        for language in wanted {
            for name in [language, String(language.prefix { $0 != "-" })] where !folders.contains(name) {
                folders.append(name)
            }
        }
        return folders
    }

    /// The tag with its letters as folders have them: `zh-Hant-TW`. Nil for what is no tag.
    static func tag(_ text: String) -> String? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count <= 35, let language = parts.first, language.utf8.allSatisfy(isLetter) else { return nil }
        var tag = ""
        for (index, part) in parts.enumerated() {
            guard (1...8).contains(part.utf8.count), part.utf8.allSatisfy({ isLetter($0) || isDigit($0) }) else {
                return nil
            }
            let lower = part.lowercased()
            if index == 0 {
                tag = lower
            } else if part.utf8.count == 2 {
                tag += "-" + lower.uppercased()
            } else if part.utf8.count == 4, part.utf8.allSatisfy(isLetter) {
                tag += "-\(lower.prefix(1).uppercased())\(lower.dropFirst())"
            } else {
                tag += "-" + lower
            }
        }
        return tag
    }

    /// The language that a POSIX locale names: `de-DE` of `de_DE.UTF-8`; nil for `C` and `POSIX`.
    static func ofLocale(_ locale: String) -> String? {
        let name = String(locale.prefix { $0 != "." && $0 != "@" }.map { $0 == "_" ? "-" : $0 })
        return name.utf8.count < 2 || name == "POSIX" ? nil : tag(name)
    }

    /// Thousandths of `q=0.8`; nil for another parameter.
    private static func weight(_ parameter: String) -> Int? {
        guard parameter.lowercased().hasPrefix("q=") else { return nil }
        let number = parameter.dropFirst(2).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = number.first.flatMap({ Int($0) }), (0...1).contains(whole) else { return 0 }
        let digits = number.count > 1 ? number[1].prefix(3) : ""
        guard let fraction = Int(digits.isEmpty ? "0" : digits), fraction >= 0 else { return 0 }
        let scale = [1, 100, 10, 1][digits.utf8.count]
        return min(1000, whole * 1000 + fraction * scale)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
