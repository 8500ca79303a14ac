internal import Configuration
internal import HostModel
internal import XML

/// A file is refused, or its places are exact, its edits change what they say and nothing else, and its model, its
/// slices and its problems can be had.
enum ConfigurationTarget {
    private static let base = try? ServerConfiguration(
        bytes: Array("<configuration/>".utf8), path: "applicationHost.config")

    static func run(_ bytes: [UInt8]) throws {
        _ = try? Schema.reading([("schema.xml", bytes)])
        guard let document = try? Document(bytes: bytes, path: "applicationHost.config") else { return }
        var elements: [DocumentElement] = []
        collect(document.root, into: &elements)
        try checkPlaces(elements)
        try checkStored(document, bytes)
        for index in Set([0, elements.count / 2, elements.count - 1]) { try checkEdits(document, elements, index) }
        guard let base else { throw Finding(description: "an empty file is refused") }
        _ = WebConfigFile.problems(of: document, below: base)
        try checkModel(bytes)
    }

    private static func collect(_ element: DocumentElement, into elements: inout [DocumentElement]) {
        elements.append(element)
        for child in element.children { collect(child, into: &elements) }
    }

    private static func checkPlaces(_ elements: [DocumentElement]) throws {
        let text = elements[0].document.text
        var (line, position) = (1, 0)
        for element in elements {
            let span = element.span
            for index in position..<span.lowerBound where text[index] == 10 { line += 1 }
            position = span.lowerBound
            try require(element.line == line, "<\(element.name)> stands in line \(line), not \(element.line)")
            try require(
                text[span.lowerBound] == UInt8(ascii: "<") && text[span.upperBound - 1] == UInt8(ascii: ">"),
                "the span of <\(element.name)> is not its own")
            for child in element.children {
                try require(
                    child.span.lowerBound > span.lowerBound && child.span.upperBound < span.upperBound,
                    "<\(child.name)> is not within its parent")
            }
            for attribute in element.attributes {
                let value = attribute.valueSpan
                let quote = text[value.lowerBound - 1]
                try require(
                    (quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")) && text[value.upperBound] == quote
                        && value.lowerBound > span.lowerBound && value.upperBound < span.upperBound,
                    "the value of \(attribute.name) is not between its quotes")
            }
        }
    }

    /// What nobody changed is stored as it was.
    private static func checkStored(_ document: Document, _ bytes: [UInt8]) throws {
        if case .named = document.encoding.form { return }
        try require(try DocumentEdit(document).applied().stored == bytes, "an unchanged document is stored differently")
    }

    private static func checkEdits(_ document: Document, _ elements: [DocumentElement], _ index: Int) throws {
        // A named encoding may hold nothing but its own characters.
        if case .named = document.encoding.form { return }
        let element = elements[index]
        let value = "a<b>&\"'\n\té%"
        var edit = DocumentEdit(document)
        edit.set("fuzz", to: value, on: element)
        let changed = try edit.applied().document
        try checkOutside(element.span, document, changed)
        var others: [DocumentElement] = []
        collect(changed.root, into: &others)
        try require(
            others.count == elements.count && others[index]["fuzz"] == value,
            "an attribute reads differently than it was set")
        edit = DocumentEdit(changed)
        edit.remove("fuzz", from: others[index])
        let removed = try edit.applied().document
        others = []
        collect(removed.root, into: &others)
        try require(
            others.count == elements.count && others[index].attribute("fuzz") == nil, "an attribute was not removed")
        if index > 0 {
            edit = DocumentEdit(document)
            edit.remove(element)
            _ = try edit.applied()
        }
        edit = DocumentEdit(document)
        edit.insert("<added/>", in: element)
        // Nothing is refused but an element below the deepest level.
        if let inserted = try? edit.applied().document { try checkOutside(element.span, document, inserted) }
    }

    /// Nothing before and behind `span` is different.
    private static func checkOutside(_ span: Range<Int>, _ before: Document, _ after: Document) throws {
        try require(
            before.text[..<span.lowerBound] == after.text.prefix(span.lowerBound)
                && before.text[span.upperBound...] == after.text.suffix(before.text.count - span.upperBound),
            "an edit changed what is outside its element")
    }

    private static func checkModel(_ bytes: [UInt8]) throws {
        guard let server = try? ServerConfiguration(bytes: bytes, path: "applicationHost.config") else { return }
        let lines = server.file.document.text.count { $0 == 10 } + 1
        for problem in server.problems() {
            try require((0...lines).contains(problem.line), "a problem stands in line \(problem.line) of \(lines)")
        }
        let model = HostModel.build(server)
        for problem in model.problems {
            try require(
                (0...lines).contains(problem.line.number), "a problem stands in line \(problem.line) of \(lines)")
        }
        let again = HostModel.build(try ServerConfiguration(bytes: bytes, path: "applicationHost.config"))
        try require(model.changes(to: again).isEmpty, "the same file changes something")
        try require(
            model.changes(
                to: HostModel.build(try ServerConfiguration(bytes: Array("<configuration/>".utf8), path: "none.config"))
            ).count
                >= model.sites.count, "sites that go are not told")
        for pool in model.pools {
            let slice = PoolSlice.bytes(of: server, pool: pool.name, in: model)
            let part = HostModel.build(try ServerConfiguration(bytes: slice, path: "applicationHost.config"))
            try require(
                part.pools.contains { $0.name == pool.name }, "the slice of pool \(pool.name) does not hold the pool")
        }
        for section in ["system.applicationHost/sites", "system.applicationHost/applicationPools"] {
            let text = EffectiveText.xml(server.section(section), path: section, provenance: true)
            _ = try Document(bytes: Array(text.utf8), path: section)
        }
    }
}
