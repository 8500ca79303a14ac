import Glibc

/// A document under a name in a held folder: as `DocumentFile`, but that no link is followed, the last one neither.
public struct HeldDocument: ~Copyable {
    private let folder: DocumentFolder
    /// How long a writer waits for another one's lock.
    private let patience: Duration

    public init(_ name: String, in held: borrowing HeldFolder, patience: Duration = .seconds(10)) throws(FileError) {
        folder = try DocumentFolder(name, in: held)
        self.patience = patience
    }

    public var path: String { folder.path(folder.name) }

    /// What it holds; nil where there is nothing. Throws `notRegular` for a link, a pipe or a folder, and never waits for one.
    ///
    /// - Parameter owners: whose it has to be, else it throws `foreign`; nil: anybody's.
    public borrowing func read(limit: Int, ofOwners owners: [UInt32]? = nil) throws(FileError) -> [UInt8]? {
        guard let status = try folder.status(folder.name) else { return nil }
        guard status.isRegularFile, let file = try folder.open(folder.name) else { throw folder.error(.notRegular) }
        if let owners {
            let owner = try file.status(path).st_uid
            guard owners.contains(owner) else { throw folder.error(.foreign(owner: owner)) }
        }
        for _ in 0..<FileReader.attempts {
            if let contents = try FileReader(limit: limit).contents(of: file, path) { return contents.bytes }
        }
        throw folder.error(.unsettled)
    }

    /// Makes `bytes` the content, if the content still is `expected` (nil: if there is no file), else throws `changed`. A file
    /// that is there keeps its owner, mode and access list; `creationMode`, less the umask, is a new one's.
    ///
    /// - Parameter belongsToFolder: whether what root creates is the folder's owner's, from its first moment on.
    public borrowing func commit(
        _ bytes: [UInt8], replacing expected: [UInt8]?, creationMode: UInt32 = 0o644, belongsToFolder: Bool = false
    ) throws(FileError) {
        let lock = try DocumentLock.take(in: folder, patience: patience)
        defer { lock.release() }
        try DocumentLeftovers.clear(in: folder)
        if let expected {
            try DocumentCommit.replace(expected, with: bytes, in: folder) { _ in }
        } else {
            try DocumentCommit.create(bytes, mode: creationMode, asItsFolders: belongsToFolder, in: folder) { _ in }
        }
    }

    /// Takes it away, if its content still is `expected`, else throws `changed`.
    public borrowing func remove(_ expected: [UInt8]) throws(FileError) {
        let lock = try DocumentLock.take(in: folder, patience: patience)
        defer { lock.release() }
        try DocumentLeftovers.clear(in: folder)
        try DocumentCommit.remove(expected, in: folder)
    }

    /// Sets right what a killed writer left beside it.
    public borrowing func clearLeftovers() throws(FileError) {
        let lock = try DocumentLock.take(in: folder, patience: patience)
        defer { lock.release() }
        try DocumentLeftovers.clear(in: folder)
    }
}
