/// Reads arguments against a tree of commands.
public struct ArgumentParser: Sendable {
    private let root: Command
    private let version: String

    /// `version` is what `--version` shows, for example `Hostelry 1.0`.
    public init(_ root: Command, version: String) {
        self.root = root
        self.version = version
    }

    /// `arguments` without the program's name; `width` columns for help.
    public func parse(_ arguments: [String], width: Int = 80) -> Outcome {
        var rest = arguments[...]
        var path = [root.name]
        var command = root
        while !command.subcommands.isEmpty {
            guard let word = rest.popFirst() else {
                return .refuse(UsageError("a command is missing: \(list(command.subcommands.map(\.name)))", path))
            }
            if word == Option.help.name || word == "-h" { return .show(HelpPage(command, path).text(width: width)) }
            if word == Option.version.name, path.count == 1 { return .show("\(version)\n") }
            guard let next = command.subcommand(word) else {
                let advice = Advice(root: root)
                return .refuse(
                    word.hasPrefix("-")
                        ? unknown("option", word, advice.option(word, of: command, path), path)
                        : unknown("command", word, advice.command(word, in: command, path, before: rest), path))
            }
            command = next
            path.append(word)
        }
        do throws(UsageError) {
            guard let invocation = try read(rest, command, path) else {
                return .show(HelpPage(command, path).text(width: width))
            }
            return .run(invocation)
        } catch {
            return .refuse(error)
        }
    }

    /// Nil where help is asked for.
    private func read(
        _ arguments: ArraySlice<String>, _ command: Command, _ path: [String]
    ) throws(UsageError) -> Invocation? {
        var rest = arguments
        var operands: [String] = []
        var options: [String: [String]] = [:]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            if word == Option.help.name || word == "-h" { return nil }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let option = command.option(parts[0]) else {
                let name = String(parts[0])
                throw unknown("option", name, Advice(root: root).option(name, of: command, path), path)
            }
            guard option.repeats || options[option.name] == nil else {
                throw UsageError("\(option.name) is given twice", path)
            }
            options[option.name, default: []].append(
                try value(of: option, parts.count > 1 ? String(parts[1]) : nil, &rest, path))
        }
        try check(operands, command, path)
        return Invocation(path: path, command: command, operands: operands, options: options)
    }

    private func value(
        of option: Option, _ attached: String?, _ rest: inout ArraySlice<String>, _ path: [String]
    ) throws(UsageError) -> String {
        guard let kind = option.value else {
            guard attached == nil else { throw UsageError("\(option.name) takes no value", path) }
            return ""
        }
        guard let value = attached ?? rest.popFirst() else {
            throw UsageError("\(option.name) needs a value: \(kind.placeholder)", path)
        }
        if let objection = kind.objection(to: value) {
            throw UsageError("\(option.name) \"\(value)\": \(objection)", path)
        }
        return value
    }

    private func check(_ operands: [String], _ command: Command, _ path: [String]) throws(UsageError) {
        for (index, operand) in command.operands.enumerated() where index >= operands.count && operand.isRequired {
            throw UsageError("\(operand.name) is missing", path)
        }
        for (index, value) in operands.enumerated() {
            let last = command.operands.last
            guard let operand = index < command.operands.count ? command.operands[index] : last,
                index < command.operands.count || operand.repeats
            else { throw UsageError("unexpected \"\(value)\"", path) }
            if let objection = operand.kind.objection(to: value) {
                throw UsageError("\(operand.name) \"\(value)\": \(objection)", path)
            }
        }
    }

    private func unknown(_ what: String, _ word: String, _ advice: String, _ path: [String]) -> UsageError {
        UsageError("unknown \(what) \"\(word)\"\(advice)", path)
    }

    private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
