internal import XML

/// One element of a document, as written.
public struct DocumentElement: Sendable {
    public let document: Document
    let index: Int32

    var record: XMLTree.Element { document.tree.elements[Int(index)] }

    public var name: String { document.tree.names[Int(record.name)] }
    /// The line of its start tag.
    public var line: Int { Int(record.line) }
    /// The bytes from its `<` to behind its last `>`, in the document's UTF-8 text.
    public var span: Range<Int> { Int(record.start)..<Int(record.end) }

    /// The bytes between its tags; nil for `<empty/>`.
    var content: Range<Int>? {
        let tagEnd = Int(record.tagEnd)
        guard tagEnd < span.upperBound else { return nil }
        var end = span.upperBound - 1
        // An end tag holds no other `<`.
        while document.text[end] != UInt8(ascii: "<") { end -= 1 }
        return tagEnd..<end
    }

    public var attributes: some Sequence<DocumentAttribute> {
        let record = self.record
        let first = Int(record.firstAttribute)
        return (first..<first + Int(record.attributeCount)).lazy.map { [document] in
            DocumentAttribute(document: document, index: Int32($0))
        }
    }

    public var children: some Sequence<DocumentElement> {
        sequence(state: record.firstChild) { [document] next -> DocumentElement? in
            guard next >= 0 else { return nil }
            let child = DocumentElement(document: document, index: next)
            next = child.record.nextSibling
            return child
        }
    }

    /// The element as written, from its `<` to its last `>`.
    public var text: String { document.tree.string(span) }

    public var hasChildren: Bool { record.firstChild >= 0 }

    public func attribute(_ name: String) -> DocumentAttribute? { attributes.first { $0.name == name } }

    /// The value of an attribute; nil where it is not written.
    public subscript(_ name: String) -> String? { attribute(name)?.value }

    public func child(_ name: String) -> DocumentElement? { children.first { $0.name == name } }
}

/// One attribute of an element, as written.
public struct DocumentAttribute: Sendable {
    let document: Document
    let index: Int32

    var record: XMLTree.Attribute { document.tree.attributes[Int(index)] }

    public var name: String { document.tree.names[Int(record.name)] }
    public var value: String { document.tree.value(of: record) }
    /// The bytes between the quotes, in the document's UTF-8 text.
    public var valueSpan: Range<Int> { Int(record.valueStart)..<Int(record.valueEnd) }

    /// The attribute's own line, which may be below its element's.
    public func line(in element: DocumentElement) -> Int {
        document.tree.line(at: Int(record.start), after: Int(element.index))
    }
}
