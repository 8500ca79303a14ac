internal import Configuration

/// A version's text as people may see it: secrets that stand in it in clear are covered.
public enum ShownText {
    /// UTF-8. Nil for what is no configuration: nobody can tell what is secret in it.
    public static func of(_ bytes: [UInt8], path: String, state: String) -> [UInt8]? {
        guard let server = try? ServerConfiguration.reading(bytes, as: path, state: state) else { return nil }
        var edit = DocumentEdit(server.file.document)
        SecretAttributes.visit(server) { place in
            let (value, shown) = (place.attribute.value, SecretAttributes.shown(place.attribute.value))
            if shown != value { edit.set(place.attribute.name, to: shown, on: place.element) }
        }
        return (try? edit.applied())?.document.text
    }
}
