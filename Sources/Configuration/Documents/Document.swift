public import XML

/// One XML file as written: nothing merged, nothing checked beyond being well formed.
public final class Document: Sendable {
    /// How errors name the file.
    public let path: String
    let tree: XMLTree
    /// How the bytes are stored; an edited document is written the same way.
    public let encoding: TextEncoding

    /// `bytes` as they are on disk.
    public init(bytes: [UInt8], path: String) throws(ConfigurationError) {
        do {
            let (text, encoding) = try TextEncoding.decode(bytes)
            tree = try XMLParser.parse(text)
            self.encoding = encoding
        } catch {
            throw ConfigurationError(
                file: path, line: error.line, "Configuration file is not well-formed XML", detail: error.reason)
        }
        self.path = path
    }

    /// The text in UTF-8, without a byte order mark.
    public var text: [UInt8] { tree.bytes }

    public var root: DocumentElement { DocumentElement(document: self, index: 0) }

    /// `text` as the file stores it.
    func stored(_ text: [UInt8]) throws(ConfigurationError) -> [UInt8] {
        do {
            return try encoding.encode(text)
        } catch {
            throw ConfigurationError(
                file: path, line: error.line, "Failed to commit configuration changes.", detail: error.reason)
        }
    }
}
