/// Checks what a section says against its schema: names, values, required attributes, keys.
///
/// Each problem has the line of its element, as IIS reports it.
struct SectionChecker {
    private(set) var problems: [ConfigurationError] = []

    /// All problems of a section's element. `isServerFile` refuses `configSource`.
    static func problems(
        of section: DocumentElement, schema: ElementSchema, isServerFile: Bool
    ) -> [ConfigurationError] {
        var checker = SectionChecker()
        checker.check(section, schema, isSectionRoot: !isServerFile)
        return checker.problems
    }

    private mutating func check(_ element: DocumentElement, _ schema: ElementSchema, isSectionRoot: Bool = false) {
        var present: Int = 0
        for attribute in element.attributes {
            let name = attribute.name
            guard let index = schema.attributeIndex(name), !schema.attributes[index].isDynamic else {
                if isSectionRoot, name == ReservedAttributes.configSource { continue }
                checkUnlisted(name, attribute, of: element, schema)
                continue
            }
            let known = schema.attributes[index]
            if known.isRequired { present += 1 }
            if known.type == .string && known.validator == nil { continue }
            if known.isEncrypted, EncryptedText(attribute.value) != nil { continue }
            if case .failure(let refusal) = known.parse(attribute.value) {
                problems.append(
                    ConfigurationError(
                        file: element.document.path, line: attribute.line(in: element),
                        "The '\(name)' attribute is invalid.  \(refusal.reason)", position: element.span.lowerBound))
            }
        }
        if present < schema.requiredAttributes.count {
            reportMissing(schema.requiredAttributes.map { schema.attributes[$0].name }, in: element)
        }
        if element.hasChildren { checkChildren(of: element, schema) }
    }

    private mutating func checkUnlisted(
        _ name: String, _ attribute: DocumentAttribute, of element: DocumentElement, _ schema: ElementSchema
    ) {
        if ReservedAttributes.locks.contains(name) {
            if let unknown = ElementLocks.unknownName(in: attribute.value, of: name, schema) {
                let kind = name.contains("Attributes") ? "attribute" : "element"
                problems.append(.at(element, "\(name) contains unknown \(kind) '\(unknown)'"))
            }
        } else if !ReservedAttributes.contains(name), !schema.allowsUnrecognizedAttributes {
            problems.append(.at(element, "Unrecognized attribute '\(name)'"))
        }
    }

    private mutating func reportMissing(_ required: [String], in element: DocumentElement) {
        let missing = required.filter { element.attribute($0) == nil }
        guard !missing.isEmpty else { return }
        let plural = missing.count > 1 ? "s" : ""
        problems.append(
            .at(element, "Missing required attribute\(plural) '\(missing.joined(separator: ","))'"))
    }

    private mutating func checkChildren(of element: DocumentElement, _ schema: ElementSchema) {
        var seen: Set<String> = []
        var keys = LocalKeys()
        for child in element.children {
            let name = child.name
            if let item = schema.collection?.item(name), let collection = schema.collection {
                check(child, item)
                if let problem = keys.add(child, in: collection) { problems.append(problem) }
            } else if let nested = schema.element(name) {
                if !seen.insert(name).inserted {
                    problems.append(.at(child, "Only one <\(name)> element allowed"))
                }
                check(child, nested)
            } else if let collection = schema.collection, name == collection.removeElement {
                checkRemove(child, collection)
                keys.remove(child, in: collection)
            } else if let collection = schema.collection, name == collection.clearElement {
                for attribute in child.attributes where !ReservedAttributes.contains(attribute.name) {
                    problems.append(.at(child, "Unrecognized attribute '\(attribute.name)'"))
                }
                keys = LocalKeys()
            } else {
                problems.append(.at(child, "Unrecognized element '\(name)'"))
            }
        }
    }

    /// A remove names the item's key attributes and nothing else.
    private mutating func checkRemove(_ element: DocumentElement, _ collection: CollectionSchema) {
        let attributes = collection.items.first?.attributes ?? []
        let keys = (collection.combinedKey.isEmpty ? collection.uniqueKeys : collection.combinedKey).map {
            attributes[$0]
        }
        for attribute in element.attributes where !ReservedAttributes.contains(attribute.name) {
            if !keys.contains(where: { $0.name == attribute.name }), !collection.allowsUnrecognizedAttributes {
                problems.append(.at(element, "Unrecognized attribute '\(attribute.name)'"))
            }
        }
        reportMissing(keys.filter(\.isRequired).map(\.name), in: element)
    }
}

/// The keys of one collection as one file writes it. A collection of one item costs no key.
private struct LocalKeys {
    private var first: DocumentElement?
    private var seen: [Set<String>] = []

    /// The problem of a second item with the same key.
    mutating func add(_ element: DocumentElement, in collection: CollectionSchema) -> ConfigurationError? {
        guard collection.hasKeys else { return nil }
        if first == nil, seen.isEmpty {
            first = element
            return nil
        }
        if let waiting = first {
            first = nil
            seen = CollectionKey(waiting, in: collection).parts.map { [$0] }
        }
        for (index, part) in CollectionKey(element, in: collection).parts.enumerated()
        where !seen[index].insert(part).inserted {
            return CollectionKey.duplicate(element, in: collection, part: index)
        }
        return nil
    }

    mutating func remove(_ element: DocumentElement, in collection: CollectionSchema) {
        let parts = CollectionKey(element, in: collection).parts
        if let waiting = first {
            if CollectionKey(waiting, in: collection).parts == parts { first = nil }
            return
        }
        for (index, part) in parts.enumerated() where index < seen.count { seen[index].remove(part) }
    }
}
