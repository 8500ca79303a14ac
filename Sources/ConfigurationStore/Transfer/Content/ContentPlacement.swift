internal import Crypto
internal import Platform

/// The content of an export on its way to where the imported sites look for it.
///
///     compare with what is there ─► room? ─► copy beside, hashes compared, access given ─► on disk ─► rename into place
///
/// Nothing that is there is written over: a file that is there and the same is left, one that differs stands against the
/// import. What is missing is copied into `.NAME.hostelry-import` beside its place, and gets its name when everything has
/// been copied. Whatever ends this half-way, the next import takes the copies away, finds equal what was placed and goes on.
public struct ContentPlacement: Sendable {
    /// Where a tree goes.
    struct Destination: Sendable {
        let tree: ContentList.Tree
        /// By its place in the list.
        let index: Int
        /// Absolute.
        let path: String
    }

    /// Something that is missing whole, in a folder that is there.
    struct Piece: Sendable {
        /// Its tree's place in the list.
        let tree: Int
        let node: ContentNode
        /// Absolute; of a whole tree it is made where it is missing.
        let base: String
        /// The folders from the base, and from the tree in the export, down to the one that it goes into.
        let below: [[UInt8]]
        let name: [UInt8]
        /// What it takes on the export's disk, without its holes. Unit: bytes.
        let needed: Int64

        var isTree: Bool { node.name.isEmpty }
        /// A long name does not fit whole, and what it begins with may be another one's beginning.
        var draft: [UInt8] {
            let isLong = name.count > Self.longestInDraft
            let mark = isLong ? "-\(HexText.text(Array(SHA256.hash(name).bytes.prefix(8))))" : ""
            return Array(".".utf8) + name.prefix(Self.longestInDraft) + Array("\(mark).hostelry-import".utf8)
        }
        /// Of a name, as much of it as fits into the draft's. Unit: bytes.
        private static let longestInDraft = 180
        /// For people, and for what takes text alone.
        var path: String { path(name) }

        private func path(_ name: [UInt8]) -> String {
            (below + [name]).reduce(base == "/" ? "" : base) { "\($0)/\(String(decoding: $1, as: UTF8.self))" }
        }
    }

    /// The export's folder.
    let folder: String
    let pieces: [Piece]
    /// What is copied.
    public let amount: ContentAmount
    /// The folders that sites get, as they are called here, and how much of each is there already.
    public let lines: [String]

    /// Throws where something that is there would have to be written over, where something is missing in the export, and
    /// where there is no room.
    init(_ destinations: [Destination], from folder: String) throws(TransferError) {
        self.folder = folder
        var comparison = ContentComparison(export: folder, destinations)
        var lines: [String] = []
        let lack: String?
        do throws(FileError) {
            for destination in comparison.ordered(destinations) {
                let before = comparison.amount
                try comparison.compare(destination)
                let new = comparison.amount.files - before.files
                let here = destination.tree.root.amount.files - new
                lines.append(
                    "content \(destination.path): \(new) files, "
                        + ContentRoom.size(comparison.amount.bytes - before.bytes)
                        + (here > 0 ? "; \(here) are there already" : ""))
            }
            lack = try Self.lackOfRoom(comparison.pieces)
        } catch {
            throw TransferError("nothing is changed: \(error)")
        }
        guard comparison.conflicts.isEmpty else {
            throw TransferError(
                "nothing is changed: content is there already and is not as in the export; move it away, or give the "
                    + "content another folder with --map\n"
                    + comparison.conflicts.lines.map { "  \($0)\n" }.joined())
        }
        guard comparison.clashes.isEmpty else {
            throw TransferError(
                "nothing is changed: two folders of the export have content for the same place, and not the same; give one "
                    + "of them another folder with --map\n"
                    + comparison.clashes.lines.map { "  \($0)\n" }.joined())
        }
        if let lack { throw TransferError("nothing is changed: there is no room for the content: \(lack)") }
        pieces = comparison.pieces
        amount = comparison.amount
        self.lines = lines
    }

    public var isEmpty: Bool { pieces.isEmpty }

    /// Nil where there is room.
    private static func lackOfRoom(_ pieces: [Piece]) throws(FileError) -> String? {
        var needed: [UInt64: Int64] = [:]
        for piece in pieces {
            let folder = try HeldFolder.open(nearest(piece.base))
            let device = try folder.own().device
            let bytes = (needed[device] ?? 0) + piece.needed
            needed[device] = bytes
            if let lack = ContentRoom.lack(of: bytes, in: folder) { return lack }
        }
        return nil
    }

    /// The folder, or the first one above it that is there.
    static func nearest(_ path: String) -> String {
        var path = path
        while path != "/", FilePath.resolved(path) == nil {
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return path
    }
}
