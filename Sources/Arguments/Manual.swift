/// The man pages of a program: one of the program, and one of each of its commands with the commands below that.
public struct Manual: Sendable {
    /// A file or variable that commands read.
    public struct Entry: Sendable {
        public let name: String
        public let meaning: String
        /// It stands on the pages of commands that take this option. All stand on the program's.
        let option: Option?
        /// It stands on this command's page.
        let command: String?

        public init(_ name: String, _ meaning: String, with option: Option? = nil, of command: Command? = nil) {
            self.name = name
            self.meaning = meaning
            self.option = option
            self.command = command?.name
        }
    }

    public struct Page: Sendable {
        /// For example `hostelry-site`; the file is `hostelry-site.1`.
        public let name: String
        public let roff: String

        public var fileName: String { "\(name).1" }
    }

    private let root: Command
    private let version: String
    private let files: [Entry]
    private let environment: [Entry]

    /// - Parameter version: for example `Hostelry 1.0`.
    public init(_ root: Command, version: String, files: [Entry], environment: [Entry]) {
        self.root = root
        self.version = version
        self.files = files
        self.environment = environment
    }

    public var pages: [Page] { [program] + root.subcommands.map(page) }

    /// The page that tells of a command; nil where there is no such command.
    public func page(of names: [String]) -> Page? {
        guard root.descendant(names) != nil else { return nil }
        return names.first.flatMap(root.subcommand).map(page) ?? program
    }

    // MARK: The program's page

    private var program: Page {
        var text = heading(root.name, root.summary)
        text += Roff.section("SYNOPSIS") + Roff.line(synopsis(root, [root.name]))
        text += description(of: root)
        for (title, commands) in root.grouped where !commands.isEmpty {
            text += Roff.section(title.uppercased())
            for command in commands {
                text += Roff.entry("\(Roff.bold(pageName(command)))(1)", Self.sentence(command.summary))
            }
        }
        text += options(Option.everywhere + [Option.version])
        text += exitStatus(root.exitStatuses)
        text += entries("FILES", files) + entries("ENVIRONMENT", environment)
        text += examples(root.examples)
        return Page(name: root.name, roff: text + seeAlso(root.subcommands.map(pageName)))
    }

    // MARK: A command's page

    private func page(_ command: Command) -> Page {
        let leaves = Self.leaves(command, [root.name, command.name])
        // What several commands of a family say is said once.
        let paragraphs = Self.repeated(leaves.flatMap(\.command.discussion))
        let common = Self.repeated(leaves.flatMap(\.command.options))
        let isFamily = !command.subcommands.isEmpty
        var text = heading(pageName(command), command.summary) + Roff.section("SYNOPSIS")
        text += leaves.map { Roff.line(synopsis($0.command, $0.path)) }.joined(separator: ".br\n")
        if isFamily {
            text += description(of: command, and: paragraphs) + Roff.section("COMMANDS")
            for leaf in leaves {
                text += Roff.subsection(leaf.path.joined(separator: " "))
                let own = leaf.command.discussion.filter { !paragraphs.contains($0) }
                text += Roff.paragraphs([Self.sentence(leaf.command.summary)] + own)
                text += takes(leaf.command, except: common)
            }
            text += options(common + Option.everywhere)
        } else {
            text += description(of: command)
            text += Roff.section("OPTIONS") + takes(command, except: [])
            text += Option.everywhere.map(entry).joined()
        }
        text += exitStatus(leaves.flatMap(\.command.exitStatuses))
        let taken = leaves.flatMap(\.command.options)
        func isMeant(_ entry: Entry) -> Bool {
            entry.command == command.name || entry.option.map(taken.contains) ?? false
        }
        text += entries("FILES", files.filter(isMeant)) + entries("ENVIRONMENT", environment.filter(isMeant))
        text += examples(leaves.flatMap(\.command.examples))
        return Page(name: pageName(command), roff: text + seeAlso([root.name] + neighbours(of: command).map(pageName)))
    }

    private func pageName(_ command: Command) -> String { "\(root.name)-\(command.name)" }

    /// The commands that help lists under the same heading.
    private func neighbours(of command: Command) -> [Command] {
        let group = root.grouped.first { $0.commands.contains { $0.name == command.name } }
        return (group?.commands ?? []).filter { $0.name != command.name }
    }

    private static func leaves(_ command: Command, _ path: [String]) -> [(command: Command, path: [String])] {
        guard !command.subcommands.isEmpty else { return [(command, path)] }
        return command.subcommands.flatMap { leaves($0, path + [$0.name]) }
    }

    private static func repeated<Value: Equatable>(_ values: [Value]) -> [Value] {
        var found: [Value] = []
        for (index, value) in values.enumerated()
        where !found.contains(value) && values[(index + 1)...].contains(value) {
            found.append(value)
        }
        return found
    }

    // MARK: Parts

    private func heading(_ name: String, _ summary: String) -> String {
        """
        .\\" Written by '\(root.name) man' from the table of its commands.
        .TH \(Roff.text(name.uppercased())) 1 "" "\(Roff.text(version))" "\(Roff.text(root.name)) manual"
        .nh
        .ad l
        .SH NAME
        \(Roff.text(name)) \\- \(Roff.text(summary))

        """
    }

    private func synopsis(_ command: Command, _ path: [String]) -> String {
        var words = [Roff.bold(path.joined(separator: " "))]
        words += command.options.map { "[\(term($0, space: "\\ "))]\($0.repeats ? " ..." : "")" }
        words += command.operands.map { operand in
            let name = Roff.italic(operand.name) + (operand.repeats ? " ..." : "")
            return operand.isRequired ? name : "[\(name)]"
        }
        if !command.subcommands.isEmpty { words.append(Roff.italic("COMMAND") + " ...") }
        return words.joined(separator: " ")
    }

    private func description(of command: Command, and more: [String] = []) -> String {
        let own = command.discussion.isEmpty ? [Self.sentence(command.summary)] : command.discussion
        return Roff.section("DESCRIPTION") + Roff.paragraphs(own + more)
    }

    private func takes(_ command: Command, except common: [Option]) -> String {
        command.operands.map { Roff.entry(Roff.italic($0.name), $0.summary) }.joined()
            + command.options.filter { !common.contains($0) }.map(entry).joined()
    }

    private func options(_ options: [Option]) -> String { Roff.section("OPTIONS") + options.map(entry).joined() }

    private func entry(_ option: Option) -> String { Roff.entry(term(option), option.text) }

    /// - Parameter space: what stands before the value.
    private func term(_ option: Option, space: String = " ") -> String {
        Roff.bold(option.name) + (option.value.map { space + Roff.italic($0.placeholder) } ?? "")
    }

    /// Each code with what it means to the commands.
    private func exitStatus(_ statuses: [Command.ExitStatus]) -> String {
        guard !statuses.isEmpty else { return "" }
        return Roff.section("EXIT STATUS")
            + Set(statuses.map(\.code)).sorted().map { code in
                var meanings: [String] = []
                for status in statuses where status.code == code && !meanings.contains(status.meaning) {
                    meanings.append(status.meaning)
                }
                return Roff.entry(Roff.bold("\(code)"), Self.sentence(meanings.joined(separator: "; or ")))
            }.joined()
    }

    private func entries(_ title: String, _ entries: [Entry]) -> String {
        guard !entries.isEmpty else { return "" }
        return Roff.section(title) + entries.map { Roff.entry(Roff.italic($0.name), $0.meaning) }.joined()
    }

    private func examples(_ examples: [Command.Example]) -> String {
        guard !examples.isEmpty else { return "" }
        return Roff.section("EXAMPLES")
            + examples.map { Roff.entry(Roff.bold($0.line), $0.meaning) }.joined()
    }

    private func seeAlso(_ pages: [String]) -> String {
        Roff.section("SEE ALSO") + Roff.line(pages.map { "\(Roff.bold($0))(1)" }.joined(separator: ", "))
    }

    /// With a capital letter and a full stop.
    private static func sentence(_ text: String) -> String {
        guard let first = text.first else { return "" }
        return first.uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
    }
}
