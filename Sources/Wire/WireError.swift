/// Bytes of a peer that do not follow the protocol. The side that reads them ends the conversation.
public struct WireError: Error, Equatable, Sendable, CustomStringConvertible {
    enum Code: String, Sendable {
        case truncated = "ends before its last field"
        case trailing = "goes on after its last field"
        case tooLarge = "is larger than allowed"
        case unknown = "has an unknown kind"
        case invalid = "has a value outside its range"
        case notText = "has text that is not UTF-8"
        case version = "has no version in common with us"
    }

    let code: Code
    /// What was being read, for example `request head`.
    public let subject: String

    init(_ code: Code, _ subject: String) {
        self.code = code
        self.subject = subject
    }

    public var description: String { "\(subject) \(code.rawValue)" }
}
