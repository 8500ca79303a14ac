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
        var element = section
        var prefix = ""
        for (index, step) in selector.steps.enumerated() {
            switch step {
            case .name(let text):
                if let child = element.schema.child(text) {
                    element = element.element(child.name)
                    prefix = joined(prefix, child.name)
                } else if index == selector.steps.count - 1, let name = element.schema.attributeName(text) {
                    return [SectionValue(name, of: element, prefix)]
                } else {
                    throw .unknownAttribute(selector.text)
                }
            case .item(let wanted):
                guard let collection = element.schema.collection else { throw .unknownAttribute(selector.text) }
                let items = element.items
                let found = try place(of: wanted, in: items)
                prefix = joined(prefix, itemSelector(items[found], found, collection))
                element = items[found]
            }
        }
        var values: [SectionValue] = []
        append(element, prefix, isItem: false, to: &values)
        return values
    }

    private init(_ attribute: String, of element: Element, _ prefix: String) {
        name = Self.joined(prefix, attribute)
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
            append(child, joined(prefix, child.schema.name), isItem: false, to: &values)
        }
        guard let collection = element.schema.collection else { return }
        for (index, item) in element.items.enumerated() {
            append(item, joined(prefix, itemSelector(item, index, collection)), isItem: true, to: &values)
        }
    }

    private static func joined(_ prefix: String, _ name: String) -> String {
        prefix.isEmpty ? name : "\(prefix).\(name)"
    }

    /// By its keys; by its place where it has none.
    private static func itemSelector(_ item: Element, _ index: Int, _ collection: CollectionSchema) -> String {
        let keys = collection.keys.filter { item.isSet($0.name) }
        guard !keys.isEmpty, !collection.allowsDuplicates else { return "[@\(index)]" }
        let words = keys.map { key in
            let value = item.written(key.name) ?? ""
            let quoted = value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            return "\(key.name)='\(quoted)'"
        }
        return "[\(words.joined(separator: ","))]"
    }

    private static func place(
        of wanted: ElementSelector.Item, in items: [Element]
    ) throws(OperationError) -> Int {
        func matches(_ item: Element) -> Bool {
            wanted.keys.allSatisfy { key in
                guard let attribute = item.schema.listed(key.name) else { return item.written(key.name) == key.value }
                return attribute.areSame(item.written(attribute.name) ?? attribute.defaultValueText, key.value)
            }
        }
        let found: Int?
        switch wanted.position {
        case .start: found = items.indices.first
        case .end: found = items.indices.last
        case .index(let index): found = items.indices.contains(index) ? index : nil
        case nil: found = items.firstIndex(where: matches)
        }
        guard let found, matches(items[found]) else { throw .noSuchItem }
        return found
    }
}
