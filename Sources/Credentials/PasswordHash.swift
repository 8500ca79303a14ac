internal import CCredentials
internal import Crypto

/// One password's hash, as `htpasswd` or `mkpasswd` writes it.
///
/// Known kinds: bcrypt (`$2y$`, `$2b$`, `$2a$`), SHA-256 and SHA-512 (`$5$`, `$6$`), yescrypt, gost-yescrypt and scrypt
/// (`$y$`, `$gy$`, `$7$`), MD5 (`$1$`), Apache's MD5 (`$apr1$`) and SHA-1 (`{SHA}`). What a hash costs is the choice of
/// whoever wrote it. Traditional DES hashes, which end at the eighth letter, and passwords in clear are not taken.
public struct PasswordHash: Sendable {
    private enum Kind {
        case crypt, apacheMD5, sha1
    }

    /// The longest password that can be right, libcrypt's limit. Unit: bytes.
    public static let maximumPassword = 512
    private static let cryptPrefixes = ["$2y$", "$2b$", "$2a$", "$5$", "$6$", "$y$", "$gy$", "$7$", "$1$"]

    private let kind: Kind
    private let text: String

    /// Nil where nobody knows the kind.
    public init?(_ text: String) {
        if text.hasPrefix(ApacheMD5.prefix) {
            kind = .apacheMD5
        } else if text.hasPrefix(ApacheSHA1.prefix) {
            kind = .sha1
        } else if Self.cryptPrefixes.contains(where: text.hasPrefix) {
            kind = .crypt
        } else {
            return nil
        }
        self.text = text
    }

    /// Whether it is the password's hash. Takes as long as the hash's kind and cost make it, right or wrong.
    public func matches(_ password: [UInt8]) -> Bool {
        guard password.count <= Self.maximumPassword, !password.contains(0) else { return false }
        let hash: [UInt8]? =
            switch kind {
            case .crypt: Self.crypt(password, text)
            case .apacheMD5: ApacheMD5.hash(password, setting: text)
            case .sha1: ApacheSHA1.hash(password)
            }
        return hash.map { ConstantTime.areEqual($0, Array(text.utf8)) } ?? false
    }

    private static func crypt(_ password: [UInt8], _ setting: String) -> [UInt8]? {
        var phrase = password.map { CChar(bitPattern: $0) } + [0]
        // libcrypt's hashes are at most 384 bytes long (CRYPT_OUTPUT_SIZE).
        var output = [CChar](repeating: 0, count: 384)
        let isHashed = unsafe hostelry_hash_phrase(phrase, setting, &output, output.count)
        for index in phrase.indices { phrase[index] = 0 }
        return isHashed ? output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) } : nil
    }
}
