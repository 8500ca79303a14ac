/// Something that is wrong on a server, and what to type about it.
public struct Finding: Equatable, Sendable {
    public enum Severity: String, Comparable, Sendable {
        /// Something is not served as it should be.
        case error
        /// It is served, and something is wrong all the same.
        case warning
        /// Worth knowing.
        case note

        private var rank: Int { self == .error ? 0 : self == .warning ? 1 : 2 }

        public static func < (one: Severity, other: Severity) -> Bool { one.rank < other.rank }
    }

    /// The check's name, for example `folder-unreadable`.
    public let check: String
    public let severity: Severity
    /// For example `site "Blog"`; empty for the server.
    public let object: String
    public let text: String
    /// Lines for a shell. Empty where a person has to decide what to do.
    public let commands: [String]
}

/// One thing that is looked for.
struct Check: Sendable {
    let name: String
    let look: @Sendable (Picture) -> [Found]

    /// A finding before it has its check's name.
    struct Found {
        let severity: Finding.Severity
        let object: String
        let text: String
        let commands: [String]

        init(_ severity: Finding.Severity, _ object: String = "", _ text: String, _ commands: [String] = []) {
            self.severity = severity
            self.object = object
            self.text = text
            self.commands = commands
        }
    }

    /// In the order in which they are told.
    static let all: [Check] =
        serverChecks + addressChecks + contentChecks + poolChecks + applicationChecks + configurationChecks + logChecks
        + machineChecks

    /// What all of them find: the worst first.
    public static func findings(in picture: Picture) -> [Finding] {
        let all = all.flatMap { check in
            check.look(picture).map {
                Finding(
                    check: check.name, severity: $0.severity, object: $0.object, text: $0.text, commands: $0.commands)
            }
        }
        // In the order of the checks, where they are as bad.
        return all.enumerated().sorted { ($0.element.severity, $0.offset) < ($1.element.severity, $1.offset) }
            .map(\.element)
    }
}
