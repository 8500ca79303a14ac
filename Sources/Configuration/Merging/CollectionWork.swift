/// Which items of a list have a key, by the items' numbers.
///
/// A few questions are answered by going through the keys; many make a table first, so that what a question costs does
/// not grow with the collection.
struct CollectionIndex: Sendable {
    private static let questionsWithoutTable = 16

    private(set) var keys: [CollectionKey]
    private var questions = 0
    /// For each unique key of the collection, the numbers of the items by their text; nil until it is worth making.
    private var numbers: [[String: [Int]]]?

    init(_ keys: [CollectionKey] = []) { self.keys = keys }

    /// Adds the next item's key.
    mutating func append(_ key: CollectionKey) {
        if numbers != nil { note(key, keys.count) }
        keys.append(key)
    }

    /// The first item that `isPresent` and has one of the texts of `key`, and which of them.
    mutating func first(_ key: CollectionKey, where isPresent: (Int) -> Bool) -> (number: Int, part: Int)? {
        questions += 1
        if numbers == nil, questions > Self.questionsWithoutTable { makeTable() }
        guard let numbers else {
            for (number, known) in keys.enumerated() {
                if let part = known.collision(with: key), isPresent(number) { return (number, part) }
            }
            return nil
        }
        for (part, text) in key.parts.enumerated() where part < numbers.count {
            if let number = numbers[part][text]?.first(where: isPresent) { return (number, part) }
        }
        return nil
    }

    private mutating func makeTable() {
        numbers = []
        for (number, key) in keys.enumerated() { note(key, number) }
    }

    private mutating func note(_ key: CollectionKey, _ number: Int) {
        if numbers?.isEmpty == true { numbers = key.parts.map { _ in [:] } }
        for (part, text) in key.parts.enumerated() { numbers?[part][text, default: []].append(number) }
    }
}

/// A collection while one level's directives are applied to it. What a directive costs does not grow with the collection.
struct CollectionWork {
    /// An item with a wanted key, and which of the collection's unique keys it shares.
    struct Match {
        let item: Layer
        let part: Int
        fileprivate let isInherited: Bool
        fileprivate let number: Int
    }

    private let inherited: [Layer]
    private var inheritedIndex: CollectionIndex
    private var isCleared = false
    private var removed: Set<Int> = []
    /// The level's own entries; nil for one that it takes away again.
    private var added: [Layer?] = []
    private var addedIndex = CollectionIndex()

    /// `index` is that of `items`.
    init(items: [Layer], index: CollectionIndex) {
        inherited = items
        inheritedIndex = index
    }

    mutating func find(_ key: CollectionKey) -> Match? {
        let (removed, added) = (removed, added)
        if !isCleared, let found = inheritedIndex.first(key, where: { !removed.contains($0) }) {
            return Match(item: inherited[found.number], part: found.part, isInherited: true, number: found.number)
        }
        guard let found = addedIndex.first(key, where: { added[$0] != nil }), let item = added[found.number] else {
            return nil
        }
        return Match(item: item, part: found.part, isInherited: false, number: found.number)
    }

    func contains(where isMeant: (Layer) -> Bool) -> Bool {
        remaining(inherited).contains(where: isMeant) || added.contains { $0.map(isMeant) ?? false }
    }

    mutating func clear() {
        isCleared = true
        added = []
        addedIndex = CollectionIndex()
    }

    mutating func remove(_ match: Match) {
        if match.isInherited { removed.insert(match.number) } else { added[match.number] = nil }
    }

    mutating func add(_ item: Layer, key: CollectionKey) {
        added.append(item)
        addedIndex.append(key)
    }

    /// The outcome: the level's own entries behind the inherited ones (`append`) or before them, and their index.
    func outcome(append: Bool) -> (items: [Layer], index: CollectionIndex) {
        let own = added.indices.filter { added[$0] != nil }
        let items = own.compactMap { added[$0] }
        let keys = own.map { addedIndex.keys[$0] }
        let (oldItems, oldKeys) = (remaining(inherited), remaining(inheritedIndex.keys))
        return append
            ? (oldItems + items, CollectionIndex(oldKeys + keys)) : (items + oldItems, CollectionIndex(keys + oldKeys))
    }

    /// Those of the inherited items' properties whose items are still there.
    private func remaining<Property>(_ properties: [Property]) -> [Property] {
        if isCleared { return [] }
        if removed.isEmpty { return properties }
        return properties.indices.filter { !removed.contains($0) }.map { properties[$0] }
    }
}
