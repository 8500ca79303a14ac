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
    /// The items' keys, made when the first directive of a deeper level needs them.
    private let keys: Mutex<[CollectionKey]?>

    static func empty(_ schema: ElementSchema) -> EffectiveElement {
        EffectiveElement(schema: schema, layers: [], children: [:], items: [], locks: [])
    }

    private init(
        schema: ElementSchema, layers: [Layer], children: [String: EffectiveElement], items: [Layer],
        locks: [ElementLocks], keys: [CollectionKey]? = nil
    ) {
        self.schema = schema
        self.layers = layers
        self.children = children
        self.items = items
        self.locks = locks
        self.keys = Mutex(keys)
    }

    /// This element with one more written element on top. Throws where a lock or a duplicate forbids it.
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
            } else {
                directives.append(child)
            }
        }
        let collected = try collect(directives, of: layer)
        let own = ElementLocks(element, level: layer.level)
        return EffectiveElement(
            schema: schema, layers: layers + [layer], children: children, items: collected.items,
            locks: own.map { locks + [$0] } ?? locks, keys: collected.keys)
    }

    /// The collection after one level's directives (reference §3.6), and its keys where they are known.
    private func collect(
        _ directives: [DocumentElement], of layer: Layer
    ) throws(ConfigurationError) -> (items: [Layer], keys: [CollectionKey]?) {
        guard let collection = schema.collection, !directives.isEmpty else { return (items, keys.withLock { $0 }) }
        if items.isEmpty, directives.allSatisfy({ collection.item($0.name) != nil }) {
            // Keys among one file's own entries are the checker's matter.
            return (directives.map(layer.inner), nil)
        }
        var work = CollectionWork(items: items, keys: itemKeys)
        for directive in directives {
            if directive.name == collection.clearElement {
                if work.items.contains(where: { $0.isLocked(for: layer) }) { throw Self.violation(directive) }
                work = CollectionWork(items: [], keys: [])
                continue
            }
            let key = CollectionKey(directive, in: collection)
            let known = work.keys.firstIndex { $0.collides(with: key) }
            if directive.name == collection.removeElement {
                guard let known else { continue }
                if work.items[known].isLocked(for: layer) { throw Self.violation(directive) }
                work.remove(at: known)
            } else {
                if collection.hasKeys, let known {
                    guard work.items[known].isBuiltIn, layer.level == 0 else {
                        let part = work.keys[known].collision(with: key) ?? 0
                        throw CollectionKey.duplicate(directive, in: collection, part: part)
                    }
                    work.remove(at: known)
                }
                work.add(layer.inner(directive), key: key, append: collection.mergeAppend)
            }
        }
        return (work.items, work.keys)
    }

    private var itemKeys: [CollectionKey] {
        guard let collection = schema.collection else { return [] }
        return keys.withLock { known in
            if let known { return known }
            let made = items.map { CollectionKey($0.element, in: collection) }
            known = made
            return made
        }
    }

    private static func violation(_ element: DocumentElement) -> ConfigurationError {
        .at(element, "Lock violation", code: .locked)
    }
}

/// A collection while one level's directives are applied to it.
private struct CollectionWork {
    var items: [Layer]
    var keys: [CollectionKey]
    /// How many of this level's entries stand before the inherited ones.
    private var prepended = 0

    init(items: [Layer], keys: [CollectionKey]) {
        self.items = items
        self.keys = keys
    }

    mutating func remove(at index: Int) {
        items.remove(at: index)
        keys.remove(at: index)
        if index < prepended { prepended -= 1 }
    }

    mutating func add(_ item: Layer, key: CollectionKey, append: Bool) {
        let index = append ? items.count : prepended
        items.insert(item, at: index)
        keys.insert(key, at: index)
        if !append { prepended += 1 }
    }
}

extension Layer {
    /// Whether the item may not be removed or cleared away by `other`'s level.
    fileprivate func isLocked(for other: Layer) -> Bool {
        level != other.level && element[ReservedAttributes.lockItem]?.lowercased() == "true"
    }
}
