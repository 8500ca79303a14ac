internal import XML

/// Changes to a document that leave every byte outside the changed elements as it is.
///
/// Changes are collected against one document and applied together; each element and attribute may be changed once.
public struct DocumentEdit {
    public let document: Document
    private var splices: [Splice] = []

    private struct Splice {
        let range: Range<Int>
        let text: String
    }

    public init(_ document: Document) { self.document = document }

    /// Writes an attribute: its value alone where it is there already, else behind the last one, laid out like it.
    public mutating func set(_ name: String, to value: String, on element: DocumentElement) {
        if let attribute = element.attribute(name) {
            let quote = document.text[attribute.valueSpan.lowerBound - 1]
            var text = EffectiveText.escaped(value)
            if quote == UInt8(ascii: "'") { text = text.replacing("'", with: "&apos;") }
            splices.append(Splice(range: attribute.valueSpan, text: text))
            return
        }
        let last = Array(element.attributes).last
        let end = last.map { $0.valueSpan.upperBound + 1 } ?? element.span.lowerBound + 1 + element.name.utf8.count
        let gap = last.map { text(before: Int($0.record.start)) } ?? " "
        splices.append(Splice(range: end..<end, text: "\(gap)\(name)=\"\(EffectiveText.escaped(value))\""))
    }

    /// Takes an attribute away with the white space before it.
    public mutating func remove(_ name: String, from element: DocumentElement) {
        guard let attribute = element.attribute(name) else { return }
        let start = Int(attribute.record.start)
        let gap = text(before: start).utf8.count
        splices.append(Splice(range: start - gap..<attribute.valueSpan.upperBound + 1, text: ""))
    }

    /// Takes an element away, with its line where it stands alone on it.
    public mutating func remove(_ element: DocumentElement) {
        let gap = text(before: element.span.lowerBound)
        let line = gap.utf8.contains(10) ? gap.utf8.count : 0
        splices.append(Splice(range: element.span.lowerBound - line..<element.span.upperBound, text: ""))
    }

    /// Puts `xml`, one element, behind `sibling` or, without one, as the first child of `parent`, on a line of its own with
    /// the indentation that the file uses there.
    public mutating func insert(_ xml: String, in parent: DocumentElement, after sibling: DocumentElement? = nil) {
        let lineEnd = document.text.contains(13) ? "\r\n" : "\n"
        if let sibling {
            let gap = text(before: sibling.span.lowerBound)
            let before = gap.utf8.contains(10) ? lineEnd + indentation(of: sibling) : ""
            splices.append(Splice(range: sibling.span.upperBound..<sibling.span.upperBound, text: before + xml))
            return
        }
        let outer = indentation(of: parent)
        let first = Array(parent.children).first
        let inner = first.map(indentation) ?? outer + indentationUnit(of: parent, outer)
        let tagEnd = Int(parent.record.tagEnd)
        if parent.span.upperBound == tagEnd {
            // `<parent/>` opens up.
            let slash = tagEnd - 2
            var end = slash
            while document.text[end - 1] == 32 { end -= 1 }
            splices.append(
                Splice(range: end..<tagEnd, text: ">\(lineEnd)\(inner)\(xml)\(lineEnd)\(outer)</\(parent.name)>"))
        } else {
            let closing = first == nil ? lineEnd + outer : ""
            let end = first == nil ? emptyContent(from: tagEnd) : tagEnd
            splices.append(Splice(range: tagEnd..<end, text: "\(lineEnd)\(inner)\(xml)\(closing)"))
        }
    }

    /// The document with the changes, read anew. Throws where the outcome is not well formed.
    public func applied() throws(ConfigurationError) -> (document: Document, stored: [UInt8]) {
        var bytes: [UInt8] = []
        var position = 0
        // What is put in at a place comes before what is taken away from there on.
        let ordered = splices.enumerated().sorted { one, other in
            (one.element.range.lowerBound, one.element.range.upperBound, one.offset)
                < (other.element.range.lowerBound, other.element.range.upperBound, other.offset)
        }
        for splice in ordered.map(\.element) {
            guard splice.range.lowerBound >= position else {
                throw ConfigurationError(
                    file: document.path, line: 0, "Two changes of one element cannot be made at once")
            }
            bytes += document.text[position..<splice.range.lowerBound]
            bytes += splice.text.utf8
            position = splice.range.upperBound
        }
        bytes += document.text[position...]
        let stored = try document.stored(bytes)
        return (try Document(bytes: stored, path: document.path), stored)
    }

    /// The white space directly before `offset`.
    private func text(before offset: Int) -> String {
        var start = offset
        while start > 0, [32, 9, 10, 13].contains(document.text[start - 1]) { start -= 1 }
        return String(decoding: document.text[start..<offset], as: UTF8.self)
    }

    func indentation(of element: DocumentElement) -> String {
        let gap = text(before: element.span.lowerBound).utf8
        // A line end of two bytes is one Character: only bytes tell where the line begins.
        return String(gap.lastIndex(of: 10).map { gap[gap.index(after: $0)...] } ?? gap[...]) ?? ""
    }

    /// What one level is indented by, as seen between `element` and its parent; else four blanks.
    func indentationUnit(of element: DocumentElement, _ own: String) -> String {
        guard element.record.parent >= 0 else { return "    " }
        let above = indentation(of: DocumentElement(document: document, index: element.record.parent))
        let unit = own.dropFirst(above.count)
        return unit.isEmpty ? "    " : String(unit)
    }

    /// The end of white space from `offset` up to an end tag; `offset` itself where something else stands there.
    private func emptyContent(from offset: Int) -> Int {
        var end = offset
        while [32, 9, 10, 13].contains(document.text[end]) { end += 1 }
        return document.text[end] == UInt8(ascii: "<") && document.text[end + 1] == UInt8(ascii: "/") ? end : offset
    }
}
