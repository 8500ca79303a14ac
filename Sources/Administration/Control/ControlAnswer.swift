/// Why the master does not do what it was asked.
public struct ControlRefusal: Error, Equatable, Sendable {
    public enum Code: String, CaseIterable, Sendable {
        /// The request is no JSON object with the members that its operation takes.
        case malformed
        /// The request's version is one that the server does not speak.
        case version = "unsupported-version"
        case unknownOperation = "unknown-operation"
        case unknownPool = "unknown-pool"
        case unknownSite = "unknown-site"
        /// The peer may not have it done, or the account that would do it may not.
        case denied
        /// Somebody else saved the file since it was read. Nothing is changed.
        case changed
        /// Too many connections, or a request that took too long.
        case busy
        /// The configuration has a mistake and what was read last stays in force; `problems` says which.
        case rejected
        /// What was asked for makes no sense in this state: the server is ending, the site is quarantined.
        case state = "wrong-state"
        /// The machine does not let it.
        case failed
    }

    public let code: Code
    /// A sentence for people.
    public let text: String
    /// Further members of the answer.
    public let details: [JSONValue.Member]

    public init(_ code: Code, _ text: String, _ details: [JSONValue.Member] = []) {
        self.code = code
        self.text = text
        self.details = details
    }
}

/// What the master answers: one line of JSON.
///
///     {"version":1,"ok":true,…}
///     {"version":1,"ok":false,"error":"unknown-pool","text":"There is no pool \"Mian\"."}
public enum ControlAnswer: Equatable, Sendable {
    case done([JSONValue.Member])
    case refused(ControlRefusal)

    /// The line, without its end.
    public var line: String {
        let members: [JSONValue.Member] =
            switch self {
            case .done(let members): [.init("ok", .boolean(true))] + members
            case .refused(let refusal):
                [
                    .init("ok", .boolean(false)), .init("error", .text(refusal.code.rawValue)),
                    .init("text", .text(refusal.text)),
                ] + refusal.details
            }
        return JSONValue.object([.init("version", .integer(ControlRequest.version))] + members).line
    }

    /// The answer with one more member.
    public func adding(_ name: String, _ value: JSONValue) -> ControlAnswer {
        switch self {
        case .done(let members): .done([.init(name, value)] + members)
        case .refused(let refusal):
            .refused(ControlRefusal(refusal.code, refusal.text, [.init(name, value)] + refusal.details))
        }
    }

    /// The last line behind events that are not followed.
    public static let end = #"{"version":1,"end":true}"#

    /// Reads a line of the master's; nil for what is none. A code of another version counts as `failed`.
    public init?(line: [UInt8]) {
        guard let value = try? JSONReader.read(line), let members = value.members, let isDone = value["ok"]?.flag else {
            return nil
        }
        let known: Set<String> = isDone ? ["version", "ok"] : ["version", "ok", "error", "text"]
        let rest = members.filter { !known.contains($0.name) }
        guard !isDone else {
            self = .done(rest)
            return
        }
        guard let text = value["text"]?.string else { return nil }
        self = .refused(
            ControlRefusal(value["error"]?.string.flatMap(ControlRefusal.Code.init(rawValue:)) ?? .failed, text, rest))
    }
}
