/// The line something stands at. It takes no part in comparisons: an edit further up moves lines and changes nothing.
public struct SourceLine: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// From 1; 0 where no line is known.
    public let number: Int

    public init(_ number: Int) { self.number = number }

    public init(integerLiteral number: Int) { self.number = number }

    public static func == (one: SourceLine, other: SourceLine) -> Bool { true }

    public func hash(into hasher: inout Hasher) {}
}
