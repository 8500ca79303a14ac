internal import XML

/// Reads schema files (reference §1.2) and merges what several of them say of one section.
struct SchemaReader {
    private var sections: [String: ElementDraft] = [:]
    /// Whether the file that is read says what this server adds (`configSchema isOurs="true"`).
    private var isOurs = false

    /// Adds one file. A file that is not a schema file is refused as a whole.
    mutating func add(_ bytes: [UInt8], path: String) throws(ConfigurationError) {
        let document = try Document(bytes: bytes, path: path)
        let root = document.root
        guard root.name == "configSchema" else {
            throw ConfigurationError(file: path, line: root.line, "Unrecognized element '\(root.name)'")
        }
        isOurs = root["isOurs"] == "true"
        for element in root.children {
            guard element.name == "sectionSchema" else { throw unrecognized(element) }
            let name = try required("name", of: element)
            let draft = sections[name] ?? ElementDraft(name: name, isOurs: isOurs)
            sections[name] = draft
            try fill(draft, from: element)
        }
    }

    func schema() -> Schema { Schema(sections: sections.mapValues { $0.finished() }) }

    private func fill(_ draft: ElementDraft, from element: DocumentElement) throws(ConfigurationError) {
        if element["allowUnrecognizedAttributes"] == "true" { draft.allowsUnrecognizedAttributes = true }
        if element["isCollectionDefault"] == "true" { draft.isCollectionDefault = true }
        for child in element.children {
            switch child.name {
            case "attribute":
                let attribute = try readAttribute(child)
                if let index = draft.attributes.firstIndex(where: { $0.name == attribute.name }) {
                    draft.attributes[index] = attribute
                } else {
                    draft.attributes.append(attribute)
                }
            case "element":
                let name = try required("name", of: child)
                let nested = draft.elements.first { $0.name == name } ?? ElementDraft(name: name, isOurs: isOurs)
                if !draft.elements.contains(where: { $0 === nested }) { draft.elements.append(nested) }
                try fill(nested, from: child)
            case "collection":
                try fillCollection(of: draft, from: child)
            case "method":
                draft.methods.append(try required("name", of: child))
            default:
                throw unrecognized(child)
            }
        }
    }

    private func fillCollection(of draft: ElementDraft, from element: DocumentElement) throws(ConfigurationError) {
        let collection = draft.collection ?? CollectionDraft(isOurs: isOurs)
        draft.collection = collection
        if let names = element["addElement"] {
            for name in names.split(separator: ",").map({ String($0.trimmingBlanks) })
            where !collection.addNames.contains(name) {
                collection.addNames.append(name)
            }
        }
        collection.removeElement = element["removeElement"] ?? collection.removeElement
        collection.clearElement = element["clearElement"] ?? collection.clearElement
        collection.defaultElement = element["defaultElement"] ?? collection.defaultElement
        if let append = element["mergeAppend"] { collection.mergeAppend = append.lowercased() != "false" }
        if element["allowDuplicates"] == "true" { collection.allowsDuplicates = true }
        if element["allowUnrecognizedAttributes"] == "true" { collection.item.allowsUnrecognizedAttributes = true }
        try fill(collection.item, from: element)
        // No schema of IIS marks them.
        guard draft.name == "environmentVariables" else { return }
        collection.item.attributes = collection.item.attributes.map { $0.name == "value" ? $0.secret() : $0 }
    }

    private func readAttribute(_ element: DocumentElement) throws(ConfigurationError) -> AttributeSchema {
        let name = try required("name", of: element)
        let typeName = try required("type", of: element)
        guard let type = AttributeType(rawValue: typeName) else {
            throw ConfigurationError(
                file: element.document.path, line: element.line,
                "The 'type' attribute is invalid.  Not a type of configuration attributes",
                detail: "attribute '\(name)' has the type '\(typeName)'")
        }
        func isTrue(_ property: String) -> Bool { element[property]?.lowercased() == "true" }
        var members: [AttributeSchema.Member] = []
        for child in element.children where child.name == "enum" || child.name == "flag" {
            let text = try required("value", of: child)
            let value = text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
            guard let value else {
                throw ConfigurationError(
                    file: element.document.path, line: child.line,
                    "The 'value' attribute is invalid.  Not a valid integer")
            }
            members.append(AttributeSchema.Member(name: try required("name", of: child), value: value))
        }
        let defaultText = element["defaultValue"]
        let bare = AttributeSchema(
            name: name, type: type, members: members, isRequired: isTrue("required"),
            isUniqueKey: isTrue("isUniqueKey"),
            isCombinedKey: isTrue("isCombinedKey"), isCaseSensitive: isTrue("caseSensitive"),
            isEncrypted: isTrue("encrypted"), isSecret: isTrue("encrypted"), isExpanded: isTrue("expanded"),
            allowsInfinite: isTrue("allowInfinite"),
            timeSpanFormat: element["timeSpanFormat"].flatMap(TimeSpanFormat.init) ?? .string,
            validator: element["validationType"].flatMap {
                Validator(type: $0, parameter: element["validationParameter"] ?? "")
            },
            isDynamic: element["extension"] != nil, isOurs: isOurs, defaultText: defaultText, defaultValue: type.zero)
        guard let defaultText else { return bare }
        switch bare.value(of: defaultText) {
        case .success(let value): return bare.with(defaultValue: value)
        case .failure(let refusal):
            throw ConfigurationError(
                file: element.document.path, line: element.line,
                "The 'defaultValue' attribute is invalid.  \(refusal.reason)")
        }
    }

    private func required(_ name: String, of element: DocumentElement) throws(ConfigurationError) -> String {
        if let value = element[name] { return value }
        throw ConfigurationError(
            file: element.document.path, line: element.line, "Missing required attribute '\(name)'")
    }

    private func unrecognized(_ element: DocumentElement) -> ConfigurationError {
        ConfigurationError(
            file: element.document.path, line: element.line, "Unrecognized element '\(element.name)'")
    }
}

/// An element's schema while files still add to it.
private final class ElementDraft {
    let name: String
    var attributes: [AttributeSchema] = []
    var elements: [ElementDraft] = []
    var collection: CollectionDraft?
    var methods: [String] = []
    var allowsUnrecognizedAttributes = false
    var isCollectionDefault = false

    let isOurs: Bool

    init(name: String, isOurs: Bool) {
        self.name = name
        self.isOurs = isOurs
    }

    func finished(named name: String? = nil) -> ElementSchema {
        ElementSchema(
            name: name ?? self.name, attributes: attributes, elements: elements.map { $0.finished() },
            collection: collection?.finished(), allowsUnrecognizedAttributes: allowsUnrecognizedAttributes,
            isCollectionDefault: isCollectionDefault, isOurs: isOurs, methods: methods)
    }
}

private final class CollectionDraft {
    var addNames: [String] = []
    var removeElement: String?
    var clearElement: String?
    var defaultElement: String?
    var mergeAppend = true
    var allowsDuplicates = false
    let item: ElementDraft

    init(isOurs: Bool) { item = ElementDraft(name: "", isOurs: isOurs) }

    func finished() -> CollectionSchema {
        CollectionSchema(
            items: addNames.map { item.finished(named: $0) }, removeElement: removeElement, clearElement: clearElement,
            defaultElement: defaultElement, mergeAppend: mergeAppend, allowsDuplicates: allowsDuplicates,
            allowsUnrecognizedAttributes: item.allowsUnrecognizedAttributes)
    }
}
