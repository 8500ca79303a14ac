public import XML

/// One XML file as written: nothing merged, nothing checked beyond being well formed.
public final class Document: Sendable {
    /// How errors name the file.
    public let path: String
    let tree: XMLTree
    /// How the bytes are stored; an edited document is written the same way.
    public let encoding: TextEncoding

    /// The text that `bytes` as on disk hold, in UTF-8 without a byte order mark, and how they hold it.
    public func decode(_ bytes: [UInt8]) throws(ConfigurationError) -> (text: [UInt8], encoding: TextEncoding) {
        try Self.decode(bytes, path: path)
    }

    private static func decode(
        _ bytes: [UInt8], path: String
    ) throws(ConfigurationError) -> (text: [UInt8], encoding: TextEncoding) {
        do throws(XMLError) {
            return try TextEncoding.decode(bytes)
        } catch {
            throw ConfigurationError(
                file: path, line: error.line, "Configuration file is not well-formed XML", detail: error.reason)
        }
    }

    /// A document of UTF-8 text without a byte order mark, stored as `encoding` says.
    init(text: [UInt8], encoding: TextEncoding, path: String) throws(ConfigurationError) {
        do throws(XMLError) {
            tree = try XMLParser.parse(text)
        } catch {
            throw ConfigurationError(
                file: path, line: error.line, "Configuration file is not well-formed XML", detail: error.reason)
        }
        self.encoding = encoding
        self.path = path
    }

    /// `bytes` as they are on disk.
    public convenience init(bytes: [UInt8], path: String) throws(ConfigurationError) {
        let (text, encoding) = try Self.decode(bytes, path: path)
        try self.init(text: text, encoding: encoding, path: path)
    }

    /// The text in UTF-8, without a byte order mark.
    public var text: [UInt8] { tree.bytes }

    public var root: DocumentElement { DocumentElement(document: self, index: 0) }

    /// `text` as the file stores it.
    public func stored(_ text: [UInt8]) throws(ConfigurationError) -> [UInt8] {
        do {
            return try encoding.encode(text)
        } catch {
            throw ConfigurationError(
                file: path, line: error.line, "Failed to commit configuration changes.", detail: error.reason)
        }
    }
}
