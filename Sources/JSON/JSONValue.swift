import Events

/// A JSON text as a value. Members of an object keep their order.
public enum JSONValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case decimal(Double)
    case text(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Equatable, Sendable {
        public let name: String
        public let value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// An object of these members, in this order.
    public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member($0.key, $0.value) })
    }

    public static func integer(_ number: some BinaryInteger) -> JSONValue { .integer(Int64(clamping: number)) }

    /// `null` for nil.
    public static func optional(_ number: (some BinaryInteger)?) -> JSONValue { number.map { .integer($0) } ?? .null }

    /// `null` for nil.
    public static func optional(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }

    /// The member's value; nil where this is no object or has none of that name.
    public subscript(name: String) -> JSONValue? { members?.first { $0.name == name }?.value }

    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    public var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    public var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    public var number: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    public var flag: Bool? {
        guard case .boolean(let flag) = self else { return nil }
        return flag
    }
}

/// Writing.
extension JSONValue {
    /// On one line. Nothing in it can end the line or steer a terminal.
    public var line: String {
        var output = ""
        append(to: &output)
        return output
    }

    private func append(to output: inout String) {
        switch self {
        case .array(let elements):
            output += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { output += "," }
                element.append(to: &output)
            }
            output += "]"
        case .object(let members):
            output += "{"
            for (index, member) in members.enumerated() {
                output += "\(index > 0 ? "," : "")\(LineText.quoted(member.name, limit: .max)):"
                member.value.append(to: &output)
            }
            output += "}"
        default: output += scalar
        }
    }

    /// For people: members and elements on lines of their own, two blanks for each level; what holds only scalars stays on
    /// one line where it is short.
    public func text(indent: String = "") -> String {
        let deeper = indent + "  "
        let items: [String]
        let ends: (String, String)
        switch self {
        case .array(let elements):
            items = elements.map { $0.text(indent: deeper) }
            ends = ("[", "]")
        case .object(let members):
            items = members.map { "\(LineText.quoted($0.name, limit: .max)): \($0.value.text(indent: deeper))" }
            ends = ("{", "}")
        default: return scalar
        }
        let line = ends.0 + items.joined(separator: ", ") + ends.1
        guard isNested || line.count + indent.count > 100 else { return line }
        return "\(ends.0)\n" + items.map { deeper + $0 }.joined(separator: ",\n") + "\n\(indent)\(ends.1)"
    }

    /// Whether it holds what holds something.
    private var isNested: Bool {
        switch self {
        case .array(let elements): elements.contains { !$0.isEmptyOrScalar }
        case .object(let members): members.contains { !$0.value.isEmptyOrScalar }
        default: false
        }
    }

    private var isEmptyOrScalar: Bool {
        switch self {
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: true
        }
    }

    private var scalar: String {
        switch self {
        case .null, .array, .object: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        // JSON has no words for infinity and the like.
        case .decimal(let number): number.isFinite ? "\(number)" : "null"
        case .text(let text): LineText.quoted(text, limit: .max)
        }
    }
}
