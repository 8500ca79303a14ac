/// What an administrator asks of the master.
///
///     {"version":1,"operation":"recycle","pool":"Main"}
///
/// A request is one line of JSON, at most 64 KB long (`write-web-config`, which carries a file: 1 MB); an answer is one line too (`ControlAnswer`). A connection carries
/// as many requests as the client likes, one after the other.
public struct ControlRequest: Equatable, Sendable {
    /// Of the protocol: what this build asks and answers.
    public static let version: Int64 = 1
    /// Unit: bytes.
    public static let maximumLength = 1 << 16
    /// Of a line that begins as `ControlRequest` writes a `write-web-config`: twice the largest web.config (250 KB), in
    /// escapes of two bytes each. Unit: bytes.
    public static let maximumLengthWithFile = 1 << 20
    private static let fileBeginning = Array(#"{"version":1,"operation":"write-web-config","#.utf8)

    /// How long the line may be that begins like this. Unit: bytes.
    public static func maximumLength(of line: Span<UInt8>) -> Int {
        let isFile =
            line.count >= fileBeginning.count && fileBeginning.indices.allSatisfy { line[$0] == fileBeginning[$0] }
        return isFile ? maximumLengthWithFile : maximumLength
    }

    /// The socket's name in the state folder.
    public static let socketName = "control.sock"

    public enum Operation: Equatable, Sendable {
        case status
        /// The states of sites and pools and the workers, without what has to be asked of processes.
        case states
        /// The requests that workers have in work.
        case requests
        /// What was counted by site and by pool, and how pools are (`ServerMetrics`).
        case metrics
        /// Ends the server when requests in work are finished, or at once.
        case stop(now: Bool)
        case reload
        /// Commits a change of the configuration that lies in the state folder under this name, and applies it.
        case change(staged: String)
        case recycle(pool: String)
        case startPool(String)
        case stopPool(String)
        case startSite(String)
        case stopSite(String)
        /// The version on disk takes over. Only a refusal is answered: the conversation ends when it does.
        case upgrade
        /// Events behind number `since`: those that are there, or with `follow` also those that come. After the answer
        /// each event is a line of its own, and where it is not followed `{"version":1,"end":true}` is the last one.
        case events(since: UInt64, follows: Bool)
        /// What whoever asks may do.
        case access
        /// A site's web.config: looking at it, and changing it.
        case webConfig(WebConfigOrder)
    }

    public let operation: Operation

    public init(_ operation: Operation) { self.operation = operation }

    /// The operations by their names, with the members that each takes.
    private enum Name: String, CaseIterable {
        case status
        case states
        case requests
        case metrics
        case stop
        case reload
        case change
        case recycle
        case startPool = "start-pool"
        case stopPool = "stop-pool"
        case startSite = "start-site"
        case stopSite = "stop-site"
        case upgrade
        case events
        case access
        case readWebConfig = "read-web-config"
        case writeWebConfig = "write-web-config"
        case changeWebConfig = "change-web-config"
    }

    /// The line, without its end.
    public var line: String {
        let (name, members): (Name, KeyValuePairs<String, JSONValue>) =
            switch operation {
            case .status: (.status, [:])
            case .states: (.states, [:])
            case .requests: (.requests, [:])
            case .metrics: (.metrics, [:])
            case .stop(let now): (.stop, ["now": .boolean(now)])
            case .reload: (.reload, [:])
            case .change(let staged): (.change, ["staged": .text(staged)])
            case .recycle(let pool): (.recycle, ["pool": .text(pool)])
            case .startPool(let pool): (.startPool, ["pool": .text(pool)])
            case .stopPool(let pool): (.stopPool, ["pool": .text(pool)])
            case .startSite(let site): (.startSite, ["site": .text(site)])
            case .stopSite(let site): (.stopSite, ["site": .text(site)])
            case .upgrade: (.upgrade, [:])
            case .events(let since, let follows):
                (.events, ["since": .integer(since), "follow": .boolean(follows)])
            case .access: (.access, [:])
            case .webConfig(let order):
                switch order.action {
                case .read: (.readWebConfig, order.members)
                case .write: (.writeWebConfig, order.members)
                case .change: (.changeWebConfig, order.members)
                }
            }
        let head: [JSONValue.Member] = [
            .init("version", .integer(Self.version)), .init("operation", .text(name.rawValue)),
        ]
        return JSONValue.object(head + members.map { .init($0.key, $0.value) }).line
    }

    /// Reads a line that anybody may have sent.
    public init(line: [UInt8]) throws(ControlRefusal) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(line)
        } catch {
            throw ControlRefusal(.malformed, "The request is no JSON text: \(error).")
        }
        guard value["version"]?.number == Self.version else {
            throw ControlRefusal(.version, "This server speaks version \(Self.version) of the control protocol.")
        }
        guard let name = value["operation"]?.string.flatMap(Name.init(rawValue:)) else {
            let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw ControlRefusal(.unknownOperation, "The operations are \(known).")
        }
        var reader = MemberReader(value)
        operation =
            switch name {
            case .status: .status
            case .states: .states
            case .requests: .requests
            case .metrics: .metrics
            case .stop: .stop(now: try reader.flag("now") ?? false)
            case .reload: .reload
            case .change: .change(staged: try reader.text("staged"))
            case .recycle: .recycle(pool: try reader.text("pool"))
            case .startPool: .startPool(try reader.text("pool"))
            case .stopPool: .stopPool(try reader.text("pool"))
            case .startSite: .startSite(try reader.text("site"))
            case .stopSite: .stopSite(try reader.text("site"))
            case .upgrade: .upgrade
            case .events: .events(since: try reader.number("since") ?? 0, follows: try reader.flag("follow") ?? false)
            case .access: .access
            case .readWebConfig: .webConfig(try WebConfigOrder(reading: &reader))
            case .writeWebConfig: .webConfig(try WebConfigOrder(writing: &reader))
            case .changeWebConfig: .webConfig(try WebConfigOrder(changing: &reader))
            }
        try reader.end()
    }
}

/// Takes the members that an operation knows; others are a mistake.
struct MemberReader {
    private let value: JSONValue
    private var known: Set<String> = ["version", "operation"]

    init(_ value: JSONValue) { self.value = value }

    mutating func text(_ name: String) throws(ControlRefusal) -> String {
        known.insert(name)
        guard let text = value[name]?.string, !text.isEmpty else {
            throw ControlRefusal(.malformed, "The member '\(name)' is missing or no text.")
        }
        return text
    }

    /// Nil where the member is missing or null.
    mutating func optionalText(_ name: String) throws(ControlRefusal) -> String? {
        known.insert(name)
        guard let member = value[name], member != .null else { return nil }
        guard let text = member.string else { throw ControlRefusal(.malformed, "The member '\(name)' is no text.") }
        return text
    }

    /// None where the member is missing.
    mutating func texts(_ name: String) throws(ControlRefusal) -> [String] {
        known.insert(name)
        guard let member = value[name] else { return [] }
        guard let elements = member.elements, elements.allSatisfy({ $0.string != nil }) else {
            throw ControlRefusal(.malformed, "The member '\(name)' is no array of texts.")
        }
        return elements.compactMap(\.string)
    }

    mutating func flag(_ name: String) throws(ControlRefusal) -> Bool? {
        known.insert(name)
        guard let member = value[name] else { return nil }
        guard let flag = member.flag else { throw ControlRefusal(.malformed, "The member '\(name)' is no boolean.") }
        return flag
    }

    mutating func number(_ name: String) throws(ControlRefusal) -> UInt64? {
        known.insert(name)
        guard let member = value[name] else { return nil }
        guard let number = member.number.flatMap({ UInt64(exactly: $0) }) else {
            throw ControlRefusal(.malformed, "The member '\(name)' is no number from 0.")
        }
        return number
    }

    func end() throws(ControlRefusal) {
        guard let stranger = value.members?.first(where: { !known.contains($0.name) }) else { return }
        throw ControlRefusal(.malformed, "The member '\(stranger.name)' is unknown.")
    }
}
