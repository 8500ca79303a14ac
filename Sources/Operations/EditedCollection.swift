internal import Configuration

/// A collection at one level: what the level writes of it, and what it inherits (reference §3.6).
struct EditedCollection {
    /// An item that holds here.
    enum Entry {
        case written(DraftElement)
        case inherited(Element)

        func value(_ attribute: AttributeSchema) -> String {
            switch self {
            case .written(let draft): draft[attribute.name] ?? attribute.defaultValueText
            case .inherited(let element): element.written(attribute.name) ?? attribute.defaultValueText
            }
        }

        func value(unlisted name: String) -> String? {
            switch self {
            case .written(let draft): draft[name]
            case .inherited(let element): element.document?[name]
            }
        }
    }

    private let holder: Cursor
    private let collection: CollectionSchema
    private let level: SectionEditor.Level

    init(_ holder: Cursor, _ collection: CollectionSchema, _ level: SectionEditor.Level) {
        self.holder = holder
        self.collection = collection
        self.level = level
    }

    private var item: ElementSchema { collection.items[0] }

    /// The items that hold, in order, and how many of them are written here.
    private func entries() -> [Entry] {
        var inherited = (holder.inherited?.items ?? []).map { Entry.inherited($0) }
        var own: [Entry] = []
        let hasInherited = !inherited.isEmpty
        for child in holder.draft?.children ?? [] {
            if collection.item(child.name) != nil {
                if hasInherited { inherited.removeAll { isSameKey($0, child) } }
                own.append(.written(child))
            } else if child.name == collection.clearElement {
                inherited = []
                own = []
            } else if child.name == collection.removeElement {
                inherited.removeAll { isSameKey($0, child) }
                own.removeAll { isSameKey($0, child) }
            }
        }
        return collection.mergeAppend ? inherited + own : own + inherited
    }

    /// Whether an item has the key that an element names.
    private func isSameKey(_ entry: Entry, _ element: DraftElement) -> Bool {
        let keys = collection.keys
        guard !keys.isEmpty, !collection.allowsDuplicates else { return false }
        func isSame(_ key: AttributeSchema) -> Bool {
            key.areSame(entry.value(key), element[key.name] ?? key.defaultValueText)
        }
        return collection.isKeyCombined ? keys.allSatisfy(isSame) : keys.contains(where: isSame)
    }

    private func matches(_ entry: Entry, _ keys: [(name: String, value: String)]) -> Bool {
        keys.allSatisfy { key in
            guard let attribute = item.attribute(key.name) else { return entry.value(unlisted: key.name) == key.value }
            return attribute.areSame(entry.value(attribute), key.value)
        }
    }

    /// Where the item that a selector means stands among the entries.
    private func find(
        _ wanted: ElementSelector.Item, in entries: [Entry]
    ) throws(OperationError) -> Int {
        var keys: [(name: String, value: String)] = []
        for key in wanted.keys {
            guard let name = item.attributeName(key.name) else { throw .unknownAttribute(key.name) }
            keys.append((name, key.value))
        }
        guard let found = wanted.index(among: entries.count, { matches(entries[$0], keys) }) else { throw .noSuchItem }
        return found
    }

    /// The way to an item. An inherited one is written here when something in it is changed.
    func cursor(to wanted: ElementSelector.Item) throws(OperationError) -> Cursor {
        let entries = entries()
        return cursor(to: try find(wanted, in: entries), in: entries)
    }

    /// The way to the item that is the same as another one: by its keys, else by all that it says; nil where there is none.
    func cursor(toSameAs other: DraftElement) -> Cursor? {
        let entries = entries()
        let hasKeys = !collection.keys.isEmpty && !collection.allowsDuplicates
        let index = entries.firstIndex { entry in
            hasKeys
                ? isSameKey(entry, other)
                : item.attributes.allSatisfy { $0.areSame(entry.value($0), other[$0.name] ?? $0.defaultValueText) }
        }
        return index.map { cursor(to: $0, in: entries) }
    }

    private func cursor(to index: Int, in entries: [Entry]) -> Cursor {
        switch entries[index] {
        case .written(let draft):
            return Cursor(collection.item(draft.name) ?? item, draft: draft, inherited: nil) { draft }
        case .inherited(let element):
            let schema = collection.item(element.name) ?? item
            return Cursor(schema, draft: nil, inherited: element) { () throws(OperationError) in
                try write(entries, index)
            }
        }
    }

    /// Writes an inherited item here. Where the place in the collection matters and would be another, all are written.
    private func write(_ entries: [Entry], _ index: Int) throws(OperationError) -> DraftElement {
        guard case .inherited(let element) = entries[index], let source = element.document else { throw .noSuchItem }
        if !collection.mergeAppend, index > 0, collection.clearElement != nil {
            return try writeAll(entries)[index]
        }
        let holder = try holder.made()
        let copy = DraftElement(copying: source)
        if level == .below || collection.keys.isEmpty { try takeAway(element, in: holder) }
        insert(copy, in: holder, atStart: !collection.mergeAppend)
        return copy
    }

    /// A `<clear/>` and every item: the order is this level's then.
    private func writeAll(_ entries: [Entry]) throws(OperationError) -> [DraftElement] {
        guard let clear = collection.clearElement else {
            throw .refusedItem(element: item.name, reason: "The order of this collection is fixed.", isDuplicate: false)
        }
        let holder = try holder.made()
        let copies = entries.compactMap { entry -> DraftElement? in
            switch entry {
            case .written(let draft): draft.copy()
            case .inherited(let element): element.document.map { DraftElement(copying: $0) }
            }
        }
        for child in holder.children where isDirective(child) { holder.remove(child) }
        holder.append(DraftElement(clear))
        for copy in copies { holder.append(copy) }
        return copies
    }

    private func isDirective(_ child: DraftElement) -> Bool {
        collection.item(child.name) != nil || child.name == collection.clearElement
            || child.name == collection.removeElement
    }

    /// Before or behind the level's own items.
    private func insert(_ element: DraftElement, in holder: DraftElement, atStart: Bool) {
        let children = holder.children
        guard atStart, let first = children.firstIndex(where: { collection.item($0.name) != nil }) else {
            let last = children.lastIndex(where: isDirective)
            holder.insert(element, at: last.map { $0 + 1 } ?? children.count)
            return
        }
        holder.insert(element, at: first)
    }

    /// A directive that an inherited item does not hold here.
    private func takeAway(_ element: Element, in holder: DraftElement) throws(OperationError) {
        guard let name = collection.removeElement else {
            throw .refusedItem(
                element: item.name, reason: "An inherited entry of this collection cannot be removed.",
                isDuplicate: false)
        }
        let keys = collection.keys.map { key in
            (name: key.name, value: Entry.inherited(element).value(key))
        }
        let remove = DraftElement(name, attributes: keys)
        let children = holder.children
        let first = children.firstIndex { collection.item($0.name) != nil }
        holder.insert(remove, at: first ?? children.count)
    }

    /// Writes a `<remove>` that an import has, unless it is written already, before this level's items.
    func addDirective(_ directive: DraftElement) throws(OperationError) {
        let holder = try holder.made()
        let children = holder.children
        guard !children.contains(where: { $0.name == directive.name && isSameItem($0, directive) }) else { return }
        holder.insert(
            directive.copy(), at: children.firstIndex { collection.item($0.name) != nil } ?? children.count)
    }

    /// Makes the level say what an import says of the collection, which begins it anew. What is so already stays as written.
    func replace(with imported: DraftElement) throws(OperationError) {
        let wanted = imported.children.filter(isDirective)
        let present = (holder.draft?.children ?? []).filter(isDirective)
        if wanted.count == present.count, zip(wanted, present).allSatisfy({ $0.name == $1.name && isSameItem($0, $1) })
        {
            return
        }
        let holder = try holder.made()
        for child in present { holder.remove(child) }
        for child in wanted { holder.append(child.copy()) }
    }

    /// Whether two written elements say the same.
    private func isSameItem(_ one: DraftElement, _ other: DraftElement) -> Bool {
        let (left, right) = (one.children, other.children)
        return Dictionary(one.attributes) { $1 } == Dictionary(other.attributes) { $1 } && left.count == right.count
            && zip(left, right).allSatisfy { $0.name == $1.name && isSameItem($0, $1) }
    }

    func remove(_ wanted: ElementSelector.Item) throws(OperationError) {
        let entries = entries()
        let index = try find(wanted, in: entries)
        switch entries[index] {
        case .inherited(let element):
            let holder = try holder.made()
            if collection.removeElement == nil, collection.clearElement != nil {
                let copies = try writeAll(entries)
                holder.remove(copies[index])
            } else {
                try takeAway(element, in: holder)
            }
        case .written(let draft):
            guard let holder = holder.draft else { return }
            holder.remove(draft)
            // What it stood in place of would come back.
            for entry in self.entries() {
                guard case .inherited(let element) = entry, isSameKey(entry, draft) else { continue }
                try takeAway(element, in: holder)
            }
        }
    }

    func add(
        _ new: DraftElement, _ schema: ElementSchema, at position: ElementSelector.Position?
    ) throws(OperationError) {
        let missing = schema.attributes.filter { $0.isRequired && new[$0.name] == nil }.map(\.name)
        guard missing.isEmpty else {
            throw .refusedItem(
                element: schema.name,
                reason:
                    "Missing required attribute\(missing.count > 1 ? "s" : "") '\(missing.joined(separator: ","))'",
                isDuplicate: false)
        }
        let entries = entries()
        if !collection.allowsDuplicates, !collection.keys.isEmpty, entries.contains(where: { isSameKey($0, new) }) {
            throw duplicate(new, entries)
        }
        let inherited = entries.count { entry in
            if case .inherited = entry { true } else { false }
        }
        // Where a plain entry would come to stand.
        let first = collection.mergeAppend ? inherited : 0
        let last = collection.mergeAppend ? entries.count : entries.count - inherited
        let wanted: Int
        switch position {
        case nil: return insert(new, in: try holder.made(), atStart: false)
        case .start: wanted = 0
        case .end: wanted = entries.count
        case .index(let index): wanted = index
        }
        guard wanted <= entries.count else { throw .noSuchItem }
        guard (first...last).contains(wanted) else {
            let copies = try writeAll(entries)
            let holder = try holder.made()
            let children = holder.children
            let place = wanted < copies.count ? children.firstIndex { $0 === copies[wanted] } : nil
            return holder.insert(new, at: place ?? children.count)
        }
        let holder = try holder.made()
        guard wanted < last, case .written(let next) = entries[wanted],
            let place = holder.children.firstIndex(where: { $0 === next })
        else { return insert(new, in: holder, atStart: false) }
        holder.insert(new, at: place)
    }

    private func duplicate(_ new: DraftElement, _ entries: [Entry]) -> OperationError {
        func value(_ key: AttributeSchema) -> String { new[key.name] ?? key.defaultValueText }
        let what = "Cannot add duplicate collection entry of type '\(new.name)' with"
        let keys = collection.keys
        if collection.isKeyCombined {
            let (names, values) = (keys.map(\.name).joined(separator: ", "), keys.map(value).joined(separator: ", "))
            return .refusedItem(
                element: new.name,
                reason: "\(what) combined key attributes '\(names)' respectively set to '\(values)'", isDuplicate: true)
        }
        let key = keys.first { key in entries.contains { key.areSame($0.value(key), value(key)) } } ?? keys[0]
        return .refusedItem(
            element: new.name, reason: "\(what) unique key attribute '\(key.name)' set to '\(value(key))'",
            isDuplicate: true)
    }
}

extension DraftElement {
    /// A new element that says the same.
    func copy() -> DraftElement {
        if let origin, !isDifferent { return DraftElement(copying: origin) }
        let made = DraftElement(name, attributes: attributes)
        for child in children { made.append(child.copy()) }
        return made
    }
}
