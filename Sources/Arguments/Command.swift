/// A command or, with `subcommands`, a family of them: what it takes and what its help says.
public struct Command: Sendable {
    /// As it is typed, for example `check`.
    public let name: String
    /// One line without a full stop, for lists: `find what is wrong with a configuration`.
    public let summary: String
    /// Paragraphs.
    public let discussion: [String]
    public let operands: [Operand]
    public let options: [Option]
    public let subcommands: [Command]
    /// In which order help lists `subcommands`, and under which headings; those that no group names come last.
    public let groups: [Group]
    public let examples: [Example]
    public let exitStatuses: [ExitStatus]

    public init(
        _ name: String, _ summary: String, discussion: [String] = [], operands: [Operand] = [], options: [Option] = [],
        subcommands: [Command] = [], groups: [Group] = [], examples: [Example] = [], exitStatuses: [ExitStatus] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.operands = operands
        self.options = options
        self.subcommands = subcommands
        self.groups = groups
        self.examples = examples
        self.exitStatuses = exitStatuses
    }

    public struct Group: Sendable {
        public let title: String
        /// Of subcommands; one that is not there is passed over.
        public let names: [String]

        public init(_ title: String, _ names: [String]) {
            self.title = title
            self.names = names
        }
    }

    /// The subcommands under their headings.
    var grouped: [(title: String, commands: [Command])] {
        guard !groups.isEmpty else { return [("Commands", subcommands)] }
        let named = Set(groups.flatMap(\.names))
        return groups.map { ($0.title, $0.names.compactMap(subcommand)) }
            + [("More commands", subcommands.filter { !named.contains($0.name) })]
    }

    public struct Example: Sendable {
        public let line: String
        /// What it does, a sentence.
        public let meaning: String

        public init(_ line: String, _ meaning: String) {
            self.line = line
            self.meaning = meaning
        }
    }

    public struct ExitStatus: Sendable {
        public let code: Int32
        public let meaning: String

        public init(_ code: Int32, _ meaning: String) {
            self.code = code
            self.meaning = meaning
        }
    }

    func subcommand(_ name: String) -> Command? { subcommands.first { $0.name == name } }

    func option(_ name: some StringProtocol) -> Option? { (options + Option.everywhere).first { $0.name == name } }

    /// How the command is typed, for example `hostelry check [--config FILE] [FILE ...]`. `path` is all its names.
    func synopsis(_ path: [String]) -> String {
        var words = path
        words += options.map { "[\($0.synopsis)]" }
        words += operands.map(\.synopsis)
        if !subcommands.isEmpty { words.append("COMMAND") }
        return words.joined(separator: " ")
    }
}
