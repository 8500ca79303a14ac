public import Configuration

/// An element that somebody sent, checked against the schema: what another server exported, or a script wrote.
public enum ImportedElement {
    /// A new element that says what `element` says. Throws for what the schema does not know, or a value that is none.
    public static func read(
        _ element: DocumentElement, as schema: ElementSchema, seal: SectionEditor.Seal
    ) throws(OperationError) -> DraftElement {
        let draft = DraftElement(element.name)
        for attribute in element.attributes {
            let name = attribute.name
            guard let known = schema.attribute(name), !known.isDynamic else {
                guard schema.attributeName(name) == name, schema.attribute(name) == nil else {
                    throw .invalidData("(line \(element.line): unrecognized attribute '\(name)')")
                }
                draft.set(name, to: attribute.value)
                continue
            }
            // An export with defaults names values that nobody could write, such as the empty name of no pool.
            if attribute.value == known.defaultValueText, (try? known.stored(attribute.value)) == nil { continue }
            let stored = try known.stored(attribute.value)
            let isClear = known.isEncrypted && !stored.isEmpty && EncryptedText(stored) == nil
            draft.set(name, to: isClear ? try seal(stored) : stored)
        }
        for child in element.children {
            if let known = schema.element(child.name) ?? schema.collection?.item(child.name) {
                let made = try read(child, as: known, seal: seal)
                // What an export with defaults says of an element that nobody wrote.
                if schema.element(child.name) == nil || made.hasChildren || !made.attributes.isEmpty {
                    draft.append(made)
                }
            } else if let collection = schema.collection,
                child.name == collection.removeElement || child.name == collection.clearElement
            {
                draft.append(DraftElement(child.name, attributes: child.attributes.map { ($0.name, $0.value) }))
            } else {
                throw .invalidData("(line \(child.line): unrecognized element '\(child.name)')")
            }
        }
        return draft
    }
}
