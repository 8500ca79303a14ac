internal import Configuration

/// Configuration elements as XML for output: what is written of them, or all values.
enum ElementOutput {
    /// What files say of an effective element: each written value, and each item.
    static func written(_ element: Element) -> NewElement {
        let schema = element.schema
        var output = NewElement(lastSegment(schema.name))
        for attribute in schema.attributes where element.isSet(attribute.name) {
            output.attributes.append((attribute.name, ElementValue.written(attribute.name, of: element)))
        }
        output.attributes += element.unrecognizedAttributes
        output.children = schema.elements.map { element.element($0.name) }.filter(\.isWritten).map { written($0) }
        // An item without what its defaults add to it.
        output.children += element.items.compactMap { $0.document.map(asWritten) }
        return output
    }

    /// Every value that holds, defaults among them.
    static func all(_ element: Element, name: String? = nil) -> NewElement {
        let schema = element.schema
        var output = NewElement(name ?? lastSegment(schema.name))
        for attribute in schema.attributes where !attribute.isDynamic {
            output.attributes.append((attribute.name, ElementValue.written(attribute.name, of: element)))
        }
        output.attributes += element.unrecognizedAttributes
        output.children = schema.elements.filter { !isRunTime($0) }.map { all(element.element($0.name)) }
        output.children += element.items.map { all($0, name: $0.name) }
        return output
    }

    /// An element with children that a file writes, and nothing of the defaults above.
    static func asWritten(_ element: DocumentElement) -> NewElement {
        NewElement(
            element.name, attributes: element.attributes.map { ($0.name, $0.value) },
            children: element.children.map(asWritten))
    }

    static func lastSegment(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// What only a running server has.
    private static func isRunTime(_ schema: ElementSchema) -> Bool { schema.name == "workerProcesses" }

    /// A section inside its groups.
    static func grouped(_ output: NewElement, section: String) -> NewElement {
        section.split(separator: "/").dropLast().reversed().reduce(output) { inner, group in
            NewElement(String(group), children: [inner])
        }
    }
}
