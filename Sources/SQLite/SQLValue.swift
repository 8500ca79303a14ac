/// A value of SQL, with its type.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    public init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    /// A number too large for SQL's 64 bits becomes the largest there is.
    public init(_ number: some BinaryInteger) { self = .integer(Int64(clamping: number)) }

    public init(_ flag: Bool) { self = .integer(flag ? 1 : 0) }

    public init(_ bytes: [UInt8]) { self = .blob(bytes) }

    public var isNull: Bool { self == .null }

    /// Nil for any other type.
    public var integerValue: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    public var textValue: String? {
        if case .text(let text) = self { text } else { nil }
    }
}

extension SQLValue: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringLiteral, ExpressibleByFloatLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self.init(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
}
