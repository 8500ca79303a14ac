public import Configuration
internal import Crypto
internal import Platform

/// The provider that seals encrypted attributes: `[enc:HostelryAesProvider:BASE64:enc]`.
///
///     BASE64 = 01 │ id of the key, 8 bytes │ nonce, 12 │ cipher text │ tag, 16
///
/// AES-256-GCM under the instance's key; everything before the nonce is authenticated too. A value opens wherever in a
/// file it stands, so that administrators can move what holds it.
public enum HostelryAesProvider {
    public static let name = "HostelryAesProvider"
    private static let version: UInt8 = 1
    private static let keyIDSize = 8

    /// `text` as it is stored. The empty string is stored as such, `[enc:HostelryAesProvider::enc]`.
    public static func seal(_ text: String, with ring: KeyRing) -> String {
        seal(text, with: ring, nonce: RandomBytes.make(AES256GCM.nonceSize))
    }

    /// The same for the same text at the same place under the same key, for copies that are compared with one another. The
    /// nonce comes of all three, so that none serves for two texts.
    static func sealRepeatably(_ text: String, at place: Int, with ring: KeyRing) -> String {
        let origin = Array("hostelry copy \(place)\0".utf8) + ring.current.bytes + Array(text.utf8)
        return seal(text, with: ring, nonce: Array(SHA256.hash(origin).bytes.prefix(AES256GCM.nonceSize)))
    }

    private static func seal(_ text: String, with ring: KeyRing, nonce: [UInt8]) -> String {
        guard !text.isEmpty else { return "[enc:\(name)::enc]" }
        let key = ring.current
        let header = [version] + key.id
        let sealed = nonce + AES256GCM.seal(Array(text.utf8), with: key, for: context(header), nonce: nonce)
        let payload = header + sealed
        return "[enc:\(name):\(String(decoding: Base64.encode(payload), as: UTF8.self)):enc]"
    }

    /// What a written value means: clear text is itself.
    ///
    /// - Parameter ring: nil where the instance has no keys.
    public static func open(_ written: String, with ring: KeyRing?) throws(SecretError) -> String {
        guard let text = EncryptedText(written) else { return written }
        return try open(text, with: ring)
    }

    public static func open(_ text: EncryptedText, with ring: KeyRing?) throws(SecretError) -> String {
        if text.payload.isEmpty { return "" }
        guard text.provider == name else { throw .unknownProvider(text.provider) }
        let payload = Array(text.payload.utf8)
        guard let bytes = Base64.decode(payload.span), bytes.first == version, bytes.count > keyIDSize else {
            throw .malformed
        }
        let header = Array(bytes.prefix(1 + keyIDSize))
        guard let key = ring?.key(header.dropFirst()) else { throw .missingKey(HexText.text(header.dropFirst())) }
        guard let clear = AES256GCM.open(Array(bytes.dropFirst(header.count)), with: key, for: context(header)),
            let string = String(validating: clear, as: UTF8.self)
        else { throw .altered }
        return string
    }

    /// The id of the key that opens the value; nil for the empty string and what is not this provider's.
    public static func keyID(of text: EncryptedText) -> [UInt8]? {
        let payload = Array(text.payload.utf8)
        guard text.provider == name, let bytes = Base64.decode(payload.span), bytes.first == version,
            bytes.count > keyIDSize
        else { return nil }
        return Array(bytes.dropFirst().prefix(keyIDSize))
    }

    /// Whether a text holds any value of this provider.
    static func hasSealed(in text: [UInt8]) -> Bool {
        let start = Array("[enc:\(name):".utf8)
        return ByteSearch.find(start.span, in: text.span, 0..<text.count) != nil
    }

    private static func context(_ header: [UInt8]) -> [UInt8] { Array(name.utf8) + header }
}

/// Why an encrypted value cannot be read. Never says anything of the value.
public enum SecretError: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownProvider(String)
    /// The key's name.
    case missingKey(String)
    case malformed
    case altered

    public var description: String {
        switch self {
        case .unknownProvider(let name):
            "no provider '\(name)' is here to decrypt it; write the value anew in clear text, and 'hostelry keys encrypt' "
                + "seals it"
        case .missingKey(let name):
            "the key \(name) is not among this instance's; import it with the export it came with, or write the value "
                + "anew"
        case .malformed: "it is not what HostelryAesProvider writes; write the value anew"
        case .altered: "it was altered since it was encrypted; write the value anew"
        }
    }
}
