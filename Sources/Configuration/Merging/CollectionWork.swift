/// Which items of a list have a key, by the items' numbers.
struct CollectionIndex: Sendable {
    private var count = 0
    /// For each unique key of the collection, the numbers of the items by their text.
    private var numbers: [[String: [Int]]] = []

    /// Adds the next item's key.
    mutating func append(_ key: CollectionKey) {
        if numbers.isEmpty { numbers = key.parts.map { _ in [:] } }
        for (part, text) in key.parts.enumerated() { numbers[part][text, default: []].append(count) }
        count += 1
    }

    /// The first item that `isPresent` and has one of the texts of `key`, and which of them.
    func first(_ key: CollectionKey, where isPresent: (Int) -> Bool) -> (number: Int, part: Int)? {
        for (part, text) in key.parts.enumerated() where part < numbers.count {
            if let number = numbers[part][text]?.first(where: isPresent) { return (number, part) }
        }
        return nil
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
    private let inheritedIndex: CollectionIndex
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

    func find(_ key: CollectionKey) -> Match? {
        if !isCleared, let found = inheritedIndex.first(key, where: { !removed.contains($0) }) {
            return Match(item: inherited[found.number], part: found.part, isInherited: true, number: found.number)
        }
        guard let found = addedIndex.first(key, where: { added[$0] != nil }), let item = added[found.number] else {
            return nil
        }
        return Match(item: item, part: found.part, isInherited: false, number: found.number)
    }

    func contains(where isMeant: (Layer) -> Bool) -> Bool {
        remaining.contains(where: isMeant) || added.contains { $0.map(isMeant) ?? false }
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

    /// The outcome: the level's own entries behind the inherited ones (`append`) or before them.
    func items(append: Bool) -> [Layer] {
        let own = added.compactMap(\.self)
        return append ? remaining + own : own + remaining
    }

    private var remaining: [Layer] {
        if isCleared { return [] }
        if removed.isEmpty { return inherited }
        return inherited.indices.filter { !removed.contains($0) }.map { inherited[$0] }
    }
}
