/// A piece of a document that stands between the tags of an element, read by itself.
struct Fragment {
    private let holder: DocumentElement
    private let kind: Outline.Kind
    private let start: Int

    /// Nil where the piece is not the content of an element: the document with it may still be well formed, or not.
    init?(_ text: ArraySlice<UInt8>, in kind: Outline.Kind) {
        let names: [String]
        switch kind {
        case .site: names = ["configuration", "system.applicationHost", "sites"]
        case .pool: names = ["configuration", "system.applicationHost", "applicationPools"]
        case .location: names = ["configuration"]
        case .other: return nil
        }
        let opening = Array(names.map { "<\($0)>" }.joined().utf8)
        let closing = Array(names.reversed().map { "</\($0)>" }.joined().utf8)
        guard let document = try? Document(bytes: opening + text + closing, path: "") else { return nil }
        // Tags that the piece closes and opens again would make more than one element of each.
        var element = document.root
        for _ in names.dropFirst() {
            let children = Array(element.children.prefix(2))
            guard children.count == 1 else { return nil }
            element = children[0]
        }
        guard element.content == opening.count..<opening.count + text.count else { return nil }
        holder = element
        self.kind = kind
        start = opening.count
    }

    /// What stands in it, as at `offset` and `line` of the document; nil where there is more than entries.
    func entries(at offset: Int, line: Int32) -> [Outline.Entry]? {
        let entries = holder.children.map { element in
            Outline.Entry(element, in: kind, shift: offset - start, lineShift: line - 1)
        }
        return entries.contains { $0.kind == .other } ? nil : entries
    }
}
