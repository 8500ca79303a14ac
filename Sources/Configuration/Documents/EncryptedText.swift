/// A value stored as `[enc:Provider:base64:enc]` (reference §6.1). Anything else is clear text.
public struct EncryptedText: Hashable, Sendable {
    public let provider: String
    /// Base64; empty stands for the empty string.
    public let payload: String

    /// Nil where `text` has another form, and so is a literal value.
    public init?(_ text: String) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 4, fields[0] == "[enc", fields[3] == "enc]", !fields[1].isEmpty else { return nil }
        provider = String(fields[1])
        payload = String(fields[2])
    }
}
