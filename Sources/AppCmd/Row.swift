internal import Configuration
internal import Operations

/// An object that a list found.
struct Row {
    let kind: ObjectKind
    let name: String
    /// Those of the XML form, in its order; the object's name is among them.
    let attributes: [(name: String, value: String)]
    /// What stands in brackets behind the name in the text form; nil: no brackets.
    let summary: String?
    /// Its element in the configuration; nil for what has none.
    var element: Element?
    /// What a list of `config` shows in place of an element.
    var fragment: NewElement?

    /// `SITE "Default Web Site" (id:1,…)`
    var line: String {
        "\(kind.name) \(quoted(name))" + (summary.map { " (\(printable($0)))" } ?? "")
    }

    /// The value of an attribute of the XML form, or of the element at a dotted path; nil where neither has it.
    func value(_ name: String) -> String? {
        if let known = attributes.first(where: { $0.name.isSame(as: name) }) { return known.value }
        guard let element, let selector = try? ElementSelector(name) else { return nil }
        return ElementValue.text(of: selector, in: element)
    }

    /// Whether it has all the values that a list is narrowed to. Throws for an attribute that there is none of.
    func matches(_ filters: [Filter]) throws(Failure) -> Bool {
        for filter in filters {
            guard let value = value(filter.name) else { throw .unknownAttribute(filter.name) }
            let type = attributeType(filter.name)
            let isSame = type?.areSame(value, filter.value) ?? value.isSame(as: filter.value)
            guard isSame else { return false }
        }
        return true
    }

    private func attributeType(_ name: String) -> AttributeSchema? {
        guard !attributes.contains(where: { $0.name.isSame(as: name) }), let element,
            let selector = try? ElementSelector(name)
        else { return nil }
        return ElementValue.schema(of: selector, in: element)
    }
}

/// What a list is narrowed to: the value of an attribute.
struct Filter {
    let name: String
    let value: String
}

/// Values of an effective element by dotted paths.
enum ElementValue {
    static func text(of selector: ElementSelector, in element: Element) -> String? {
        guard let (holder, name) = place(of: selector, in: element) else { return nil }
        return written(name, of: holder)
    }

    static func schema(of selector: ElementSelector, in element: Element) -> AttributeSchema? {
        place(of: selector, in: element).flatMap { $0.holder.schema.attribute($0.name) }
    }

    /// As a file writes it, else the default. No `%VARIABLE%` is replaced, nothing is decrypted.
    static func written(_ name: String, of element: Element) -> String {
        if let written = element.written(name) { return written }
        guard let attribute = element.schema.attribute(name) else { return "" }
        let text = attribute.defaultValueText
        return attribute.isEncrypted && EncryptedText(text)?.payload == "" ? "" : text
    }

    /// The element that a path leads to, and the attribute's name; nil where the schema has none.
    private static func place(
        of selector: ElementSelector, in element: Element
    ) -> (holder: Element, name: String)? {
        guard let place = try? SelectedPlace(selector, in: element), let name = place.attribute,
            let known = place.element.schema.listed(name), !known.isDynamic
        else { return nil }
        return (place.element, known.name)
    }
}
