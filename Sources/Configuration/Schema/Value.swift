/// A typed attribute value (reference §1.4).
public enum Value: Hashable, Sendable {
    case bool(Bool)
    /// `int`, `uint` and `int64`.
    case integer(Int64)
    case string(String)
    /// An enum member: its number.
    case member(Int64)
    /// The bits of a flags attribute.
    case flags(UInt32)
    case timeSpan(Duration)
    /// The word `Infinite` where the schema allows it.
    case infinite
}

/// The types an attribute can have.
public enum AttributeType: String, Sendable {
    case bool, `enum`, flags, uint, int, int64, string, timeSpan

    /// The value of an attribute that neither a file nor the schema gives.
    var zero: Value {
        switch self {
        case .bool: .bool(false)
        case .enum: .member(0)
        case .flags: .flags(0)
        case .uint, .int, .int64: .integer(0)
        case .string: .string("")
        case .timeSpan: .timeSpan(.zero)
        }
    }
}

/// How a time span is written.
public enum TimeSpanFormat: String, Sendable {
    /// `[d.]hh:mm:ss[.fraction]`
    case string
    case seconds
    case minutes
}
