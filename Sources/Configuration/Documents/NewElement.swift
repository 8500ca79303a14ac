/// An element that is written into a document, laid out as the document around it is.
public struct NewElement: Sendable {
    public var name: String
    public var attributes: [(name: String, value: String)]
    public var children: [NewElement]
    /// The element as it stands elsewhere, comments included; nil for one that is made.
    private let source: String?

    public init(_ name: String, attributes: [(name: String, value: String)] = [], children: [NewElement] = []) {
        self.name = name
        self.attributes = attributes
        self.children = children
        source = nil
    }

    /// A copy of `element`, byte by byte.
    public init(copying element: DocumentElement) {
        name = element.name
        attributes = element.attributes.map { ($0.name, $0.value) }
        children = []
        source = element.text
    }

    /// The element as XML. Lines behind the first are indented by `indentation`, and each level further by `unit`.
    public func text(indentation: String = "", unit: String = "    ", lineEnd: String = "\n") -> String {
        if let source { return source }
        var text = "<\(name)"
        for (name, value) in attributes { text += " \(name)=\"\(EffectiveText.escaped(value))\"" }
        guard !children.isEmpty else { return text + " />" }
        text += ">"
        for child in children {
            let inner = indentation + unit
            text += lineEnd + inner + child.text(indentation: inner, unit: unit, lineEnd: lineEnd)
        }
        return text + lineEnd + indentation + "</\(name)>"
    }
}

extension DocumentEdit {
    /// Puts elements, in their order, behind `sibling` or, without one, before all children of `parent`, each on a line of
    /// its own with the indentation that the file uses there.
    public mutating func insert(
        _ elements: [NewElement], in parent: DocumentElement, after sibling: DocumentElement? = nil
    ) {
        let lineEnd = document.text.contains(13) ? "\r\n" : "\n"
        let outer = indentation(of: parent)
        let unit = indentationUnit(of: parent, outer)
        let inner = (sibling ?? parent.children.first { _ in true }).map(indentation) ?? outer + unit
        let texts = elements.map { $0.text(indentation: inner, unit: unit, lineEnd: lineEnd) }
        insert(texts.joined(separator: lineEnd + inner), in: parent, after: sibling)
    }
}
