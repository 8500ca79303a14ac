internal import Crypto

/// A file, a folder or a symbolic link of an export's content.
struct ContentNode: Equatable, Sendable {
    indirect enum Kind: Equatable, Sendable {
        /// The permissions, and what is in it in the order of the names' bytes.
        case folder(mode: UInt32, [ContentNode])
        case file(mode: UInt32, size: Int64, hash: SHA256Digest)
        /// What it says, which leads wherever it leads.
        case link([UInt8])
    }

    /// In its folder; empty for a tree's root.
    let name: [UInt8]
    /// Nanoseconds since 1970.
    let modified: Int64
    let kind: Kind

    var children: [ContentNode] {
        guard case .folder(_, let children) = kind else { return [] }
        return children
    }

    /// What there is of it: files (and links), and bytes in them.
    var amount: ContentAmount {
        switch kind {
        case .folder(_, let children): children.reduce(ContentAmount()) { $0 + $1.amount }
        case .file(_, let size, _): ContentAmount(files: 1, bytes: size)
        case .link: ContentAmount(files: 1, bytes: 0)
        }
    }

    /// - Parameter path: as the list writes it.
    func write(path: String, to text: inout String) {
        switch kind {
        case .folder(let mode, let children):
            text += "folder \(String(mode, radix: 8)) \(modified) \(path)\n"
            let start = path == "." ? "" : "\(path)/"
            for child in children { child.write(path: start + ContentName.text(child.name), to: &text) }
        case .file(let mode, let size, let hash):
            text += "file \(String(mode, radix: 8)) \(modified) \(size) \(hash) \(path)\n"
        case .link(let target):
            text += "link \(modified) \(ContentName.text(target)) \(path)\n"
        }
    }

    /// The tree that begins at the next line; nil where the list is damaged.
    static func root(_ lines: inout ContentLines) -> ContentNode? {
        guard let line = lines.next(), let entry = ContentEntry(line), entry.path.elementsEqual(".".utf8),
            case .folder(let mode, _) = entry.kind, let children = children(of: [], depth: 0, &lines)
        else { return nil }
        return ContentNode(name: [], modified: entry.modified, kind: .folder(mode: mode, children))
    }

    /// Reads as long as lines lie directly in a folder. What lies elsewhere ends it, and is nobody's then.
    private static func children(of folder: ArraySlice<UInt8>, depth: Int, _ lines: inout ContentLines)
        -> [ContentNode]?
    {
        guard depth <= ContentList.depthLimit else { return nil }
        var children: [ContentNode] = []
        while let line = lines.peek, !ContentLines.isTree(line) {
            guard let entry = ContentEntry(line) else { return nil }
            guard entry.path.starts(with: folder) else { break }
            let text = entry.path.dropFirst(folder.count)
            guard !text.contains(UInt8(ascii: "/")) else { return nil }
            guard let name = ContentName.bytes(text), isName(name),
                children.last.map({ $0.name.lexicographicallyPrecedes(name) }) ?? true
            else { return nil }
            _ = lines.next()
            var kind = entry.kind
            if case .folder(let mode, _) = kind {
                guard let inner = Self.children(of: entry.path + [UInt8(ascii: "/")], depth: depth + 1, &lines)
                else { return nil }
                kind = .folder(mode: mode, inner)
            }
            children.append(ContentNode(name: name, modified: entry.modified, kind: kind))
        }
        return children
    }

    /// Whether a folder can have it: no way out of the folder, and no name of this program's own.
    private static func isName(_ name: [UInt8]) -> Bool {
        !name.isEmpty && name.count <= 255 && name != [0x2E] && name != [0x2E, 0x2E] && !name.contains(0x2F)
    }
}

/// How much content there is.
public struct ContentAmount: Equatable, Sendable {
    public var files = 0
    public var bytes: Int64 = 0

    static func + (one: ContentAmount, other: ContentAmount) -> ContentAmount {
        let (bytes, isTooMuch) = one.bytes.addingReportingOverflow(other.bytes)
        return ContentAmount(files: one.files + other.files, bytes: isTooMuch ? .max : bytes)
    }
}

/// One line of a list.
private struct ContentEntry {
    /// As written.
    let path: ArraySlice<UInt8>
    let modified: Int64
    /// Of a folder: without what is in it.
    let kind: ContentNode.Kind

    init?(_ line: ArraySlice<UInt8>) {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let fields = parts.map { String(decoding: $0, as: UTF8.self) }
        func mode(_ text: String) -> UInt32? { UInt32(text, radix: 8).flatMap { $0 <= 0o777 ? $0 : nil } }
        switch (fields.first, fields.count) {
        case ("folder", 4):
            guard let mode = mode(fields[1]), let modified = Int64(fields[2]) else { return nil }
            self.modified = modified
            kind = .folder(mode: mode, [])
        case ("file", 6):
            guard let mode = mode(fields[1]), let modified = Int64(fields[2]), let size = Int64(fields[3]), size >= 0,
                let hash = SHA256Digest(fields[4])
            else { return nil }
            self.modified = modified
            kind = .file(mode: mode, size: size, hash: hash)
        case ("link", 4):
            guard let modified = Int64(fields[1]), let target = ContentName.bytes(parts[2]), !target.isEmpty else {
                return nil
            }
            self.modified = modified
            kind = .link(target)
        default: return nil
        }
        // Counted above.
        path = parts[parts.count - 1]
    }
}
