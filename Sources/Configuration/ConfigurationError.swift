/// What is wrong with the configuration, in IIS's words, and where (reference §2.6).
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The HRESULT that IIS reports with the message.
    public enum Code: UInt32, Sendable {
        case invalidData = 0x8007_000D
        case locked = 0x8007_0021
        case duplicate = 0x8007_00B7
        case fileNotFound = 0x8007_0002
        case pathNotFound = 0x8007_0003
        case accessDenied = 0x8007_0005
        case notSupported = 0x8007_0032
        case unrecognizedPath = 0x8007_0490
    }

    public let file: String
    /// From 1; 0 where no line is known.
    public let line: Int
    /// IIS's text.
    public let message: String
    /// What more is known, for example the XML parser's reason; may be empty.
    public let detail: String
    public let code: UInt32
    /// The first byte of the element it is about, in the file's UTF-8 text; nil where it is about none.
    public let position: Int?

    public init(
        file: String, line: Int, _ message: String, detail: String = "", code: Code = .invalidData, position: Int? = nil
    ) {
        self.file = file
        self.line = line
        self.position = position
        self.message = message
        self.detail = detail
        self.code = code.rawValue
    }

    /// `message`, and the detail in brackets where there is one.
    public var text: String { detail.isEmpty ? message : "\(message) (\(detail))" }

    public var description: String { line > 0 ? "\(file):\(line): \(text)" : "\(file): \(text)" }
}
