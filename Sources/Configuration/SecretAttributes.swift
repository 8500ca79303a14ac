/// The attributes whose values only whoever may read the files sees.
public enum SecretAttributes {
    /// What stands for a secret.
    public static let cover = "********"

    /// Whether an attribute is one: as its schema says, else, where none describes it, by its name.
    public static func isSecret(_ name: String, _ schema: ElementSchema?) -> Bool {
        schema?.attribute(name)?.isSecret ?? name.lowercased().contains("password")
    }

    /// A value as people may see it: a secret that is not encrypted is covered.
    public static func shown(_ value: String) -> String {
        value.isEmpty || EncryptedText(value) != nil ? value : cover
    }

    /// One that a server's file writes, encrypted or in clear.
    public struct Place {
        public let section: String
        public let element: DocumentElement
        public let attribute: DocumentAttribute
        public let schema: AttributeSchema
    }

    /// Calls `body` for each that a server's file writes and its schema knows, in the file's order.
    public static func visit(_ server: ServerConfiguration, _ body: (Place) -> Void) {
        for occurrence in server.file.occurrences {
            guard let schema = server.schema.section(occurrence.section) else { continue }
            visit(occurrence.element, schema, occurrence.section, body)
        }
    }

    private static func visit(
        _ element: DocumentElement, _ schema: ElementSchema, _ section: String, _ body: (Place) -> Void
    ) {
        if schema.attributes.contains(where: \.isSecret) {
            for attribute in element.attributes {
                guard let known = schema.attribute(attribute.name), known.isSecret else { continue }
                body(Place(section: section, element: element, attribute: attribute, schema: known))
            }
        }
        guard element.hasChildren else { return }
        for child in element.children {
            if let known = schema.collection?.item(child.name) ?? schema.element(child.name) {
                visit(child, known, section, body)
            }
        }
    }
}
