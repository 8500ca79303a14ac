/// What identifies an item of a collection: one text for each unique key, or one for the combined key.
struct CollectionKey: Hashable, Sendable {
    let parts: [String]

    init(_ element: DocumentElement, in collection: CollectionSchema) {
        guard let item = collection.items.first else {
            parts = []
            return
        }
        if collection.combinedKey.isEmpty {
            parts = collection.uniqueKeys.map { Self.part(of: element, item.attributes[$0]) }
        } else {
            parts = [
                collection.combinedKey.map { Self.part(of: element, item.attributes[$0]) }.joined(separator: "\u{1F}")
            ]
        }
    }

    /// Which of the unique keys two items share.
    func collision(with other: CollectionKey) -> Int? {
        zip(parts, other.parts).enumerated().first { $1.0 == $1.1 }?.offset
    }

    /// The written value in a form that compares as the schema says: case and number formats folded.
    static func part(of element: DocumentElement, _ attribute: AttributeSchema) -> String {
        guard let written = element[attribute.name] else { return folded(attribute.defaultValue, attribute) }
        if attribute.type == .string { return attribute.isCaseSensitive ? written : written.lowercased() }
        guard case .success(let value) = attribute.value(of: written) else { return written }
        return folded(value, attribute)
    }

    private static func folded(_ value: Value, _ attribute: AttributeSchema) -> String {
        let text = attribute.text(of: value)
        return attribute.isCaseSensitive ? text : text.lowercased()
    }

    /// IIS's text for a second item with the key of `element`.
    static func duplicate(_ element: DocumentElement, in collection: CollectionSchema, part: Int) -> ConfigurationError
    {
        let attributes = collection.items.first?.attributes ?? []
        func written(_ index: Int) -> String {
            element[attributes[index].name] ?? attributes[index].text(of: attributes[index].defaultValue)
        }
        let what = "Cannot add duplicate collection entry of type '\(element.name)' with"
        if collection.combinedKey.isEmpty {
            let index = collection.uniqueKeys[part]
            return .at(
                element, "\(what) unique key attribute '\(attributes[index].name)' set to '\(written(index))'",
                code: .duplicate)
        }
        let names = collection.combinedKey.map { attributes[$0].name }.joined(separator: ", ")
        let values = collection.combinedKey.map(written).joined(separator: ", ")
        return .at(
            element, "\(what) combined key attributes '\(names)' respectively set to '\(values)'", code: .duplicate)
    }
}
