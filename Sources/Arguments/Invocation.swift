/// A command with the values it was given; every value has been checked against its declaration.
public struct Invocation: Sendable {
    /// The names that led to the command, the program's first: `["hostelry", "config", "show"]`.
    public let path: [String]
    public let command: Command
    /// What was said by place, in order.
    public let operands: [String]
    private let options: [String: [String]]

    init(path: [String], command: Command, operands: [String], options: [String: [String]]) {
        self.path = path
        self.command = command
        self.operands = operands
        self.options = options
    }

    /// Whether the flag was given.
    public func has(_ option: Option) -> Bool { options[option.name] != nil }

    /// The option's value; nil where it was not given.
    public func text(_ option: Option) -> String? { options[option.name]?.first }

    /// The values of an option that may be given several times, in order.
    public func texts(_ option: Option) -> [String] { options[option.name] ?? [] }

    /// The value of an option that takes a number; nil where it was not given.
    public func number(_ option: Option) -> Int? { text(option).flatMap { Int($0) } }

    /// The operand at the place it was declared at; nil where it was left out.
    public func operand(_ operand: Operand) -> String? {
        guard let index = command.operands.firstIndex(of: operand), index < operands.count else { return nil }
        return operands[index]
    }
}

/// What the arguments ask for.
public enum Outcome: Sendable {
    case run(Invocation)
    /// Print this and end well.
    case show(String)
    /// Print this to standard error and end with `UsageError.exitStatus`.
    case refuse(UsageError)
}

/// Arguments that make no sense.
public struct UsageError: Error, Equatable, Sendable {
    public static let exitStatus: Int32 = 2

    /// For example `unknown option "--prot" (did you mean "--port"?)`.
    public let message: String
    /// The names of the command it was said to, for example `hostelry run`.
    public let command: String

    init(_ message: String, _ path: [String]) {
        self.message = message
        command = path.joined(separator: " ")
    }

    /// What to print.
    public var text: String { "\(command): \(message)\nTry '\(command) --help'.\n" }
}
