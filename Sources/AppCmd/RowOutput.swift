internal import Configuration

/// The forms of a list: lines, one attribute, a tree of all attributes, configuration, XML (reference §7.3, §7.5).
struct RowOutput {
    let line: ArgumentLine

    func lines(_ rows: [Row]) throws(Failure) -> [String] {
        if line.xml { return xml(rows) }
        switch line.text {
        case .attribute(let name):
            var values: [String] = []
            for row in rows {
                guard let value = row.value(name) else { throw .unknownAttribute(name) }
                values.append(printable(value))
            }
            return values
        case .all: return rows.flatMap(tree)
        case .lines, nil: break
        }
        return rows.flatMap { row -> [String] in
            guard line.config != nil || row.kind == .config, let element = element(of: row) else { return [row.line] }
            return Self.split(element.text(unit: "  ")).map(printable)
        }
    }

    private func element(of row: Row) -> NewElement? {
        if let fragment = row.fragment { return fragment }
        guard let element = row.element else { return nil }
        if line.config == .all { return ElementOutput.all(element, name: element.name) }
        return element.document.map(ElementOutput.asWritten)
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    // MARK: XML

    private func xml(_ rows: [Row]) -> [String] {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<appcmd>"]
        for row in rows {
            var output = NewElement(row.kind.name, attributes: row.attributes)
            if let fragment = row.fragment {
                output.children = [fragment]
            } else if line.config != nil, let element = element(of: row) {
                output.children = [element]
            }
            lines += Self.split(output.text(indentation: "    ")).enumerated().map { index, text in
                Self.harmless((index == 0 ? "    " : "") + text)
            }
        }
        return lines + ["</appcmd>"]
    }

    /// Characters that steer a terminal as references, which are the same to whoever reads the XML.
    static func harmless(_ text: String) -> String {
        guard printable(text) != text else { return text }
        return text.unicodeScalars.reduce(into: "") { output, scalar in
            let isHarmless = scalar == "\t" || printable(String(scalar)) == String(scalar)
            output += isHarmless ? String(scalar) : "&#x\(String(scalar.value, radix: 16, uppercase: true));"
        }
    }

    // MARK: The tree

    private func tree(_ row: Row) -> [String] {
        var lines = [row.kind.name]
        for (name, value) in row.attributes { lines.append("  \(name):\"\(printable(value))\"") }
        if let element = row.element {
            Self.append(ElementOutput.all(element, name: element.name), depth: 1, to: &lines)
        } else if let fragment = row.fragment {
            Self.append(fragment, depth: 1, to: &lines)
        }
        return lines
    }

    private static func append(_ output: NewElement, depth: Int, to lines: inout [String]) {
        let indent = String(repeating: "  ", count: depth)
        lines.append("\(indent)[\(output.name)]")
        for (name, value) in output.attributes { lines.append("\(indent)  \(name):\"\(printable(value))\"") }
        for child in output.children { append(child, depth: depth + 1, to: &lines) }
    }
}
