public import Configuration

/// The schema asked with names as people type them: in any case of letters.
extension ElementSchema {
    /// The attribute's own name; nil for one that cannot be written. What an element accepts unlisted keeps its spelling.
    public func attributeName(_ text: String) -> String? {
        if let known = listed(text) { return known.isDynamic ? nil : known.name }
        if let lock = ReservedAttributes.locks.first(where: { $0.isSame(as: text) }) { return lock }
        return allowsUnrecognizedAttributes ? text : nil
    }

    /// The attribute as the schema lists it.
    public func listed(_ text: String) -> AttributeSchema? {
        attribute(text) ?? attributes.first { $0.name.isSame(as: text) }
    }

    public func child(_ text: String) -> ElementSchema? {
        element(text) ?? elements.first { $0.name.isSame(as: text) }
    }
}

extension CollectionSchema {
    /// The attributes that identify an item, together or each by itself.
    public var keys: [AttributeSchema] {
        let attributes = items.first?.attributes ?? []
        let combined = attributes.filter(\.isCombinedKey)
        return combined.isEmpty ? attributes.filter(\.isUniqueKey) : combined
    }

    /// Whether all keys together identify an item, and not each by itself.
    public var isKeyCombined: Bool { items.first?.attributes.contains(where: \.isCombinedKey) ?? false }
}

extension AttributeSchema {
    /// A value as it is stored, or why it is none.
    public func stored(_ text: String) throws(OperationError) -> String {
        guard XMLText.holds(text) else { throw .invalidValue(attribute: name, reason: XMLText.refusal) }
        if isEncrypted, EncryptedText(text) != nil { return text }
        switch parse(text) {
        // A text keeps its form, and a number that is written in hexadecimal too.
        case .success where type == .string || text.hasPrefix("0x"): return text
        case .success(let value): return self.text(of: value)
        case .failure(let refusal): throw .invalidValue(attribute: name, reason: refusal.reason)
        }
    }

    /// Whether two texts are the same value.
    public func areSame(_ one: String, _ other: String) -> Bool {
        if one == other { return true }
        if type == .string { return !isCaseSensitive && one.isSame(as: other) }
        guard case .success(let value) = parse(one), case .success(let wanted) = parse(other) else { return false }
        return value == wanted
    }

    /// The text of the value that holds where nobody writes one.
    public var defaultValueText: String { text(of: defaultValue) }
}

extension String {
    /// Whether it is the other in any case of letters.
    public func isSame(as other: String) -> Bool {
        self == other || (utf8.count == other.utf8.count && lowercased() == other.lowercased())
            || (!utf8.allSatisfy { $0 < 128 } && lowercased() == other.lowercased())
    }
}
