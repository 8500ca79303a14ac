public import Configuration

/// A value that holds in a section, the selector that means it, and where it was written.
public struct SectionValue: Equatable, Sendable {
    /// As `config set` takes it, for example `files.[value='index.html'].value`.
    public let name: String
    /// Secrets in clear are covered.
    public let value: String
    public let source: Provenance
}

extension SectionValue {
    /// All that holds in an element. Of an item only what is written.
    public static func all(in element: Element) -> [SectionValue] {
        var values: [SectionValue] = []
        append(element, "", isItem: false, to: &values)
        return values
    }

    /// The attribute that a selector means, or all that holds in the element or item.
    public static func at(_ selector: ElementSelector, in section: Element) throws(OperationError) -> [SectionValue] {
        let place = try SelectedPlace(selector, in: section)
        if let attribute = place.attribute { return [SectionValue(attribute, of: place.element, place.name)] }
        var values: [SectionValue] = []
        append(place.element, place.name, isItem: false, to: &values)
        return values
    }

    private init(_ attribute: String, of element: Element, _ prefix: String) {
        name = SelectedPlace.joined(prefix, attribute)
        source = element.source(attribute)
        let isListed = element.schema.attribute(attribute) != nil
        if SecretAttributes.isSecret(attribute, element.schema) {
            value = SecretAttributes.shown(element.written(attribute) ?? "")
        } else {
            value = isListed ? element.string(attribute) : element.written(attribute) ?? ""
        }
    }

    private static func append(
        _ element: Element, _ prefix: String, isItem: Bool, to values: inout [SectionValue]
    ) {
        for attribute in element.schema.attributes
        where !attribute.isDynamic && (!isItem || element.isSet(attribute.name)) {
            values.append(SectionValue(attribute.name, of: element, prefix))
        }
        for (name, _) in element.unrecognizedAttributes { values.append(SectionValue(name, of: element, prefix)) }
        for child in element.schema.elements.map({ element.element($0.name) }) where !isItem || child.isWritten {
            append(child, SelectedPlace.joined(prefix, child.schema.name), isItem: false, to: &values)
        }
        guard let collection = element.schema.collection else { return }
        for (index, item) in element.items.enumerated() {
            let name = SelectedPlace.joined(prefix, SelectedPlace.selector(of: item, index, collection))
            append(item, name, isItem: true, to: &values)
        }
    }
}
