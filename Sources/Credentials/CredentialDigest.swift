internal import CCredentials

/// A name and a password as something that recognises them again and says nothing about them: their HMAC-SHA-256 under
/// a key that this process made and nobody else has.
public struct CredentialDigest: Hashable, Sendable {
    private let bytes: [UInt8]

    /// Makes digests; each one's are its own.
    public struct Maker: Sendable {
        private let key: [UInt8]

        public init() {
            var random = SystemRandomNumberGenerator()
            key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        }

        /// Nil where libcrypto fails.
        public func digest(name: [UInt8], password: [UInt8]) -> CredentialDigest? {
            // No name holds a NUL, so where it ends is certain.
            let text = name + [0] + password
            var output = [UInt8](repeating: 0, count: 32)
            guard unsafe hostelry_hmac_sha256(key, key.count, text, text.count, &output) else { return nil }
            return CredentialDigest(bytes: output)
        }
    }
}
