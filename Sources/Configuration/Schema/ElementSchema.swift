/// What the schema says of a section, an element or a collection's item.
public final class ElementSchema: Sendable {
    public let name: String
    public let attributes: [AttributeSchema]
    public let elements: [ElementSchema]
    /// The collection directly inside the element.
    public let collection: CollectionSchema?
    public let allowsUnrecognizedAttributes: Bool
    /// Whether the element holds defaults for the items of a collection, such as `siteDefaults`.
    public let isCollectionDefault: Bool
    /// Whether only this server knows the section or element itself, and so everything in it.
    public let isOurs: Bool
    /// The names of dynamic methods, such as `Recycle`.
    public let methods: [String]

    private let attributeIndices: [String: Int]
    private let elementIndices: [String: Int]
    let requiredAttributes: [Int]

    init(
        name: String, attributes: [AttributeSchema], elements: [ElementSchema], collection: CollectionSchema?,
        allowsUnrecognizedAttributes: Bool, isCollectionDefault: Bool, isOurs: Bool = false,
        methods: [String]
    ) {
        self.isOurs = isOurs
        self.name = name
        self.attributes = attributes
        self.elements = elements
        self.collection = collection
        self.allowsUnrecognizedAttributes = allowsUnrecognizedAttributes
        self.isCollectionDefault = isCollectionDefault
        self.methods = methods
        attributeIndices = Dictionary(
            attributes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        elementIndices = Dictionary(
            elements.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        requiredAttributes = isCollectionDefault ? [] : attributes.indices.filter { attributes[$0].isRequired }
    }

    /// A section that no schema file describes.
    static func unknown(_ name: String) -> ElementSchema {
        ElementSchema(
            name: name, attributes: [], elements: [], collection: nil, allowsUnrecognizedAttributes: true,
            isCollectionDefault: false, methods: [])
    }

    public func attribute(_ name: String) -> AttributeSchema? { attributeIndices[name].map { attributes[$0] } }

    public func element(_ name: String) -> ElementSchema? { elementIndices[name].map { elements[$0] } }

    func attributeIndex(_ name: String) -> Int? { attributeIndices[name] }
}

/// What the schema says of a collection.
public final class CollectionSchema: Sendable {
    /// The items' schemas, one for each name of `addElement` (`allow,deny` has two).
    public let items: [ElementSchema]
    public let removeElement: String?
    public let clearElement: String?
    /// The sibling element that holds the items' defaults.
    public let defaultElement: String?
    /// Whether deeper entries follow the inherited ones (else they go before them).
    public let mergeAppend: Bool
    public let allowsDuplicates: Bool
    public let allowsUnrecognizedAttributes: Bool
    /// Indices of attributes that are each a key by itself.
    let uniqueKeys: [Int]
    /// Indices of attributes that are the key together.
    let combinedKey: [Int]

    init(
        items: [ElementSchema], removeElement: String?, clearElement: String?, defaultElement: String?,
        mergeAppend: Bool, allowsDuplicates: Bool, allowsUnrecognizedAttributes: Bool
    ) {
        self.items = items
        self.removeElement = removeElement
        self.clearElement = clearElement
        self.defaultElement = defaultElement
        self.mergeAppend = mergeAppend
        self.allowsDuplicates = allowsDuplicates
        self.allowsUnrecognizedAttributes = allowsUnrecognizedAttributes
        let attributes = items.first?.attributes ?? []
        uniqueKeys = attributes.indices.filter { attributes[$0].isUniqueKey }
        combinedKey = attributes.indices.filter { attributes[$0].isCombinedKey }
    }

    public func item(_ name: String) -> ElementSchema? { items.first { $0.name == name } }

    /// Whether an element of that name adds an item, removes one or clears the collection.
    func hasDirective(_ name: String) -> Bool {
        item(name) != nil || name == removeElement || name == clearElement
    }

    /// Whether two items can collide at all.
    var hasKeys: Bool { !allowsDuplicates && !(uniqueKeys.isEmpty && combinedKey.isEmpty) }
}
