/// What the schema says of one attribute (reference §1.3).
public struct AttributeSchema: Sendable {
    /// A member of an enum or flags attribute.
    public struct Member: Hashable, Sendable {
        public let name: String
        public let value: Int64
    }

    public let name: String
    public let type: AttributeType
    public let members: [Member]
    public let isRequired: Bool
    public let isUniqueKey: Bool
    public let isCombinedKey: Bool
    public let isCaseSensitive: Bool
    public let isEncrypted: Bool
    /// Whether its value is a secret: encrypted, or that of an environment variable, of which many are passwords.
    public private(set) var isSecret: Bool
    /// `%VAR%` is expanded by whoever reads the value.
    public let isExpanded: Bool
    public let allowsInfinite: Bool
    public let timeSpanFormat: TimeSpanFormat
    public let validator: Validator?
    /// Computed while the server runs; never written in a file.
    public let isDynamic: Bool
    /// Whether only this server knows it.
    public let isOurs: Bool
    /// The default as the schema file writes it; nil where it gives none.
    public let defaultText: String?
    /// The value where no file writes one: the schema's default, else the type's zero.
    public private(set) var defaultValue: Value

    func secret() -> AttributeSchema {
        var copy = self
        copy.isSecret = true
        return copy
    }

    func with(defaultValue: Value) -> AttributeSchema {
        var copy = self
        copy.defaultValue = defaultValue
        return copy
    }

    /// A written value with its type, or IIS's text for why it is none.
    public func parse(_ text: String) -> Result<Value, Refusal> {
        switch value(of: text) {
        case .success(let value):
            if let violation = validator?.violation(value) { return .failure(Refusal(reason: violation)) }
            return .success(value)
        case .failure(let refusal):
            return .failure(refusal)
        }
    }

    /// Why a text is no value of the attribute, in IIS's words.
    public struct Refusal: Error, Hashable, Sendable {
        public let reason: String
    }

    /// The value without its validator.
    func value(of text: String) -> Result<Value, Refusal> {
        if allowsInfinite, text.lowercased() == "infinite" { return .success(.infinite) }
        switch type {
        case .string:
            return .success(.string(text))
        case .bool:
            switch text.utf8.count {
            case 4 where text.lowercased() == "true": return .success(.bool(true))
            case 5 where text.lowercased() == "false": return .success(.bool(false))
            default: return .failure(Refusal(reason: "Not a valid boolean"))
            }
        case .uint:
            return integer(text, in: 0...Int64(UInt32.max), "Not a valid unsigned integer")
        case .int:
            return integer(text, in: Int64(Int32.min)...Int64(Int32.max), "Not a valid integer")
        case .int64:
            return integer(text, in: Int64.min...Int64.max, "Not a valid integer")
        case .enum:
            if let member = member(named: text) { return .success(.member(member.value)) }
            return .failure(Refusal(reason: "Enum must be one of \(memberNames)"))
        case .flags:
            return flags(text)
        case .timeSpan:
            return timeSpan(text)
        }
    }

    /// The text of a value as IIS writes it.
    public func text(of value: Value) -> String {
        switch value {
        case .bool(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .string(let text): return text
        case .member(let number): return members.first { $0.value == number }?.name ?? String(number)
        case .infinite: return "Infinite"
        case .flags(let bits):
            let names = members.filter { $0.value != 0 && Int64(bits) & $0.value == $0.value }.map(\.name)
            return names.isEmpty ? members.first { $0.value == 0 }?.name ?? "" : names.joined(separator: ", ")
        case .timeSpan(let span):
            switch timeSpanFormat {
            case .string: return TimeSpanText.format(span)
            case .seconds: return String(span.components.seconds)
            case .minutes: return String(span.components.seconds / 60)
            }
        }
    }

    private var memberNames: String { members.map(\.name).joined(separator: ", ") }

    private func member(named name: String) -> Member? {
        if let exact = members.first(where: { $0.name == name }) { return exact }
        let lowered = name.lowercased()
        return members.first { $0.name.lowercased() == lowered }
    }

    private func integer(_ text: String, in range: ClosedRange<Int64>, _ reason: String) -> Result<Value, Refusal> {
        let number: Int64?
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            number = text.dropFirst(2).first?.isHexDigit == true ? Int64(text.dropFirst(2), radix: 16) : nil
        } else {
            number = Int64(text)
        }
        guard let number, range.contains(number), text.first != "+" else { return .failure(Refusal(reason: reason)) }
        return .success(.integer(number))
    }

    private func flags(_ text: String) -> Result<Value, Refusal> {
        var bits: Int64 = 0
        for name in text.split(separator: ",") {
            let trimmed = name.trimmingBlanks
            if trimmed.isEmpty || trimmed.lowercased() == "none" { continue }
            guard let member = member(named: String(trimmed)) else {
                return .failure(Refusal(reason: "Flags must be some combination of \(memberNames)"))
            }
            bits |= member.value
        }
        return .success(.flags(UInt32(truncatingIfNeeded: bits)))
    }

    private func timeSpan(_ text: String) -> Result<Value, Refusal> {
        let span: Duration?
        switch timeSpanFormat {
        case .string: span = TimeSpanText.parse(text)
        case .seconds: span = UInt32(text).map { .seconds(Int64($0)) }
        case .minutes: span = UInt32(text).map { .seconds(Int64($0) * 60) }
        }
        guard let span else { return .failure(Refusal(reason: "Not a valid timespan")) }
        return .success(.timeSpan(span))
    }
}

extension StringProtocol {
    /// Without blanks at either end.
    var trimmingBlanks: SubSequence {
        let start = firstIndex { $0 != " " && $0 != "\t" } ?? endIndex
        let rest = self[start...]
        guard let last = rest.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return rest }
        return rest[...last]
    }
}
