/// The attributes of a server's file that its schema marks as secret.
public enum EncryptedAttributes {
    /// Calls `body` for each that is written, encrypted or in clear, in the file's order.
    public static func visit(
        _ server: ServerConfiguration, _ body: (DocumentElement, DocumentAttribute) -> Void
    ) {
        for occurrence in server.file.occurrences {
            guard let schema = server.schema.section(occurrence.section) else { continue }
            visit(occurrence.element, schema, body)
        }
    }

    private static func visit(
        _ element: DocumentElement, _ schema: ElementSchema, _ body: (DocumentElement, DocumentAttribute) -> Void
    ) {
        if schema.hasEncryptedAttributes {
            for attribute in element.attributes where schema.attribute(attribute.name)?.isEncrypted == true {
                body(element, attribute)
            }
        }
        for child in element.children {
            if let known = schema.collection?.item(child.name) ?? schema.element(child.name) {
                visit(child, known, body)
            }
        }
    }
}

extension ElementSchema {
    fileprivate var hasEncryptedAttributes: Bool { attributes.contains { $0.isEncrypted } }
}
