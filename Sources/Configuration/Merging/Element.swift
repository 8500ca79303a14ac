/// An effective element: a section, an element inside one, or an item of a collection, read at some path.
///
/// A value is the deepest level's that writes it, else that of the enclosing default elements (`siteDefaults` and its
/// kin), else the schema's default. Asking for an attribute or element that the schema does not have is a mistake of
/// the program; asking for one of another type gives that type's zero.
public struct Element: Sendable {
    public let schema: ElementSchema
    /// The written elements, outermost first; the defaults of enclosing elements before them.
    let layers: [Layer]
    /// Put together already where the element is not part of a collection's item.
    private let effective: EffectiveElement?
    private let defaults: [DefaultLayers]
    let environment: EnvironmentVariables

    init(_ effective: EffectiveElement, environment: EnvironmentVariables, defaults: [DefaultLayers] = []) {
        schema = effective.schema
        layers = effective.layers
        self.effective = effective
        self.environment = environment
        self.defaults = defaults
    }

    private init(
        _ schema: ElementSchema, layers: [Layer], environment: EnvironmentVariables, defaults: [DefaultLayers]
    ) {
        self.schema = schema
        self.layers = layers
        effective = nil
        self.environment = environment
        self.defaults = defaults
    }

    /// The element's name as written, for example `add`.
    public var name: String { layers.last?.element.name ?? schema.name }

    /// Where the deepest of its written elements stands.
    public var source: Provenance { layers.last?.provenance ?? .schemaDefault }

    /// Where each of its written elements stands, outermost first.
    public var sources: [Provenance] { layers.map(\.provenance) }

    /// Whether any file writes the element.
    public var isWritten: Bool { !layers.isEmpty }

    /// Equal for two elements that the same written elements make, so that what is read of one can serve for the other.
    public var identity: ElementIdentity {
        ElementIdentity(
            layers: layers.map { .init(document: ObjectIdentifier($0.element.document), index: $0.element.index) })
    }

    /// The written element that stands deepest; nil where none does.
    public var document: DocumentElement? { layers.last?.element }

    /// The attribute as a file writes it, `%VAR%` and encryption untouched; nil where only the schema's default stands.
    public func written(_ attribute: String) -> String? { find(attribute)?.attribute.value }

    public func isSet(_ attribute: String) -> Bool { find(attribute) != nil }

    /// Where the attribute's value comes from.
    public func source(_ attribute: String) -> Provenance {
        find(attribute).map { $0.layer.provenance(of: $0.attribute) } ?? .schemaDefault
    }

    /// Whether a web.config file decides the attribute, and not the server's own file or the schema.
    public func isDelegated(_ attribute: String) -> Bool { (find(attribute)?.layer.level ?? 0) > 0 }

    /// The attribute's value with its type. A written value that is none (its file's check says so) counts as unwritten.
    public func value(_ attribute: String) -> Value {
        guard let known = schema.attribute(attribute) else { return .string("") }
        guard let text = find(attribute)?.attribute.value, case .success(let value) = known.value(of: text) else {
            return known.defaultValue
        }
        return value
    }

    /// A text attribute, `%VAR%` expanded where the schema says so.
    public func string(_ attribute: String) -> String {
        guard let known = schema.attribute(attribute) else { return "" }
        let text = known.type == .string ? written(attribute) ?? defaultText(known) : known.text(of: value(attribute))
        return known.isExpanded ? environment.expand(text) : text
    }

    public func bool(_ attribute: String) -> Bool {
        if case .bool(let flag) = value(attribute) { return flag }
        return false
    }

    /// An `int`, `uint` or `int64`; `Infinite` is `Int64.max`.
    public func integer(_ attribute: String) -> Int64 {
        switch value(attribute) {
        case .integer(let number), .member(let number): number
        case .flags(let bits): Int64(bits)
        case .infinite: .max
        default: 0
        }
    }

    /// A `timeSpan`; nil for `Infinite`.
    public func duration(_ attribute: String) -> Duration? {
        switch value(attribute) {
        case .timeSpan(let span): span
        case .infinite: nil
        default: .zero
        }
    }

    /// An enum attribute's member in the schema's spelling.
    public func member(_ attribute: String) -> String {
        guard let known = schema.attribute(attribute) else { return "" }
        return known.text(of: value(attribute))
    }

    /// The bits of a flags attribute.
    public func flags(_ attribute: String) -> UInt32 {
        if case .flags(let bits) = value(attribute) { return bits }
        return 0
    }

    /// A child element. It is there whether or not a file writes it.
    public func element(_ name: String) -> Element {
        guard let nested = schema.element(name) else {
            return Element(schema, layers: [], environment: environment, defaults: [])
        }
        if let effective {
            return Element(
                effective.children[name] ?? .empty(nested), environment: environment, defaults: extendedDefaults)
        }
        return Element(nested, layers: childLayers(name), environment: environment, defaults: extendedDefaults)
    }

    /// The collection's items in effective order.
    public var items: [Element] {
        guard let collection = schema.collection else { return [] }
        let written = effective?.items ?? collected(collection)
        guard !written.isEmpty else { return [] }
        let defaults = extendedDefaults
        let outer = collection.defaultElement.map { name in
            defaults.last { $0.element == name }?.layers ?? []
        }
        return written.map { layer in
            let item = collection.item(layer.element.name) ?? collection.items[0]
            return Element(item, layers: (outer ?? []) + [layer], environment: environment, defaults: defaults)
        }
    }

    /// Attributes that a file writes and the schema does not list (where it allows them), with their values.
    public var unrecognizedAttributes: [(name: String, value: String)] {
        layers.flatMap { layer in
            layer.element.attributes.filter { attribute in
                schema.attribute(attribute.name) == nil && !ReservedAttributes.contains(attribute.name)
            }.map { ($0.name, $0.value) }
        }
    }

    private func find(_ name: String) -> (attribute: DocumentAttribute, layer: Layer)? {
        for layer in layers.reversed() {
            if let attribute = layer.element.attribute(name) { return (attribute, layer) }
        }
        return nil
    }

    private func defaultText(_ attribute: AttributeSchema) -> String { attribute.text(of: attribute.defaultValue) }

    private func childLayers(_ name: String) -> [Layer] {
        layers.compactMap { layer in layer.element.child(name).map(layer.inner) }
    }

    /// The enclosing defaults and those that this element holds, nearer ones last.
    private var extendedDefaults: [DefaultLayers] {
        var extended = defaults
        for holder in schema.elements where holder.isCollectionDefault {
            let own = childLayers(holder.name)
            guard !own.isEmpty else { continue }
            let outer = extended.last { $0.element == holder.name }?.layers ?? []
            extended.append(DefaultLayers(element: holder.name, layers: outer + own))
        }
        return extended
    }

    /// The collection of an item, or of an element inside one: nothing deeper changes it, so its order is the layers'.
    private func collected(_ collection: CollectionSchema) -> [Layer] {
        let hasRemovals = collection.removeElement.map { name in layers.contains { $0.element.child(name) != nil } }
        guard hasRemovals == true else { return collectedWithoutRemovals(collection) }
        var work = CollectionWork(items: [], index: CollectionIndex())
        for layer in layers {
            for child in layer.element.children {
                if collection.item(child.name) != nil {
                    work.add(layer.inner(child), key: CollectionKey(child, in: collection))
                } else if child.name == collection.clearElement {
                    work.clear()
                } else if child.name == collection.removeElement {
                    let key = CollectionKey(child, in: collection)
                    while let known = work.find(key) { work.remove(known) }
                }
            }
        }
        return work.outcome(append: true).items
    }

    /// Without removals no item's key matters.
    private func collectedWithoutRemovals(_ collection: CollectionSchema) -> [Layer] {
        var items: [Layer] = []
        for layer in layers {
            for child in layer.element.children {
                if collection.item(child.name) != nil {
                    items.append(layer.inner(child))
                } else if child.name == collection.clearElement {
                    items.removeAll()
                }
            }
        }
        return items
    }
}

/// Which written elements make an effective one.
public struct ElementIdentity: Hashable, Sendable {
    struct Part: Hashable, Sendable {
        let document: ObjectIdentifier
        let index: Int32
    }

    let layers: [Part]
}

/// What the default elements named `element` say, outermost first.
struct DefaultLayers: Sendable {
    let element: String
    let layers: [Layer]
}
