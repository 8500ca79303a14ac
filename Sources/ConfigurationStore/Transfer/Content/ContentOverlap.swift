internal import Platform

/// Trees of an export that go to one folder here, or one into another's: what two of them have alike is placed once.
struct ContentOverlap {
    enum Verdict { case new, alike, different }

    /// Where each tree goes, without links as far as that is there, by its place in the list.
    private let places: [Int: [UInt8]]
    private let isPossible: Bool
    /// What is placed, by its whole path; noted where there may be an overlap.
    private var placed: [[UInt8]: ContentNode] = [:]

    init(_ destinations: [ContentPlacement.Destination]) {
        let places = Dictionary(uniqueKeysWithValues: destinations.map { ($0.index, Self.place($0.path)) })
        self.places = places
        isPossible = places.contains { inner in
            places.contains { $0.key != inner.key && Self.isInside(inner.value, $0.value) }
        }
    }

    /// Outer folders come before what goes into them.
    func ordered(_ destinations: [ContentPlacement.Destination]) -> [ContentPlacement.Destination] {
        guard isPossible else { return destinations }
        func rank(_ destination: ContentPlacement.Destination) -> (Int, Int) {
            (places[destination.index]?.count ?? 0, destination.index)
        }
        return destinations.sorted { rank($0) < rank($1) }
    }

    /// Whether something is placed already by a tree before it.
    mutating func look(at piece: ContentPlacement.Piece) -> Verdict {
        guard isPossible else { return .new }
        let names = piece.isTree ? [] : piece.below + [piece.name]
        let path = names.reduce(places[piece.tree] ?? []) { $0 + [0x2F] + $1 }
        guard let node = node(at: path) else {
            placed[path] = piece.node
            return .new
        }
        return node?.kind == piece.node.kind ? .alike : .different
    }

    /// Nil where nothing placed lies there or above; a nil node where what lies above has no such thing.
    private func node(at path: [UInt8]) -> ContentNode?? {
        var names: [ArraySlice<UInt8>] = []
        var path = path[...]
        while true {
            if let outer = placed[Array(path)] {
                return .some(
                    names.reversed().reduce(Optional(outer)) { node, name in
                        node?.children.first { $0.name.elementsEqual(name) }
                    })
            }
            guard let slash = path.lastIndex(of: 0x2F) else { return nil }
            names.append(path[(slash + 1)...])
            path = path[..<slash]
        }
    }

    private static func isInside(_ path: [UInt8], _ folder: [UInt8]) -> Bool {
        path.starts(with: folder) && (path.count == folder.count || path[folder.count] == 0x2F)
    }

    private static func place(_ path: String) -> [UInt8] {
        let nearest = ContentPlacement.nearest(path)
        let resolved = FilePath.resolved(nearest) ?? nearest
        return Array((resolved == "/" ? "" : resolved).utf8)
            + path.utf8.dropFirst(nearest == "/" ? 0 : nearest.utf8.count)
    }
}
