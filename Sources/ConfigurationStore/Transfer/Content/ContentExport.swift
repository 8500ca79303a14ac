internal import Crypto
internal import Platform

/// The content of sites on its way into an export's folder.
///
///     DIR/content.list        what there is, with hashes: part of the manifest
///     DIR/content/1 …         the folders, readable by this user alone
///
/// Modes, times, links and holes are kept. Owners and access lists are not: they are of this machine. Sockets, pipes and
/// devices stay behind.
public struct ContentExport: Sendable {
    public let list: ContentList
    /// For people.
    public let notes: [String]

    /// Copies everything into `folder`, which is made where it is missing; one that holds content stays as it is. What was
    /// copied before an error is taken away again.
    ///
    /// - Parameter progress: told of bytes as they are copied.
    public static func copy(
        _ survey: ContentSurvey, to folder: String, progress: (Int64) -> Void
    ) throws(TransferError) -> ContentExport {
        let content = Array(ContentList.folderName.utf8)
        do throws(FileError) {
            try Folder.make(folder)
            let export = try HeldFolder.open(folder)
            guard try export.entry(content) == nil else { throw FileError(export.path(of: content), .changed) }
            if let lack = ContentRoom.lack(of: survey.amount.bytes, in: export) {
                throw FileError(lack, .noSpace)
            }
            let target = try export.makeFolder(content)
            do throws(FileError) {
                let export = try copy(survey, to: target, progress)
                // The manifest, which comes last, says that all is there.
                try target.syncFileSystem()
                return export
            } catch {
                try? export.remove(content)
                throw error
            }
        } catch {
            throw ConfigurationExport.error(error)
        }
    }

    private static func copy(
        _ survey: ContentSurvey, to content: borrowing HeldFolder, _ progress: (Int64) -> Void
    ) throws(FileError) -> ContentExport {
        var copying = Copying(notes: ContentNotes())
        var trees: [ContentList.Tree] = []
        for (index, folder) in survey.folders.enumerated() {
            let root = try copying.copy(
                try HeldFolder.trusted(folder.path), named: [],
                to: try content.makeFolder(ContentList.name(ofTree: index)), depth: 0, progress)
            trees.append(ContentList.Tree(path: folder.written, root: root))
        }
        let list = ContentList(trees)
        // The survey has seen to it; there may be more now.
        guard list.bytes.count <= ContentList.sizeLimit else {
            throw FileError(content.path, .tooLarge(limit: ContentList.sizeLimit))
        }
        return ContentExport(list: list, notes: copying.notes.lines)
    }

    /// Takes the content away that an export left that came to nothing.
    public static func remove(from folder: String) {
        guard let export = try? HeldFolder.open(folder) else { return }
        try? export.remove(Array(ContentList.folderName.utf8))
    }

    private struct Copying {
        var notes: ContentNotes

        mutating func copy(
            _ source: borrowing HeldFolder, named name: [UInt8], to target: borrowing HeldFolder, depth: Int,
            _ progress: (Int64) -> Void
        ) throws(FileError) -> ContentNode {
            // The survey has seen to it; they grow meanwhile.
            guard depth <= ContentList.depthLimit else { throw FileError(source.path, .unsettled) }
            let own = try source.own()
            let mode = try source.permissions()
            var children: [ContentNode] = []
            for name in try source.names() {
                do throws(FileError) {
                    guard let entry = try source.entry(name) else { continue }
                    if let child = try copy(name, entry, source, target, depth, progress) { children.append(child) }
                } catch {
                    // Sites remove files meanwhile.
                    guard error.kind == .missing, try source.entry(name) == nil else { throw error }
                    try target.remove(name)
                }
            }
            try target.settle(mode: mode | 0o700, modified: own.modified)
            return ContentNode(name: name, modified: own.modified, kind: .folder(mode: mode, children))
        }

        /// Nil for what stays behind.
        private mutating func copy(
            _ name: [UInt8], _ entry: HeldFolder.Entry, _ source: borrowing HeldFolder, _ target: borrowing HeldFolder,
            _ depth: Int, _ progress: (Int64) -> Void
        ) throws(FileError) -> ContentNode? {
            switch entry.kind {
            case .folder:
                return try copy(
                    try source.folder(name), named: name, to: try target.makeFolder(name), depth: depth + 1, progress)
            case .regular:
                guard ContentMeasure.isCopied(entry) else { return nil }
                return try copy(file: name, entry, source, target, progress)
            case .link:
                let link = try source.target(ofLink: name)
                if link.first == UInt8(ascii: "/") {
                    notes.add(
                        "\(source.path(of: name)) leads to \(String(decoding: link, as: UTF8.self)), which it does "
                            + "there too, whatever that is; what it leads to is not exported")
                }
                try target.makeLink(name, to: link, modified: entry.modified)
                return ContentNode(name: name, modified: entry.modified, kind: .link(link))
            case .other: return nil
            }
        }

        private mutating func copy(
            file name: [UInt8], _ entry: HeldFolder.Entry, _ source: borrowing HeldFolder,
            _ target: borrowing HeldFolder, _ progress: (Int64) -> Void
        ) throws(FileError) -> ContentNode {
            let mode = try source.file(name).permissions(source.path(of: name))
            let copied = try ContentCopy.copy(
                name, from: source, to: target, as: name, mayGrow: true, progress: progress)
            if copied.isCut {
                notes.add(
                    "\(source.path(of: name)) was written to all the time; the export has what was there at first")
            }
            try copied.file.settle(mode: mode, modified: entry.modified, target.path(of: name))
            return ContentNode(
                name: name, modified: entry.modified,
                kind: .file(mode: mode, size: copied.size, hash: copied.hash))
        }
    }
}

extension ContentList {
    /// The name in the export's `content` of a tree, by its place in the list.
    static func name(ofTree index: Int) -> [UInt8] { Array("\(index + 1)".utf8) }
}
