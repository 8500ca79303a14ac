/// A command line as it stands while Tab is pressed, up to the cursor, read as bash reads it.
public struct ShellLine: Equatable, Sendable {
    public enum Quote: Equatable, Sendable { case none, single, double }

    /// The whole words before, the program's name first, without their quotation marks.
    public private(set) var words: [String] = []
    /// What is typed of the last word, without quotation marks.
    public private(set) var word = ""
    /// The quotation mark that is open.
    public private(set) var quote = Quote.none
    /// What of `word` stands before the part that the shell replaces.
    public private(set) var kept = ""
    /// Whether the word names a file that input comes from or output goes to.
    public private(set) var isRedirected = false

    /// - Parameter breaks: the characters that begin a part of its own within a word (`COMP_WORDBREAKS`).
    public init(_ line: String, breaks: String) {
        let breaks = Set(breaks.unicodeScalars).subtracting(" \t\n\"'<>".unicodeScalars)
        var isWord = false
        var rest = line.unicodeScalars[...]
        func end(_ line: inout ShellLine) {
            if isWord, !line.isRedirected { line.words.append(line.word) }
            if isWord { line.isRedirected = false }
            (line.word, line.kept, isWord) = ("", "", false)
        }
        while let next = rest.popFirst() {
            switch (quote, next) {
            case (.none, " "), (.none, "\t"), (.none, "\n"): end(&self)
            case (.none, "<"), (.none, ">"):
                end(&self)
                isRedirected = true
            case (.none, "'"), (.none, "\""):
                quote = next == "'" ? .single : .double
                (kept, isWord) = (word, true)
            case (.single, "'"), (.double, "\""): quote = .none
            case (.none, "\\"):
                isWord = true
                if let escaped = rest.popFirst() { word.unicodeScalars.append(escaped) }
            case (.double, "\\"):
                guard let escaped = rest.popFirst() else { break }
                if !"\"\\$`".unicodeScalars.contains(escaped) { word.unicodeScalars.append(next) }
                word.unicodeScalars.append(escaped)
            default:
                isWord = true
                word.unicodeScalars.append(next)
                if quote == .none, breaks.contains(next) { kept = word }
            }
        }
    }

    /// What the shell is to put in place of the part that it replaces, so that the word becomes `whole`; nil where that
    /// cannot be said between the quotation marks that are open.
    public func replacement(_ whole: String) -> String? {
        guard whole.hasPrefix(kept) else { return nil }
        let rest = whole.dropFirst(kept.count)
        switch quote {
        case .single: return rest.map { $0 == "'" ? "'\\''" : String($0) }.joined()
        case .double:
            // bash looks for commands of its history before quotation marks, and keeps the backslash that hinders it.
            guard !rest.contains("!") else { return nil }
            return Self.escaped(rest) { "\"\\$`".unicodeScalars.contains($0) }
        case .none:
            return Self.escaped(rest) { scalar in
                scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar)
                    && !"_./:=+,%@-".unicodeScalars.contains(scalar)
            }
        }
    }

    private static func escaped(_ text: Substring, _ isSpecial: (Unicode.Scalar) -> Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isSpecial(scalar) { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }
}
