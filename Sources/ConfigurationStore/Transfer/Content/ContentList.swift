internal import Crypto
internal import Platform

/// `content.list`: the folders of sites that an export holds, with the hash of every file.
///
///     hostelry content 1
///     tree %HOSTELRY_CONFIG_DIR%/shop                         the folder as physicalPath writes it: content/1 of the export
///     folder MODE TIME .
///     file MODE TIME SIZE SHA256 images/a%20b.png
///     link TIME TARGET latest
///     tree …                                                  content/2
///
/// MODE is octal, TIME nanoseconds since 1970. Names are bytes; blanks, control characters, `%` and what is not UTF-8 are
/// written `%XX`. A folder stands before what is in it, names of one folder in the order of their bytes: a list has one form,
/// and can say nothing that lies outside its folders.
public struct ContentList: Equatable, Sendable {
    public static let fileName = "content.list"
    /// The export's folder of folders.
    static let folderName = "content"
    private static let family = "hostelry content "
    private static let version = "1"
    /// Of the list, some 1.5 million files. Unit: bytes.
    static let sizeLimit = 256 << 20
    /// Deeper folders are somebody's joke. Each level holds a descriptor.
    static let depthLimit = 200

    /// One folder with everything in it.
    public struct Tree: Equatable, Sendable {
        /// As `physicalPath` writes it, variables and all.
        public let path: String
        /// A folder without a name.
        let root: ContentNode
    }

    public let trees: [Tree]

    init(_ trees: [Tree]) { self.trees = trees }

    /// What the line of something is at most, without the names above it. Unit: bytes.
    static func lineSize(_ name: [UInt8], _ entry: HeldFolder.Entry) -> Int {
        // A kind, a mode, a time, a size and a hash; every byte of a link's target may need three.
        120 + ContentName.text(name).utf8.count + (entry.kind == .link ? Int(clamping: entry.size) * 3 : 0)
    }

    var bytes: [UInt8] {
        var text = "\(Self.family)\(Self.version)\n"
        for tree in trees {
            text += "tree \(ContentName.text(Array(tree.path.utf8)))\n"
            tree.root.write(path: ".", to: &text)
        }
        return Array(text.utf8)
    }

    /// - Parameter path: how errors name it.
    init(bytes: [UInt8], path: String) throws(TransferError) {
        var lines = ContentLines(bytes)
        guard let heading = lines.next(), heading.starts(with: Self.family.utf8) else {
            throw TransferError("\(path) is no list of an export's content")
        }
        let version = String(decoding: heading.dropFirst(Self.family.utf8.count), as: UTF8.self)
        guard version == Self.version else {
            throw TransferError(
                "\(path) is of version \(version.prefix(20)) and this program reads version \(Self.version); import it "
                    + "with the version of Hostelry that wrote it, or a newer one")
        }
        var trees: [Tree] = []
        while let line = lines.next() {
            guard ContentLines.isTree(line), let bytes = ContentName.bytes(line.dropFirst(5)),
                let name = String(validating: bytes, as: UTF8.self), !name.isEmpty,
                let root = ContentNode.root(&lines)
            else { throw TransferError("\(path) was altered or is damaged, near line \(lines.number); export again") }
            trees.append(Tree(path: name, root: root))
        }
        self.trees = trees
    }
}

/// The lines of a list, one after the other. Bytes, since a name may begin with what would be one character with the blank
/// or the slash before it.
struct ContentLines {
    private let lines: [ArraySlice<UInt8>]
    private(set) var number = 0

    init(_ bytes: [UInt8]) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
    }

    /// Whether it says where a tree belongs.
    static func isTree(_ line: ArraySlice<UInt8>) -> Bool { line.starts(with: "tree ".utf8) }

    var peek: ArraySlice<UInt8>? { number < lines.count ? lines[number] : nil }

    mutating func next() -> ArraySlice<UInt8>? {
        guard let line = peek else { return nil }
        number += 1
        return line
    }
}

/// Names as a list writes them.
enum ContentName {
    static func text(_ name: [UInt8]) -> String {
        let isText = String(validating: name, as: UTF8.self) != nil
        var bytes: [UInt8] = []
        for byte in name {
            if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "%") || byte >= 0x80 && !isText {
                bytes.append(UInt8(ascii: "%"))
                bytes += HexText.text([byte]).utf8
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil for what `text` does not write, and for a NUL, which is in no name.
    static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2,
                let escaped = HexText.bytes(String(decoding: rest.prefix(2), as: UTF8.self))?.first
            else { return nil }
            bytes.append(escaped)
            rest = rest.dropFirst(2)
        }
        return bytes.contains(0) || !Self.text(bytes).utf8.elementsEqual(text) ? nil : bytes
    }
}
