/// Why nothing was exported or imported, and what to do about it.
public struct TransferError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
