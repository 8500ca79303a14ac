public import Configuration

/// An element while it is edited: as written, or new. Changes gather here and reach the text together.
public final class DraftElement {
    public let name: String
    /// The element as the file has it; nil for a new one.
    public let origin: DocumentElement?
    /// A new element that is another one's copy, byte by byte, until something in it is changed.
    private let copied: DocumentElement?
    /// What is different from the origin; nil takes an attribute away.
    private var changes: [(name: String, value: String?)] = []
    /// Nil until somebody asks.
    private var loaded: [DraftElement]?
    private var removed: [DocumentElement] = []
    private var isChanged = false

    public init(_ origin: DocumentElement) {
        name = origin.name
        self.origin = origin
        copied = nil
    }

    public init(_ name: String, attributes: [(name: String, value: String)] = []) {
        self.name = name
        origin = nil
        copied = nil
        changes = attributes.map { ($0.name, $0.value) }
        loaded = []
    }

    /// A new element that says what `element` says.
    public init(copying element: DocumentElement) {
        name = element.name
        origin = nil
        copied = element
        changes = element.attributes.map { ($0.name, $0.value) }
    }

    // MARK: Attributes

    public subscript(_ attribute: String) -> String? {
        if let change = changes.last(where: { $0.name == attribute }) { return change.value }
        return origin?[attribute]
    }

    /// In the file's order, new ones last.
    public var attributes: [(name: String, value: String)] {
        var all: [(name: String, value: String)] = []
        for attribute in origin.map({ Array($0.attributes) }) ?? [] {
            if let value = self[attribute.name] { all.append((attribute.name, value)) }
        }
        for change in changes where origin?.attribute(change.name) == nil {
            if let value = change.value { all.append((change.name, value)) }
        }
        return all
    }

    public func set(_ attribute: String, to value: String) { change(attribute, value) }

    public func remove(_ attribute: String) { change(attribute, nil) }

    private func change(_ attribute: String, _ value: String?) {
        guard self[attribute] != value else { return }
        isChanged = true
        if let index = changes.firstIndex(where: { $0.name == attribute }) {
            changes[index].value = value
        } else {
            changes.append((attribute, value))
        }
    }

    // MARK: Children

    public var children: [DraftElement] {
        if let loaded { return loaded }
        let made: [DraftElement]
        if let origin {
            made = origin.children.map { DraftElement($0) }
        } else {
            made = copied?.children.map { DraftElement(copying: $0) } ?? []
        }
        loaded = made
        return made
    }

    public var hasChildren: Bool { loaded.map { !$0.isEmpty } ?? (origin ?? copied)?.hasChildren ?? false }

    public func child(_ name: String) -> DraftElement? { children.first { $0.name == name } }

    /// The child of that name, made where there is none.
    public func childMade(_ name: String) -> DraftElement {
        if let known = child(name) { return known }
        let made = DraftElement(name)
        append(made)
        return made
    }

    public func append(_ child: DraftElement) {
        // Asking loads them.
        _ = children
        isChanged = true
        loaded?.append(child)
    }

    public func insert(_ child: DraftElement, at index: Int) {
        _ = children
        isChanged = true
        loaded?.insert(child, at: index)
    }

    public func remove(_ child: DraftElement) {
        guard let index = children.firstIndex(where: { $0 === child }) else { return }
        isChanged = true
        loaded?.remove(at: index)
        if let origin = child.origin { removed.append(origin) }
    }

    public func removeChildren() {
        for child in children { remove(child) }
    }

    // MARK: The text

    /// Whether it or something in it is different from what is written.
    var isDifferent: Bool { isChanged || (loaded?.contains { $0.isDifferent } ?? false) }

    /// What becomes of a written element.
    func write(into edit: inout DocumentEdit) {
        guard let origin else { return }
        for (name, value) in changes where origin[name] != value {
            if let value { edit.set(name, to: value, on: origin) } else { edit.remove(name, from: origin) }
        }
        guard let loaded else { return }
        for element in removed { edit.remove(element) }
        var previous: DocumentElement?
        var pending: [NewElement] = []
        func place() {
            guard !pending.isEmpty else { return }
            edit.insert(pending, in: origin, after: previous)
            pending = []
        }
        for child in loaded {
            if let written = child.origin {
                place()
                previous = written
                child.write(into: &edit)
            } else {
                pending.append(child.new)
            }
        }
        place()
    }

    /// A new element as it is written.
    public var new: NewElement {
        if let copied, !isDifferent { return NewElement(copying: copied) }
        return NewElement(name, attributes: attributes, children: children.map(\.new))
    }
}
