internal import Crypto

/// `configEncKey.key`: keys that travel, wrapped under a password.
///
///     hostelry wrapped keys 1
///     scrypt COST BLOCKSIZE PARALLELISM SALT          the wrapping key is scrypt's of the password
///     check DIGITS                                    eight bytes of a hash of it: tells a wrong password
///     keys BASE64                                     the ring's text under AES-256-GCM, the lines above authenticated
///
/// The salt comes of the keys, so the same keys under the same password make the same file: exports can be compared. It
/// says no more of the keys than their names do, and is another one for every other ring.
public enum KeyEnvelope {
    public static let fileName = "configEncKey.key"
    private static let family = "hostelry wrapped keys "
    private static let version = "1"

    /// Whether a file begins as ours do, of whatever version; that of Windows has the same name.
    static func isOurs(_ bytes: [UInt8]) -> Bool { bytes.starts(with: family.utf8) }

    /// Takes some tenths of a second and 128 MB.
    public static func wrap(_ ring: KeyRing, under password: TransferPassword) throws(TransferError) -> [UInt8] {
        let text = ring.bytes
        let salt = Array(SHA256.hash(Array("hostelry salt\0".utf8) + text).bytes.prefix(16))
        let cost = Scrypt.strong
        let key = try key(password, cost, salt)
        let head = head(cost, salt, check: check(key))
        let nonce = nonce(key, text)
        let sealed = nonce + AES256GCM.seal(text, with: key, for: Array(head.utf8), nonce: nonce)
        return Array("\(head)keys \(String(decoding: Base64.encode(sealed), as: UTF8.self))\n".utf8)
    }

    /// - Parameter path: how errors name the file.
    public static func open(
        _ bytes: [UInt8], under password: TransferPassword, path: String
    ) throws(TransferError) -> KeyRing {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard let heading = lines.first, heading.hasPrefix(family) else {
            throw TransferError("\(path) holds no keys that Hostelry wrapped")
        }
        guard heading.dropFirst(family.count) == version else {
            throw TransferError(
                "\(path) is of version \(heading.dropFirst(family.count).prefix(20)) and this program reads version "
                    + "\(version); use the version of Hostelry that wrote it, or a newer one")
        }
        let damaged = TransferError("\(path) was altered or is damaged; export again")
        guard lines.count == 5, lines[4].isEmpty, lines[3].hasPrefix("keys ") else { throw damaged }
        let numbers = lines[1].split(separator: " ", omittingEmptySubsequences: false)
        guard numbers.count == 5, numbers[0] == "scrypt", let cost = UInt64(numbers[1]),
            let blockSize = UInt64(numbers[2]), let parallelism = UInt64(numbers[3]),
            let scrypt = Scrypt(cost: cost, blockSize: blockSize, parallelism: parallelism),
            let salt = HexText.bytes(numbers[4]), salt.count == 16,
            let sealed = Base64.decode(Array(lines[3].utf8.dropFirst(5)).span)
        else { throw damaged }
        let key = try key(password, scrypt, salt)
        guard lines[2] == "check \(check(key))" else {
            throw TransferError("the password does not open \(path); it is another one, or the file was altered")
        }
        let head = head(scrypt, salt, check: check(key))
        guard let text = AES256GCM.open(sealed, with: key, for: Array(head.utf8)), let ring = KeyRing(bytes: text)
        else { throw damaged }
        return ring
    }

    private static func head(_ cost: Scrypt, _ salt: [UInt8], check: String) -> String {
        "\(family)\(version)\nscrypt \(cost.cost) \(cost.blockSize) \(cost.parallelism) \(HexText.text(salt))\n"
            + "check \(check)\n"
    }

    private static func check(_ key: SecretKey) -> String {
        HexText.text(SHA256.hash(Array("hostelry check\0".utf8) + key.bytes).bytes.prefix(8))
    }

    /// One for each wrapping key and text, so that none serves for two texts.
    private static func nonce(_ key: SecretKey, _ text: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(Array("hostelry nonce\0".utf8) + key.bytes + text).bytes.prefix(AES256GCM.nonceSize))
    }

    private static func key(
        _ password: TransferPassword, _ cost: Scrypt, _ salt: [UInt8]
    ) throws(TransferError) -> SecretKey {
        guard let key = cost.key(password: password.bytes, salt: salt) else {
            throw TransferError("there is not enough memory to make a key of the password; 128 MB have to be free")
        }
        return key
    }
}
