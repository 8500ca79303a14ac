internal import CCrypto

/// What it costs to make a key out of a password by scrypt (RFC 7914).
public struct Scrypt: Hashable, Sendable {
    /// A power of two: how often memory is gone through.
    public let cost: UInt64
    /// Unit: 128 bytes.
    public let blockSize: UInt64
    public let parallelism: UInt64

    /// 128 MB and a few tenths of a second (OWASP's first choice for scrypt).
    public static let strong = Scrypt(unchecked: 1 << 17, 8, 1)

    /// What somebody else's file may ask for. Unit: bytes.
    public static let memoryLimit: UInt64 = 512 << 20
    private static let parallelismLimit: UInt64 = 16

    /// Nil for numbers that make no sense or cost more than `memoryLimit`.
    public init?(cost: UInt64, blockSize: UInt64, parallelism: UInt64) {
        guard cost > 1, cost <= 1 << 24, cost.nonzeroBitCount == 1, blockSize > 0, blockSize <= 64,
            parallelism > 0, parallelism <= Self.parallelismLimit, 128 * cost * blockSize <= Self.memoryLimit
        else { return nil }
        self.init(unchecked: cost, blockSize, parallelism)
    }

    private init(unchecked cost: UInt64, _ blockSize: UInt64, _ parallelism: UInt64) {
        self.cost = cost
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Nil where the machine has not the memory.
    public func key(password: [UInt8], salt: [UInt8]) -> SecretKey? {
        guard var bytes = derive(password, salt, count: SecretKey.size) else { return nil }
        return SecretKey(taking: &bytes)
    }

    func derive(_ password: [UInt8], _ salt: [UInt8], count: Int) -> [UInt8]? {
        // What libcrypto counts besides the large table.
        let memory = 128 * (cost + parallelism + 2) * blockSize + 65_536
        var output = [UInt8](repeating: 0, count: count)
        let isMade = unsafe hostelry_scrypt(
            password, password.count, salt, salt.count, cost, blockSize, parallelism, memory, &output, count)
        return isMade ? output : nil
    }
}
