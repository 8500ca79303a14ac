public import Configuration

/// Something wrong with the configuration: where, what, and what would be right.
public struct Problem: Hashable, Sendable {
    public enum Severity: String, Sendable {
        case error
        case warning
    }

    public let severity: Severity
    public let file: String
    public let line: SourceLine
    /// The site, application or pool it concerns, for example `site "Blog"`; empty for the server.
    public let object: String
    public let message: String

    public init(_ severity: Severity, file: String, line: Int, object: String = "", _ message: String) {
        self.severity = severity
        self.file = file
        self.line = SourceLine(line)
        self.object = object
        self.message = message
    }

    public init(_ error: ConfigurationError, object: String = "") {
        self.init(.error, file: error.file, line: error.line, object: object, error.text)
    }

    init(_ severity: Severity, at source: Provenance, object: String, _ message: String) {
        self.init(severity, file: source.file ?? "", line: source.line, object: object, message)
    }
}
