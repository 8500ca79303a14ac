public import Configuration

/// What a selector leads to in an effective section: an element, or an attribute of one.
public struct SelectedPlace: Sendable {
    /// The element, or the one that holds the attribute.
    public let element: Element
    /// In the schema's spelling; nil where the element itself is meant.
    public let attribute: String?
    /// The selector of `element` in the schema's spelling, its items by their keys; empty for the section itself.
    public let name: String

    /// Throws for what the schema does not have, and where no item is meant.
    public init(_ selector: ElementSelector, in section: Element) throws(OperationError) {
        var element = section
        var name = ""
        for (index, step) in selector.steps.enumerated() {
            switch step {
            case .name(let text):
                if let child = element.schema.child(text) {
                    element = element.element(child.name)
                    name = Self.joined(name, child.name)
                } else if index == selector.steps.count - 1, let attribute = element.schema.attributeName(text) {
                    self.element = element
                    self.attribute = attribute
                    self.name = name
                    return
                } else {
                    throw .unknownAttribute(selector.text)
                }
            case .item(let wanted):
                guard let collection = element.schema.collection else { throw .unknownAttribute(selector.text) }
                let items = element.items
                let found = wanted.index(among: items.count) { Self.has(wanted.keys, items[$0]) }
                guard let found else { throw .noSuchItem }
                name = Self.joined(name, Self.selector(of: items[found], found, collection))
                element = items[found]
            }
        }
        self.element = element
        attribute = nil
        self.name = name
    }

    private static func has(_ keys: [ElementSelector.Item.Key], _ item: Element) -> Bool {
        keys.allSatisfy { key in
            guard let attribute = item.schema.listed(key.name) else { return item.written(key.name) == key.value }
            return attribute.areSame(item.written(attribute.name) ?? attribute.defaultValueText, key.value)
        }
    }

    static func joined(_ prefix: String, _ name: String) -> String { prefix.isEmpty ? name : "\(prefix).\(name)" }

    /// By its keys; by its place where it has none.
    static func selector(of item: Element, _ index: Int, _ collection: CollectionSchema) -> String {
        let keys = collection.keys.filter { item.isSet($0.name) }
        guard !keys.isEmpty, !collection.allowsDuplicates else { return "[@\(index)]" }
        let wanted = ElementSelector.Item(keys.map { .init($0.name, item.written($0.name) ?? "") })
        return ElementSelector(steps: [.item(wanted)]).text
    }
}

extension ElementSelector.Item {
    /// Which of `count` items is meant: the one at the position, or the first, that has all the keys; nil where none has.
    func index(among count: Int, _ hasKeys: (Int) -> Bool) -> Int? {
        let found: Int?
        switch position {
        case .start: found = count > 0 ? 0 : nil
        case .end: found = count > 0 ? count - 1 : nil
        case .index(let index): found = index < count ? index : nil
        case nil: return (0..<count).first(where: hasKeys)
        }
        return found.flatMap { hasKeys($0) ? $0 : nil }
    }
}

extension ElementSelector {
    /// What an element as written says of the attribute that the selector means, and of an item's first attribute where it
    /// means an item; nil where it says nothing of it. Throws for what the schema does not have.
    public func written(
        in element: DocumentElement, _ schema: ElementSchema
    ) throws(OperationError) -> (value: String, attribute: AttributeSchema)? {
        try Self.written(steps[...], element, schema)
    }

    private static func written(
        _ steps: ArraySlice<Step>, _ element: DocumentElement, _ schema: ElementSchema
    ) throws(OperationError) -> (value: String, attribute: AttributeSchema)? {
        switch steps.first {
        case .name(let text) where steps.count == 1:
            guard let attribute = schema.listed(text) else { throw .unknownAttribute(text) }
            return element[attribute.name].map { ($0, attribute) }
        case .name(let text):
            guard let child = schema.child(text) else { throw .unknownAttribute(text) }
            guard let inner = element.child(child.name) else { return nil }
            return try written(steps.dropFirst(), inner, child)
        case .item(let wanted):
            let items = element.children.filter { schema.collection?.item($0.name) != nil }
            let found = wanted.index(among: items.count) { index in
                wanted.keys.allSatisfy { key in
                    let attribute = schema.collection?.item(items[index].name)?.listed(key.name)
                    return attribute.map { $0.areSame(items[index][$0.name] ?? $0.defaultValueText, key.value) }
                        ?? false
                }
            }
            guard let found, let item = schema.collection?.item(items[found].name) else { return nil }
            guard steps.count > 1 else { return item.attributes.first.map { (items[found][$0.name] ?? "", $0) } }
            return try written(steps.dropFirst(), items[found], item)
        case nil: return nil
        }
    }
}
