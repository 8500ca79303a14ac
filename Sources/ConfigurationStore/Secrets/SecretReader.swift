public import Configuration

/// Reads encrypted attributes for those parts of the server that need the clear text.
public struct SecretReader: Sendable {
    private let file: KeyFile

    /// - Parameter state: the state folder, whose keys are read at each use: they may be renewed while the server runs.
    public init(state: String) { file = KeyFile(state: state) }

    /// The attribute's clear text. Throws, with the file and line where it is written, where it cannot be decrypted.
    public func text(_ attribute: String, of element: Element) throws(ConfigurationError) -> String {
        let written = element.written(attribute) ?? element.string(attribute)
        guard let encrypted = EncryptedText(written) else { return written }
        do {
            return try HostelryAesProvider.open(encrypted, with: encrypted.payload.isEmpty ? nil : try file.read())
        } catch {
            let source = element.source(attribute)
            throw ConfigurationError(
                file: source.file ?? "schema", line: source.line, "Failed to decrypt attribute '\(attribute)'",
                detail: "\(error)")
        }
    }
}
