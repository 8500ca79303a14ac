/// What somebody meant who typed a command or option that is none.
struct Advice {
    /// What other programs call it, in the order in which the commands here are tried.
    private static let synonyms: [String: [String]] = [
        "create": ["add", "init"], "new": ["add", "init"], "make": ["add", "init"], "insert": ["add"],
        "delete": ["remove", "delete"], "rm": ["remove", "delete"], "del": ["remove", "delete"],
        "remove": ["remove", "delete"], "uninstall": ["remove"], "ls": ["list"], "dir": ["list"],
        "info": ["show", "status"], "get": ["show", "get"], "cat": ["show"], "describe": ["show"],
        "modify": ["set"], "update": ["set"], "change": ["set"], "rename": ["set"], "move": ["set"],
        "restart": ["recycle", "reload"], "reset": ["unset"], "serve": ["run"], "validate": ["check"],
        "test": ["check"], "verify": ["check"], "log": ["logs", "events"], "undo": ["restore"],
        "rollback": ["restore"], "revert": ["restore"], "halt": ["stop"], "shutdown": ["stop"], "version": ["status"],
        "apppool": ["pool"], "apppools": ["pool"], "pools": ["pool"], "sites": ["site"], "website": ["site"],
        "apps": ["app"], "application": ["app"], "applications": ["app"], "configuration": ["config"],
    ]
    /// Of more, none is told: they are no help.
    private static let most = 6

    let root: Command

    /// For example ` (did you mean "list"?)`; empty where nobody can tell.
    ///
    /// - Parameters:
    ///   - command: the one that has no such subcommand.
    ///   - path: its names.
    ///   - rest: the words behind it.
    func command(_ word: String, in command: Command, _ path: [String], before rest: ArraySlice<String>) -> String {
        let names = command.subcommands.map(\.name)
        let meant = [word] + (Self.synonyms[word] ?? [])
        if let synonym = meant.first(where: names.contains) { return Self.text([synonym]) }
        // The verb came first.
        if let family = rest.first.flatMap(command.subcommand),
            let verb = meant.first(where: { family.subcommand($0) != nil })
        {
            return Self.text([(path + [family.name, verb]).joined(separator: " ")])
        }
        if let near = Spelling.nearest(to: word, in: names) { return Self.text([near]) }
        for name in meant {
            let found = paths { path, _ in path.last == name }
            guard found.isEmpty else { return Self.text(found) }
        }
        return ""
    }

    /// The same for an option: one of the command's, else the commands of its family that take it, else any.
    func option(_ name: String, of command: Command, _ path: [String]) -> String {
        if let near = Spelling.nearest(to: name, in: (command.options + Option.everywhere).map(\.name)) {
            return Self.text([near])
        }
        let all = paths { _, command in command.options.contains { $0.name == name } }
        let family = path.dropLast().joined(separator: " ") + " "
        let near = path.count > 2 ? all.filter { $0.hasPrefix(family) } : []
        let known = near.isEmpty ? all : near
        guard !known.isEmpty, known.count <= Self.most else { return "" }
        return " (\(Self.list(known)) \(known.count == 1 ? "takes" : "take") it)"
    }

    /// The whole names of the commands that `isMeant`.
    private func paths(_ isMeant: ([String], Command) -> Bool) -> [String] {
        var found: [String] = []
        func look(_ command: Command, _ path: [String]) {
            if path.count > 1, isMeant(path, command) { found.append(path.joined(separator: " ")) }
            for child in command.subcommands { look(child, path + [child.name]) }
        }
        look(root, [root.name])
        return found
    }

    private static func text(_ guesses: [String]) -> String {
        guesses.isEmpty || guesses.count > most ? "" : " (did you mean \(list(guesses))?)"
    }

    private static func list(_ words: [String]) -> String {
        let quoted = words.map { "\"\($0)\"" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
        return "\(quoted.dropLast().joined(separator: ", ")) or \(last)"
    }
}
