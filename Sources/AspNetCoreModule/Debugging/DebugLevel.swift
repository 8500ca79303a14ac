import Wire

/// What the debug log tells and where: `debugLevel`, a list such as `FILE,TRACE`.
struct DebugLevel: OptionSet, Sendable {
    let rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    static let error = DebugLevel(rawValue: 1)
    /// A level tells what severer ones tell as well.
    static let warning: DebugLevel = [.error, DebugLevel(rawValue: 2)]
    static let information: DebugLevel = [.warning, DebugLevel(rawValue: 4)]
    static let trace: DebugLevel = [.information, DebugLevel(rawValue: 8)]
    static let console = DebugLevel(rawValue: 16)
    static let file = DebugLevel(rawValue: 32)
    static let eventLog = DebugLevel(rawValue: 64)

    private static let words: [(word: String, level: DebugLevel)] = [
        ("error", .error), ("warning", .warning), ("info", .information), ("trace", .trace), ("console", .console),
        ("file", .file), ("eventlog", .eventLog),
    ]

    /// Each part means the word that it begins with, in any case of letters; other parts mean nothing. Without a level it
    /// is `info`.
    init(_ text: String) {
        var level: DebugLevel = []
        for part in text.split(separator: ",") {
            let part = part.lowercased().drop { $0 == " " }
            for (word, meaning) in Self.words where part.hasPrefix(word) { level.formUnion(meaning) }
        }
        if !level.isEmpty, level.isDisjoint(with: .trace) { level.formUnion(.information) }
        self = level
    }

    /// Whether lines of the level are told.
    func tells(_ level: ModuleNotice.Level) -> Bool {
        switch level {
        case .error: contains(.error)
        case .warning: contains(.warning)
        case .information: contains(.information)
        }
    }
}
