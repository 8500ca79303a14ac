/// A worker's word that a response depends on nothing but its URL, until it says `flush` for the token.
public struct CacheMark: Equatable, Sendable {
    /// What the worker will name in `FrameKind.flush`. Not 0, which stands for all.
    public var token: UInt64
    /// How long the response holds at most. Unit: seconds.
    public var seconds: UInt32

    public init(token: UInt64, seconds: UInt32) {
        self.token = token
        self.seconds = seconds
    }

    /// Unit: bytes.
    static let size = 12

    func append(to output: inout [UInt8]) {
        output.append(littleEndian: token)
        output.append(littleEndian: seconds)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        token = try reader.integer()
        seconds = try reader.integer()
        guard token != 0 else { throw WireError(.invalid, reader.subject) }
    }
}
