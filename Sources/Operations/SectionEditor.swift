public import Configuration

/// Edits one section, or an element, at one level: what is written there, on top of what the place inherits.
public struct SectionEditor {
    /// Where the level stands: what a changed item does to the inherited one of its key.
    public enum Level: Sendable {
        /// The server's own file, which replaces entries of the built-in configuration by its own.
        case server
        /// A location or a file below, which takes inherited items away first.
        case below
    }

    /// Seals a value of an encrypted attribute.
    public typealias Seal = (String) throws(OperationError) -> String

    private let root: Cursor
    let level: Level
    private let seal: Seal

    /// - Parameters:
    ///   - written: the element as written at this level; nil where it is not.
    ///   - made: makes it.
    ///   - inherited: what holds without it.
    public init(
        _ schema: ElementSchema, written: DraftElement?, inherited: Element?, level: Level,
        seal: @escaping Seal, made: @escaping () -> DraftElement
    ) {
        root = Cursor(schema, draft: written, inherited: inherited, make: made)
        self.level = level
        self.seal = seal
    }

    /// Writes an attribute.
    public func set(_ selector: ElementSelector, to value: String) throws(OperationError) {
        let (cursor, last) = try holder(of: selector)
        guard case .name(let text) = last, let name = cursor.schema.attributeName(text) else {
            throw .unknownAttribute(selector.text)
        }
        let stored = try stored(value, name, cursor.schema)
        try cursor.made().set(name, to: stored)
    }

    /// Adds an item to a collection, and answers it.
    @discardableResult
    public func add(_ selector: ElementSelector) throws(OperationError) -> DraftElement {
        let (cursor, last) = try holder(of: selector)
        guard case .item(let wanted) = last else { throw .malformedSelector(selector.text) }
        guard let collection = cursor.schema.collection, let schema = collection.items.first else {
            throw .unknownAttribute(selector.text)
        }
        let item = DraftElement(schema.name)
        for key in wanted.keys {
            guard let name = schema.attributeName(key.name) else { throw .unknownAttribute(key.name) }
            item.set(name, to: try stored(key.value, name, schema))
        }
        try EditedCollection(cursor, collection, level).add(item, schema, at: wanted.position)
        return item
    }

    /// Takes an item out of a collection.
    public func remove(_ selector: ElementSelector) throws(OperationError) {
        let (cursor, last) = try holder(of: selector)
        guard case .item(let wanted) = last else { throw .malformedSelector(selector.text) }
        guard let collection = cursor.schema.collection, !collection.items.isEmpty else {
            throw .unknownAttribute(selector.text)
        }
        try EditedCollection(cursor, collection, level).remove(wanted)
    }

    /// Takes away what this level says of an attribute, element or item.
    public func clear(_ selector: ElementSelector) throws(OperationError) {
        let (cursor, last) = try holder(of: selector)
        guard case .name(let text) = last else { return try remove(selector) }
        if let element = cursor.schema.child(text) {
            if let draft = cursor.draft, let child = draft.child(element.name) { draft.remove(child) }
        } else if let name = cursor.schema.attributeName(text) {
            cursor.draft?.remove(name)
        } else {
            throw .unknownAttribute(selector.text)
        }
    }

    /// Makes the element say what an imported one says. What holds already is not written again, and what only the
    /// element says stays; items are the same by their keys.
    public func merge(_ imported: DraftElement) throws(OperationError) { try merge(imported, into: root) }

    private func merge(_ imported: DraftElement, into cursor: Cursor) throws(OperationError) {
        let begun = try begin(imported, in: cursor)
        for (name, value) in imported.attributes where !cursor.holds(name, value) {
            try cursor.made().set(name, to: value)
        }
        for child in imported.children {
            if let known = cursor.schema.element(child.name) {
                try merge(child, into: cursor.child(known))
            } else if let collection = cursor.schema.collection, let item = collection.item(child.name) {
                let edited = EditedCollection(cursor, collection, level)
                if let same = edited.cursor(toSameAs: child) {
                    try merge(child, into: same)
                } else {
                    try edited.add(child.copy(), item, at: nil)
                }
            } else if !begun, let collection = cursor.schema.collection {
                try EditedCollection(cursor, collection, level).addDirective(child)
            }
        }
    }

    /// A collection that an import begins anew is what the import says of it, and nothing else: whether it is so now.
    private func begin(_ imported: DraftElement, in cursor: Cursor) throws(OperationError) -> Bool {
        guard let collection = cursor.schema.collection, let clear = collection.clearElement,
            imported.child(clear) != nil
        else { return false }
        try EditedCollection(cursor, collection, level).replace(with: imported)
        return true
    }

    private func stored(_ value: String, _ name: String, _ schema: ElementSchema) throws(OperationError) -> String {
        guard let attribute = schema.attribute(name) else {
            guard XMLText.holds(value) else { throw .invalidValue(attribute: name, reason: XMLText.refusal) }
            return value
        }
        let text = try attribute.stored(value)
        return attribute.isEncrypted && !text.isEmpty && EncryptedText(text) == nil ? try seal(text) : text
    }

    /// The element that the selector's last step is about.
    private func holder(of selector: ElementSelector) throws(OperationError) -> (Cursor, ElementSelector.Step) {
        var cursor = root
        for step in selector.steps.dropLast() {
            switch step {
            case .name(let text):
                guard let child = cursor.schema.child(text) else { throw .unknownAttribute(selector.text) }
                cursor = cursor.child(child)
            case .item(let wanted):
                guard let collection = cursor.schema.collection, !collection.items.isEmpty else {
                    throw .unknownAttribute(selector.text)
                }
                cursor = try EditedCollection(cursor, collection, level).cursor(to: wanted)
            }
        }
        guard let last = selector.steps.last else { throw .malformedSelector(selector.text) }
        return (cursor, last)
    }
}

/// An element on the way of a selector: as written at this level, or not yet, and as inherited.
final class Cursor {
    let schema: ElementSchema
    private(set) var draft: DraftElement?
    let inherited: Element?
    private let make: () throws(OperationError) -> DraftElement

    init(
        _ schema: ElementSchema, draft: DraftElement?, inherited: Element?,
        make: @escaping () throws(OperationError) -> DraftElement
    ) {
        self.schema = schema
        self.draft = draft
        self.inherited = inherited
        self.make = make
    }

    /// The element at this level, written now where it was not.
    func made() throws(OperationError) -> DraftElement {
        if let draft { return draft }
        let made = try make()
        draft = made
        return made
    }

    /// Whether the attribute is inherited with that value, and not written here.
    func holds(_ name: String, _ value: String) -> Bool {
        guard draft?[name] == nil, let inherited else { return false }
        guard let attribute = schema.attribute(name) else { return inherited.document?[name] == value }
        return attribute.areSame(inherited.written(name) ?? attribute.defaultValueText, value)
    }

    func child(_ schema: ElementSchema) -> Cursor {
        Cursor(schema, draft: draft?.child(schema.name), inherited: inherited?.element(schema.name)) {
            () throws(OperationError) in try self.made().childMade(schema.name)
        }
    }
}

extension ElementSelector {
    /// As it is typed, for messages.
    public var text: String {
        steps.map { step in
            switch step {
            case .name(let name): return name
            case .item(let item):
                var words = item.keys.map { "\($0.name)='\($0.value.replacing("'", with: "''"))'" }
                switch item.position {
                case .start: words.insert("@start", at: 0)
                case .end: words.insert("@end", at: 0)
                case .index(let index): words.insert("@\(index)", at: 0)
                case nil: break
                }
                return "[\(words.joined(separator: ","))]"
            }
        }.joined(separator: ".")
    }
}
