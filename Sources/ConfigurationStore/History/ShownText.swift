internal import Configuration

/// A version's text as people may see it: secrets that stand in it in clear are covered.
public enum ShownText {
    /// What stands for a secret.
    static let cover = "********"

    /// UTF-8. Nil for what is no configuration: nobody can tell what is secret in it.
    public static func of(_ bytes: [UInt8], path: String, state: String) -> [UInt8]? {
        guard let server = try? ServerConfiguration.reading(bytes, as: path, state: state) else { return nil }
        var edit = DocumentEdit(server.file.document)
        EncryptedAttributes.visit(server) { element, attribute in
            guard !attribute.value.isEmpty, EncryptedText(attribute.value) == nil else { return }
            edit.set(attribute.name, to: cover, on: element)
        }
        return (try? edit.applied())?.document.text
    }
}
