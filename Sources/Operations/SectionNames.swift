public import Configuration

/// The sections of a server by their names as people type them: the whole path, or the last word of it, in any case of
/// letters.
public struct SectionNames: Sendable {
    public enum Meaning: Equatable, Sendable {
        /// The section's path, for example `system.webServer/defaultDocument`.
        case section(String)
        /// Sections that have this last word.
        case several([String])
        case none
    }

    /// The paths, in order.
    public let all: [String]

    public init(_ declarations: SectionDeclarations) { all = declarations.sections.keys.sorted() }

    public init(_ server: ServerConfiguration) { self.init(server.file.declarations) }

    public func meaning(of text: String) -> Meaning {
        if let exact = all.first(where: { $0.isSame(as: text) }) { return .section(exact) }
        let short = all.filter { $0.split(separator: "/").last.map { String($0).isSame(as: text) } ?? false }
        guard let first = short.first else { return .none }
        return short.count == 1 ? .section(first) : .several(short)
    }

    /// Those that a pattern fits, in which `*` stands for any characters; all for an empty one.
    public func matching(_ pattern: String) -> [String] {
        pattern.isEmpty ? all : all.filter { Self.matches($0, pattern) }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        let (text, pattern) = (Array(text.lowercased()), Array(pattern.lowercased()))
        var (place, mark) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while place < text.count {
            if mark < pattern.count, pattern[mark] == "*" {
                star = (mark, place)
                mark += 1
            } else if mark < pattern.count, pattern[mark] == text[place] {
                mark += 1
                place += 1
            } else if let known = star {
                star = (known.pattern, known.text + 1)
                mark = known.pattern + 1
                place = known.text + 1
            } else {
                return false
            }
        }
        return pattern[mark...].allSatisfy { $0 == "*" }
    }
}
