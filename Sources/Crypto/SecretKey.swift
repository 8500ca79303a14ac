internal import CCrypto

/// 32 bytes that nobody may see. Zeroed when the last reference to it goes; its description says nothing.
@safe
public final class SecretKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// Unit: bytes.
    public static let size = 32

    // Written when it is made and when it goes; in between it is only read.
    nonisolated(unsafe) private let memory: UnsafeMutablePointer<UInt8>

    /// Nil where there are not 32 bytes. They are zeroed: the key alone has them then.
    public init?(taking bytes: inout [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        unsafe memory = .allocate(capacity: Self.size)
        for index in bytes.indices { unsafe (memory + index).initialize(to: bytes[index]) }
        unsafe hostelry_cleanse(&bytes, bytes.count)
    }

    /// A new one that nobody can guess.
    public static func random() -> SecretKey {
        var bytes = RandomBytes.make(size)
        // There are as many as it takes.
        return SecretKey(taking: &bytes)!
    }

    deinit {
        unsafe hostelry_cleanse(memory, Self.size)
        unsafe memory.deallocate()
    }

    /// For the one file that keeps it and the one seal that carries it.
    public var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: memory, count: Self.size)) }

    /// Names the key without giving it away: the first eight bytes of the SHA-256 of a label and the key.
    public var id: [UInt8] { Array(SHA256.hash(Array("hostelry key id\0".utf8) + bytes).bytes.prefix(8)) }

    public var description: String { "SecretKey" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    func withPointer<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        // It lives as long as `self`, which the call holds.
        let result = unsafe body(UnsafePointer(memory))
        extendLifetime(self)
        return result
    }
}
