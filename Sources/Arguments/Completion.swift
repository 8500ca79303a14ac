/// What may be typed next: the words of the table that fit, and what kind of value is meant where the table has no words.
public struct Completion: Equatable, Sendable {
    /// A word, and what it means; empty where nothing needs saying.
    public struct Candidate: Equatable, Sendable {
        public let word: String
        public let meaning: String

        public init(_ word: String, _ meaning: String = "") {
            self.word = word
            self.meaning = meaning
        }
    }

    /// A value that the table describes and does not list.
    public struct Value: Equatable, Sendable {
        public let kind: ValueKind
        /// The option whose value it is; nil for an operand.
        public let option: String?
        /// What stands before it in the word: `--pool=`, or nothing.
        public let prefix: String
    }

    /// The names that led to the command, the program's first.
    public private(set) var path: [String]
    /// Those that begin with what is typed of the word.
    public private(set) var candidates: [Candidate] = []
    public private(set) var value: Value?
    /// What was said before, by the options' names.
    public private(set) var options: [String: [String]] = [:]
    public private(set) var operands: [String] = []

    private let word: String

    /// - Parameters:
    ///   - words: the words before, without the program's name.
    ///   - word: what is typed of the word, perhaps nothing.
    public init(_ root: Command, after words: [String], word: String) {
        path = [root.name]
        self.word = word
        var rest = words[...]
        var command = root
        while !command.subcommands.isEmpty {
            guard let name = rest.popFirst() else {
                if word.hasPrefix("-") {
                    let program = path.count == 1 ? [Option.version] : []
                    add((Option.everywhere + program).map { Candidate($0.name, $0.summary) })
                } else {
                    add(command.subcommands.map { Candidate($0.name, $0.summary) })
                }
                return
            }
            // Nobody knows what is to follow a word that nobody knows.
            guard let next = command.subcommand(name) else { return }
            command = next
            path.append(name)
        }
        complete(command, rest, root)
    }

    private mutating func complete(_ command: Command, _ words: ArraySlice<String>, _ root: Command) {
        var rest = words
        var isPastOptions = false
        while let word = rest.popFirst() {
            guard !isPastOptions, word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            guard word != "--" else {
                isPastOptions = true
                continue
            }
            let (name, attached) = Self.split(word)
            guard let option = command.option(name), let kind = option.value else {
                options[name, default: []].append("")
                continue
            }
            guard let said = attached ?? rest.popFirst() else { return offer(kind, of: option.name, after: "") }
            options[name, default: []].append(said)
        }
        if !isPastOptions, word.hasPrefix("-") {
            let (name, attached) = Self.split(word)
            guard attached != nil else { return offerOptions(of: command) }
            guard let option = command.option(name), let kind = option.value else { return }
            return offer(kind, of: option.name, after: "\(name)=")
        }
        let known = command.operands
        let last = known.last.flatMap { $0.repeats ? $0 : nil }
        if let operand = operands.count < known.count ? known[operands.count] : last {
            if operand == Operand.command {
                guard let meant = root.descendant(operands) else { return }
                return add(meant.subcommands.map { Candidate($0.name, $0.summary) })
            }
            return offer(operand.kind, of: nil, after: "")
        }
        if word.isEmpty, !isPastOptions { offerOptions(of: command) }
    }

    private mutating func offerOptions(of command: Command) {
        let open = command.options.filter { $0.repeats || options[$0.name] == nil }
        add((open + Option.everywhere).map { Candidate($0.name, $0.summary) })
    }

    private mutating func offer(_ kind: ValueKind, of option: String?, after prefix: String) {
        if case .choice(let words) = kind { return add(words.map { Candidate(prefix + $0) }) }
        value = Value(kind: kind, option: option, prefix: prefix)
    }

    private mutating func add(_ more: [Candidate]) { candidates += more.filter { $0.word.hasPrefix(word) } }

    private static func split(_ word: String) -> (name: String, value: String?) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
    }
}

extension Operand {
    /// The names of a command, one a word, for commands that tell of commands.
    public static let command = Operand(
        .text("COMMAND"), "A command by its names, for example: site add.", isRequired: false, repeats: true)
}

extension Command {
    /// The command that further names lead to; nil where there is none.
    func descendant(_ names: [String]) -> Command? {
        var command = self
        for name in names {
            guard let next = command.subcommand(name) else { return nil }
            command = next
        }
        return command
    }
}
