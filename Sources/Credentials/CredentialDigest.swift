internal import Crypto

/// A name and a password as something that recognises them again and says nothing about them: their HMAC-SHA-256 under
/// a key that this process made and nobody else has.
public struct CredentialDigest: Hashable, Sendable {
    private let bytes: [UInt8]

    /// Makes digests; each one's are its own.
    public struct Maker: Sendable {
        private let key: [UInt8]

        public init() {
            key = RandomBytes.make(32)
        }

        /// Nil where there is no memory.
        public func digest(name: [UInt8], password: [UInt8]) -> CredentialDigest? {
            // No name holds a NUL, so where it ends is certain.
            let text = name + [0] + password
            return MessageCode.make(text, key: key).map(CredentialDigest.init)
        }
    }
}
