/// Something that may be said with a name: `--json`, `--config FILE`.
public struct Option: Equatable, Sendable {
    /// With its hyphens, for example `--config`.
    public let name: String
    /// What is to follow; nil for a flag.
    public let value: ValueKind?
    /// A sentence or two.
    public let summary: String
    /// What holds without it, in words; nil where nothing needs saying.
    public let fallback: String?
    /// Whether it may be said several times, each time with a value of its own.
    public let repeats: Bool

    public init(
        _ name: String, takes value: ValueKind? = nil, _ summary: String, default fallback: String? = nil,
        repeats: Bool = false
    ) {
        self.repeats = repeats
        self.name = name
        self.value = value
        self.summary = summary
        self.fallback = fallback
    }

    static let help = Option("--help", "Shows this text.")
    /// What the program itself takes.
    static let version = Option("--version", "Shows the program's version.")
    /// What every command takes.
    static let everywhere = [help]

    var synopsis: String { value.map { "\(name) \($0.placeholder)" } ?? name }

    /// The summary and the default.
    var text: String { fallback.map { "\(summary) Default: \($0)." } ?? summary }
}

/// What an option or operand takes.
public enum ValueKind: Equatable, Sendable {
    /// Any text; the placeholder that help shows, for example `SECTION`.
    case text(String)
    case file
    case folder
    case number(ClosedRange<Int>)
    /// One of these words.
    case choice([String])

    var placeholder: String {
        switch self {
        case .text(let placeholder): placeholder
        case .file: "FILE"
        case .folder: "DIR"
        case .number: "N"
        case .choice(let words): words.joined(separator: "|")
        }
    }

    /// Why `text` is none; nil where it is one.
    func objection(to text: String) -> String? {
        switch self {
        case .text, .file, .folder: text.isEmpty ? "it is empty" : nil
        case .number(let range):
            Int(text).map(range.contains) == true
                ? nil : "expected a number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): words.contains(text) ? nil : "expected \(words.joined(separator: " or "))"
        }
    }
}

/// Something that is said by its place: `FILE ...`.
public struct Operand: Equatable, Sendable {
    public let kind: ValueKind
    /// In help and in messages, for example `FILE`.
    public let name: String
    public let summary: String
    public let isRequired: Bool
    /// Whether several may follow; only the last operand may.
    public let repeats: Bool

    public init(
        _ kind: ValueKind, named name: String? = nil, _ summary: String, isRequired: Bool = true, repeats: Bool = false
    ) {
        self.kind = kind
        self.name = name ?? kind.placeholder
        self.summary = summary
        self.isRequired = isRequired
        self.repeats = repeats
    }

    var synopsis: String {
        let several = repeats ? "\(name) ..." : name
        return isRequired ? several : "[\(several)]"
    }
}
