internal import Synchronization

/// A section, or an element inside one, as the levels down to some path make it: the written elements that take part,
/// outermost first, and its collection put together. It never changes; a deeper level makes another that shares what
/// that level leaves alone.
final class EffectiveElement: Sendable {
    let schema: ElementSchema
    let layers: [Layer]
    /// The child elements that somebody wrote, by name.
    let children: [String: EffectiveElement]
    let items: [Layer]
    private let locks: [ElementLocks]
    /// The items by their keys, made when the first directive of a deeper level needs it.
    private let index: Mutex<CollectionIndex?>

    static func empty(_ schema: ElementSchema) -> EffectiveElement {
        EffectiveElement(schema: schema, layers: [], children: [:], items: [], locks: [])
    }

    private init(
        schema: ElementSchema, layers: [Layer], children: [String: EffectiveElement], items: [Layer],
        locks: [ElementLocks], index: CollectionIndex? = nil
    ) {
        self.schema = schema
        self.layers = layers
        self.children = children
        self.items = items
        self.locks = locks
        self.index = Mutex(index)
    }

    /// This element with one more written element on top; what the schema does not know in it takes no part. Throws
    /// where a lock or a duplicate forbids it.
    func adding(_ layer: Layer) throws(ConfigurationError) -> EffectiveElement {
        let element = layer.element
        let binding = locks.filter { $0.level != layer.level }
        if !binding.isEmpty {
            for attribute in element.attributes
            where !ReservedAttributes.contains(attribute.name)
                && binding.contains(where: { $0.attributes.contains(attribute.name) })
            {
                throw Self.violation(element)
            }
        }
        var children = self.children
        var directives: [DocumentElement] = []
        for child in element.children {
            let name = child.name
            if binding.contains(where: { $0.elements.contains(name) }) { throw Self.violation(child) }
            if let nested = schema.element(name) {
                children[name] = try (children[name] ?? .empty(nested)).adding(layer.inner(child))
            } else if schema.collection?.hasDirective(name) == true {
                directives.append(child)
            }
        }
        let collected = try collect(directives, of: layer)
        let own = ElementLocks(element, level: layer.level)
        return EffectiveElement(
            schema: schema, layers: layers + [layer], children: children, items: collected.items,
            locks: own.map { locks + [$0] } ?? locks, index: collected.index)
    }

    /// The collection after one level's directives (reference §3.6), and its index where that is known.
    private func collect(
        _ directives: [DocumentElement], of layer: Layer
    ) throws(ConfigurationError) -> (items: [Layer], index: CollectionIndex?) {
        guard let collection = schema.collection, !directives.isEmpty else { return (items, index.withLock { $0 }) }
        if items.isEmpty, directives.allSatisfy({ collection.item($0.name) != nil }) {
            // Keys among one file's own entries are the checker's matter.
            return (directives.map(layer.inner), nil)
        }
        var work = CollectionWork(items: items, index: itemIndex(collection))
        for directive in directives {
            if directive.name == collection.clearElement {
                if work.contains(where: { $0.isLocked(for: layer) }) { throw Self.violation(directive) }
                work.clear()
                continue
            }
            let key = CollectionKey(directive, in: collection)
            if directive.name == collection.removeElement {
                guard let known = work.find(key) else { continue }
                if known.item.isLocked(for: layer) { throw Self.violation(directive) }
                work.remove(known)
            } else {
                if collection.hasKeys, let known = work.find(key) {
                    guard known.item.isBuiltIn, layer.level == 0 else {
                        throw CollectionKey.duplicate(directive, in: collection, part: known.part)
                    }
                    work.remove(known)
                }
                work.add(layer.inner(directive), key: key)
            }
        }
        return work.outcome(append: collection.mergeAppend)
    }

    private func itemIndex(_ collection: CollectionSchema) -> CollectionIndex {
        index.withLock { known in
            if let known { return known }
            let made = CollectionIndex(items.map { CollectionKey($0.element, in: collection) })
            known = made
            return made
        }
    }

    private static func violation(_ element: DocumentElement) -> ConfigurationError {
        .at(element, "Lock violation", code: .locked)
    }
}

extension Layer {
    /// Whether the item may not be removed or cleared away by `other`'s level.
    fileprivate func isLocked(for other: Layer) -> Bool {
        level != other.level && element[ReservedAttributes.lockItem]?.lowercased() == "true"
    }
}
