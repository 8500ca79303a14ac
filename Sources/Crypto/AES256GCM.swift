internal import CCrypto

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D) with nonces of 96 bits and tags of 128.
public enum AES256GCM {
    /// Unit: bytes.
    public static let nonceSize = 12
    /// Unit: bytes.
    public static let tagSize = 16

    /// A nonce that was random, the cipher text and its tag, one behind the other. One key serves for 2^32 of them
    /// (SP 800-38D, 8.3).
    ///
    /// - Parameter context: what the seal is for; it opens only with the same.
    public static func seal(_ bytes: [UInt8], with key: SecretKey, for context: [UInt8]) -> [UInt8] {
        let nonce = RandomBytes.make(nonceSize)
        return nonce + seal(bytes, with: key, for: context, nonce: nonce)
    }

    /// What was sealed; nil where the key or the context is another, or anything was changed.
    public static func open(_ sealed: [UInt8], with key: SecretKey, for context: [UInt8]) -> [UInt8]? {
        guard sealed.count >= nonceSize + tagSize else { return nil }
        let nonce = Array(sealed.prefix(nonceSize))
        let body = Array(sealed.dropFirst(nonceSize))
        var clear = [UInt8](repeating: 0, count: body.count - tagSize)
        let isOpen = unsafe key.withPointer { key in
            unsafe hostelry_aes_gcm_open(
                key, nonce, context, context.count, body, body.count - tagSize, &clear)
        }
        return isOpen ? clear : nil
    }

    /// With a nonce that the caller vouches for: never the same one for two texts under one key.
    package static func seal(
        _ bytes: [UInt8], with key: SecretKey, for context: [UInt8], nonce: [UInt8]
    ) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: bytes.count + tagSize)
        let isSealed = unsafe key.withPointer { key in
            unsafe hostelry_aes_gcm_seal(key, nonce, context, context.count, bytes, bytes.count, &output)
        }
        // The algorithm is compiled into libcrypto and no text comes near 2 GB, so only memory can be missing.
        precondition(isSealed, "no memory for AES-256-GCM")
        return output
    }
}
