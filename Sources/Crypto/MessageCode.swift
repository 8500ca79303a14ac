internal import CCrypto

/// HMAC-SHA-256 (RFC 2104).
public enum MessageCode {
    /// 32 bytes; nil where there is no memory.
    public static func make(_ bytes: [UInt8], key: [UInt8]) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: SHA256Digest.size)
        return unsafe hostelry_hmac_sha256(key, key.count, bytes, bytes.count, &output) ? output : nil
    }
}
