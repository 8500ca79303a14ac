internal import Crypto
public import HostModel
internal import Platform

extension ContentPlacement {
    /// Copies everything beside its place. What fails takes the copies away again and leaves everything as it was.
    ///
    /// - Parameters:
    ///   - model: the configuration as it will be, and `state` its instance's state folder: where root imports, the users of
    ///     the pools may read what is placed. The pools of an ordinary user's instance run as that user.
    ///   - progress: told of bytes as they are copied.
    /// - Returns: what an administrator should know.
    public func prepare(
        for model: HostModel, state: String, progress: (Int64) -> Void
    ) throws(TransferError) -> [String] {
        var notes = ContentNotes()
        do throws(FileError) {
            for piece in pieces {
                let folder = try Self.target(of: piece)
                try folder.remove(piece.draft)
                try copy(piece, to: folder, progress)
            }
            try syncFileSystems()
        } catch {
            discard()
            switch error.kind {
            case .changed:
                throw TransferError(
                    "nothing is changed: \(error.path) is not what was exported; copy it again, or export again")
            default: throw TransferError("nothing is changed: \(error)")
            }
        }
        if CurrentProcess.user == 0 { grant(model, state, &notes) }
        return notes.lines
    }

    /// Gives the copies their names. One that was taken meanwhile stays as it is, and ends it.
    public func place() throws(TransferError) {
        do throws(FileError) {
            for piece in pieces {
                let folder = try Self.target(of: piece)
                try folder.rename(piece.draft, toFree: piece.name)
            }
            try syncFileSystems()
        } catch {
            discard()
            throw TransferError(
                "the configuration is not changed, and content is placed in part: \(error); say the same again, and it goes "
                    + "on from there")
        }
    }

    /// Takes away what was copied and has no name yet.
    public func discard() {
        for piece in pieces { try? Self.target(of: piece).remove(piece.draft) }
    }

    /// Whether the export's files are what was exported, without anything being copied.
    public func verify(progress: (Int64) -> Void) throws(TransferError) {
        do throws(FileError) {
            for piece in pieces {
                let source = try source(of: piece)
                if piece.isTree {
                    try verify(childrenOf: piece.node, source, progress)
                } else {
                    try verify(piece.node, source, progress)
                }
            }
        } catch {
            throw TransferError("nothing would be changed: \(error)")
        }
    }

    private func verify(
        _ node: ContentNode, _ source: borrowing HeldFolder, _ progress: (Int64) -> Void
    ) throws(FileError) {
        switch node.kind {
        case .link: break
        case .file(_, _, let hash):
            guard try ContentCopy.hash(of: node.name, in: source, progress: progress) == hash else {
                throw FileError(source.path(of: node.name), .changed)
            }
        case .folder: try verify(childrenOf: node, try source.folder(node.name), progress)
        }
    }

    private func verify(
        childrenOf node: ContentNode, _ source: borrowing HeldFolder, _ progress: (Int64) -> Void
    ) throws(FileError) {
        for child in node.children { try verify(child, source, progress) }
    }

    /// The folder of the export that holds the piece; of a whole tree, the tree.
    private func source(of piece: Piece) throws(FileError) -> HeldFolder {
        var folder = try HeldFolder.open("\(self.folder)/\(ContentList.folderName)")
            .folder(ContentList.name(ofTree: piece.tree))
        for name in piece.below { folder = try folder.folder(name) }
        return folder
    }

    static func target(of piece: Piece) throws(FileError) -> HeldFolder {
        var folder = try HeldFolder.trusted(piece.base, making: piece.isTree)
        for name in piece.below { folder = try folder.folder(name) }
        return folder
    }

    private func syncFileSystems() throws(FileError) {
        var synced: Set<UInt64> = []
        for piece in pieces {
            let folder = try Self.target(of: piece)
            if synced.insert(try folder.own().device).inserted { try folder.syncFileSystem() }
        }
    }

    private func copy(
        _ piece: Piece, to target: borrowing HeldFolder, _ progress: (Int64) -> Void
    ) throws(FileError) {
        let source = try source(of: piece)
        if piece.isTree {
            try copy(contentOf: piece.node, source, to: try target.makeFolder(piece.draft), progress)
        } else {
            try copy(piece.node, from: source, to: target, as: piece.draft, progress)
        }
    }

    private func copy(
        _ node: ContentNode, from source: borrowing HeldFolder, to target: borrowing HeldFolder, as name: [UInt8],
        _ progress: (Int64) -> Void
    ) throws(FileError) {
        switch node.kind {
        case .link(let link): try target.makeLink(name, to: link, modified: node.modified)
        case .file(let mode, let size, let hash):
            let copied = try ContentCopy.copy(node.name, from: source, to: target, as: name, progress: progress)
            guard copied.size == size, copied.hash == hash else {
                throw FileError(source.path(of: node.name), .changed)
            }
            try copied.file.settle(mode: mode, modified: node.modified, target.path(of: name))
        case .folder:
            try copy(contentOf: node, try source.folder(node.name), to: try target.makeFolder(name), progress)
        }
    }

    private func copy(
        contentOf node: ContentNode, _ source: borrowing HeldFolder, to target: borrowing HeldFolder,
        _ progress: (Int64) -> Void
    ) throws(FileError) {
        guard case .folder(let mode, let children) = node.kind else { return }
        for child in children { try copy(child, from: source, to: target, as: child.name, progress) }
        try target.settle(mode: mode, modified: node.modified)
    }
}
