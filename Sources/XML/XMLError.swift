/// A document that is not well formed, or uses what a configuration file may not.
public struct XMLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Line of the document, from 1.
    public let line: Int
    /// The parser's reason, without a final full stop or line end.
    public let reason: String

    public init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    public var description: String { "line \(line): \(reason)" }
}
