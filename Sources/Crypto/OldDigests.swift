internal import CCrypto

/// Digests that Apache's users files are made of. They protect nothing any more; nothing new may rest on them.
public enum OldDigests {
    /// 16 bytes; nil where libcrypto offers no MD5.
    public static func md5(_ bytes: [UInt8]) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: 16)
        return unsafe hostelry_md5(bytes, bytes.count, &output) ? output : nil
    }

    /// 20 bytes; nil where libcrypto offers no SHA-1.
    public static func sha1(_ bytes: [UInt8]) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: 20)
        return unsafe hostelry_sha1(bytes, bytes.count, &output) ? output : nil
    }
}
