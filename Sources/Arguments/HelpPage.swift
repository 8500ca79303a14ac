/// What `--help` shows of a command.
struct HelpPage {
    private let command: Command
    private let path: [String]

    init(_ command: Command, _ path: [String]) {
        self.command = command
        self.path = path
    }

    func text(width: Int) -> String {
        var sections = ["\(path.joined(separator: " ")) - \(command.summary)"]
        sections.append("Usage:\n" + Self.wrapped(command.synopsis(path), indent: 2, hanging: 6, width: width))
        sections += command.discussion.map { Self.wrapped($0, indent: 0, hanging: 0, width: width) }
        for (title, commands) in command.grouped {
            append(title, commands.map { ($0.name, $0.summary) }, to: &sections, width)
        }
        append("Arguments", command.operands.map { ($0.name, $0.summary) }, to: &sections, width)
        let options = command.options + Option.everywhere + (path.count == 1 ? [Option.version] : [])
        append("Options", options.map { ($0.synopsis, $0.text) }, to: &sections, width)
        append("Exit status", command.exitStatuses.map { ("\($0.code)", $0.meaning) }, to: &sections, width)
        if !shownExamples.isEmpty {
            let examples = shownExamples.map { example in
                "  \(example.line)\n" + Self.wrapped(example.meaning, indent: 6, hanging: 6, width: width)
            }
            sections.append("Examples:\n" + examples.joined(separator: "\n"))
        }
        if !command.subcommands.isEmpty {
            sections.append("'\(path.joined(separator: " ")) COMMAND --help' says more about a command.")
        }
        return sections.joined(separator: "\n\n") + "\n"
    }

    /// A family's are those that its commands begin with.
    private var shownExamples: [Command.Example] {
        guard command.examples.isEmpty else { return command.examples }
        return Array(command.subcommands.compactMap(\.examples.first).prefix(4))
    }

    /// A list of terms with their texts beside them or, where a term is long, below it.
    private func append(
        _ title: String, _ rows: [(term: String, text: String)], to sections: inout [String], _ width: Int
    ) {
        guard !rows.isEmpty else { return }
        let column = min(rows.map(\.term.count).max() ?? 0, 20) + 4
        let lines = rows.map { row in
            let text = Self.wrapped(row.text, indent: column, hanging: column, width: width)
            guard row.term.count + 4 <= column else { return "  \(row.term)\n\(text)" }
            return "  \(row.term)" + text.dropFirst(row.term.count + 2)
        }
        sections.append("\(title):\n" + lines.joined(separator: "\n"))
    }

    /// Lines of at most `width` columns, where words allow; the first is indented by `indent`, the others by `hanging`.
    static func wrapped(_ text: String, indent: Int, hanging: Int, width: Int) -> String {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        var isEmpty = true
        for word in words(text) {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: hanging)
                isEmpty = true
            }
            line += isEmpty ? word : " \(word)"
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// What is in brackets stays on one line.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        for word in text.split(separator: " ").map(String.init) {
            if let last = words.last, last.hasPrefix("["), !last.hasSuffix("]") {
                words[words.count - 1] = "\(last) \(word)"
            } else {
                words.append(word)
            }
        }
        return words
    }
}
