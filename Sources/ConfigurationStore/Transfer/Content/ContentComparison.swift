internal import Crypto
internal import Platform

/// What of an export's content is missing where it belongs, and what stands in its way.
struct ContentComparison {
    /// The export's folder.
    let export: String
    private(set) var pieces: [ContentPlacement.Piece] = []
    private(set) var amount = ContentAmount()
    /// What is there and is something else.
    private(set) var conflicts = ContentNotes()
    /// What two trees would both place, and not alike.
    private(set) var clashes = ContentNotes()
    private var overlap: ContentOverlap

    init(export: String, _ destinations: [ContentPlacement.Destination]) {
        self.export = export
        overlap = ContentOverlap(destinations)
    }

    /// In the order in which they are to be compared.
    func ordered(_ destinations: [ContentPlacement.Destination]) -> [ContentPlacement.Destination] {
        overlap.ordered(destinations)
    }

    mutating func compare(_ destination: ContentPlacement.Destination) throws(FileError) {
        let root = destination.tree.root
        let source = try HeldFolder.open("\(export)/\(ContentList.folderName)")
            .folder(ContentList.name(ofTree: destination.index))
        let path = destination.path
        guard FilePath.resolved(path) != nil else {
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            let needed = try demand(root, in: source)
            add(
                ContentPlacement.Piece(
                    tree: destination.index, node: root,
                    base: slash == path.startIndex ? "/" : String(path[..<slash]), below: [],
                    name: Array(path[path.index(after: slash)...].utf8), needed: needed))
            return
        }
        guard let place = SystemPath(path.utf8), (try? FileInformation.of(place))?.kind == .directory else {
            return conflicts.add("\(path) is no folder")
        }
        try compare(root.children, with: try HeldFolder.trusted(path), source, destination, below: [])
    }

    private mutating func compare(
        _ nodes: [ContentNode], with folder: borrowing HeldFolder, _ source: borrowing HeldFolder,
        _ destination: ContentPlacement.Destination, below: [[UInt8]]
    ) throws(FileError) {
        for node in nodes {
            let path = folder.path(of: node.name)
            guard let entry = try folder.entry(node.name) else {
                let needed = try demand(node, named: node.name, in: source)
                add(
                    ContentPlacement.Piece(
                        tree: destination.index, node: node, base: destination.path, below: below, name: node.name,
                        needed: needed))
                continue
            }
            switch (node.kind, entry.kind) {
            case (.folder(_, let children), .folder):
                try compare(
                    children, with: try folder.folder(node.name), try source.folder(node.name), destination,
                    below: below + [node.name])
            case (.file(_, let size, let hash), .regular):
                guard entry.size == size, try ContentCopy.hash(of: node.name, in: folder) == hash else {
                    conflicts.add("\(path) differs")
                    continue
                }
            case (.link(let target), .link):
                if try folder.target(ofLink: node.name) != target { conflicts.add("\(path) leads elsewhere") }
            default: conflicts.add("\(path) is something else")
            }
        }
    }

    private mutating func add(_ piece: ContentPlacement.Piece) {
        switch overlap.look(at: piece) {
        case .new: break
        case .alike: return
        case .different: return clashes.add(piece.path)
        }
        pieces.append(piece)
        amount = amount + piece.node.amount
    }

    /// That the export has everything, of the right size; hashes are compared when it is copied.
    ///
    /// - Returns: what it takes there. Unit: bytes.
    private func demand(
        _ node: ContentNode, named name: [UInt8], in source: borrowing HeldFolder
    ) throws(FileError) -> Int64 {
        let path = source.path(of: name)
        guard let entry = try source.entry(name) else { throw FileError(path, .missing) }
        switch (node.kind, entry.kind) {
        case (.folder, .folder): return try demand(node, in: try source.folder(name))
        case (.file(_, let size, _), .regular) where size == entry.size: return min(size, entry.occupied)
        case (.link(let target), .link):
            guard try source.target(ofLink: name) == target else { throw FileError(path, .changed) }
            return 0
        default: throw FileError(path, .changed)
        }
    }

    private func demand(_ folder: ContentNode, in source: borrowing HeldFolder) throws(FileError) -> Int64 {
        var needed: Int64 = 0
        for child in folder.children { needed += try demand(child, named: child.name, in: source) }
        return needed
    }
}
