/// How much is kept of what workers tell of web.config files. The worker keeps to it, and whoever keeps the words insists.
public enum WebConfigLimits {
    /// Of a pool.
    public static let files = 20_000
    /// Of all files of a pool. Unit: bytes.
    public static let poolBytes = 16 << 20
    /// Of all files of all pools. Unit: bytes.
    public static let bytes = 128 << 20
    /// Of a file.
    public static let sections = 4096
    /// Of a path, a name or a message. Unit: bytes.
    public static let textLength = 4096

    /// Whether it is a path, a name or a message that is kept: not too long, and without control characters.
    public static func isKept(_ text: String) -> Bool {
        text.utf8.count <= textLength && !text.utf8.contains(where: isControl)
    }

    /// What of a message is kept.
    public static func kept(_ message: String) -> String {
        // A character that is cut in two becomes one of three bytes.
        String(
            decoding: message.utf8.prefix(textLength - 3).map { isControl($0) ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    private static func isControl(_ byte: UInt8) -> Bool { byte < 32 || byte == 127 }
}
