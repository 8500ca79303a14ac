internal import CCrypto

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
///
///     var hash = SHA256()
///     hash.update(piece.span)
///     let digest = hash.finish()
///
/// Fails in no other way than an array does: the process ends where there is no memory.
@safe
public struct SHA256: ~Copyable {
    private let state: UnsafeMutableRawPointer

    public init() {
        guard let state = unsafe hostelry_sha256_begin() else {
            // The algorithm is compiled into libcrypto, so only memory can be missing.
            preconditionFailure("no memory for SHA-256")
        }
        unsafe self.state = unsafe state
    }

    deinit { _ = unsafe hostelry_sha256_end(state, nil) }

    public mutating func update(_ bytes: Span<UInt8>) {
        let isAdded = unsafe bytes.withUnsafeBufferPointer {
            unsafe hostelry_sha256_add(state, $0.baseAddress, $0.count)
        }
        // libcrypto refuses only a finished state, which `finish` consumes; zero bytes with no address are accepted.
        precondition(isAdded, "SHA-256 cannot go on")
    }

    public consuming func finish() -> SHA256Digest {
        var output = [UInt8](repeating: 0, count: SHA256Digest.size)
        let isDone = unsafe hostelry_sha256_end(state, &output)
        discard self
        // A begun state can be finished once, and `finish` consumes it; nothing is allocated here.
        precondition(isDone, "SHA-256 cannot be finished")
        return SHA256Digest(trusted: output)
    }

    public static func hash(_ bytes: Span<UInt8>) -> SHA256Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    public static func hash(_ bytes: [UInt8]) -> SHA256Digest { hash(bytes.span) }
}

/// 32 bytes that stand for others. Its description is 64 hexadecimal digits in lower case.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// Unit: bytes.
    public static let size = 32

    public let bytes: [UInt8]

    init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// Nil where there are not 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }

    /// Of 64 hexadecimal digits, in any case of letters; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let bytes = HexText.bytes(text) else { return nil }
        self.init(bytes: bytes)
    }

    public var description: String { HexText.text(bytes) }
}
