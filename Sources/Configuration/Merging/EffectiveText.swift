/// An effective section as XML, for people and for `hostelry config show`.
public enum EffectiveText {
    /// The section with every value that holds, inside its groups. With `provenance` each element is followed by a comment
    /// that says which file and line gave each value. Encrypted values stay encrypted; secrets in clear are not shown.
    public static func xml(_ section: Element, path: String, provenance: Bool) -> String {
        let groups = path.split(separator: "/").dropLast().map(String.init)
        var text = ""
        for (depth, group) in groups.enumerated() { text += indent(depth) + "<\(group)>\n" }
        append(section, to: &text, depth: groups.count, isItem: false, provenance: provenance)
        for (depth, group) in groups.enumerated().reversed() { text += indent(depth) + "</\(group)>\n" }
        return text
    }

    private static func append(
        _ element: Element, to text: inout String, depth: Int, isItem: Bool, provenance: Bool
    ) {
        let name = isItem ? element.name : lastSegment(element.schema.name)
        text += indent(depth) + "<" + name
        // An item shows what is written of it, another element all its values.
        let attributes = element.schema.attributes.filter { attribute in
            !attribute.isDynamic && (isItem ? element.isSet(attribute.name) : true)
        }
        for attribute in attributes { text += " \(attribute.name)=\"\(escaped(shown(attribute, of: element)))\"" }
        for (name, value) in element.unrecognizedAttributes { text += " \(name)=\"\(escaped(value))\"" }
        let children = element.schema.elements.map { element.element($0.name) }.filter { !isItem || $0.isWritten }
        let items = element.items
        let comment = provenance ? " <!-- \(sources(of: attributes, in: element)) -->" : ""
        if children.isEmpty && items.isEmpty {
            text += "/>\(comment)\n"
            return
        }
        text += ">\(comment)\n"
        for child in children { append(child, to: &text, depth: depth + 1, isItem: false, provenance: provenance) }
        for item in items { append(item, to: &text, depth: depth + 1, isItem: true, provenance: provenance) }
        text += indent(depth) + "</\(name)>\n"
    }

    private static func shown(_ attribute: AttributeSchema, of element: Element) -> String {
        guard attribute.isSecret else { return element.string(attribute.name) }
        return SecretAttributes.shown(element.written(attribute.name) ?? "")
    }

    /// The attributes by where they come from; an element without attributes tells its own place.
    private static func sources(of attributes: [AttributeSchema], in element: Element) -> String {
        if attributes.isEmpty { return comment(element.source.description) }
        var places: [(source: String, names: [String])] = []
        for attribute in attributes {
            let source = element.source(attribute.name).description
            if let index = places.firstIndex(where: { $0.source == source }) {
                places[index].names.append(attribute.name)
            } else {
                places.append((source, [attribute.name]))
            }
        }
        return comment(places.map { "\($0.names.joined(separator: ", ")): \($0.source)" }.joined(separator: "; "))
    }

    /// Text that cannot end a comment.
    private static func comment(_ text: String) -> String { text.replacing("--", with: "- -") }

    private static func lastSegment(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    private static func indent(_ depth: Int) -> String { String(repeating: "    ", count: depth) }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 32 || "&<>\"".utf8.contains($0) }) else { return text }
        return text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            // No XML can hold these.
            case _ where scalar.value < 32: escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
