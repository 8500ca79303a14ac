/// A configuration file that people, commands and editors write: read it whole, replace it whole, lose nobody's work.
///
/// A commit replaces the file only if it still holds the bytes the writer had read, and what stands there at any moment,
/// a crash or a power failure included, is the old content or the new one. Symbolic links are followed: the file they
/// lead to is replaced, with its owner, mode and access list kept; other hard links keep the old content. Writers of
/// this kind queue at a lock file; a program that takes no lock is noticed all the same and never overwritten
/// (`DocumentCommit`). Names beside `web.config`: `.web.config.lock`, while somebody writes; `.web.config.*.new` and
/// `.web.config.*.swap`, which a killed writer leaves and the next one clears away (`DocumentLeftovers`).
public struct DocumentFile: Sendable {
    public let path: String
    /// How long a writer waits for another one's lock before it fails with `locked`: 10 s.
    public let patience: Duration
    /// Of a file that a commit creates, less the umask: 0644.
    public let creationMode: UInt32
    /// Whether what root creates is the folder's owner's, from its first moment on.
    public let belongsToFolder: Bool

    public init(
        _ path: String, patience: Duration = .seconds(10), creationMode: UInt32 = 0o644, belongsToFolder: Bool = false
    ) {
        self.path = path
        self.patience = patience
        self.creationMode = creationMode
        self.belongsToFolder = belongsToFolder
    }

    /// The file as it stands, nil where there is none. Takes no lock.
    public func read(limit: Int = FileReader.usualLimit) throws(FileError) -> FileContents? {
        do throws(FileError) {
            return try FileReader(limit: limit).read(path)
        } catch {
            guard error.kind == .missing else { throw error }
            return nil
        }
    }

    /// Makes `bytes` the content, if the content still is `expected` (nil: if there is no file), else throws `changed`.
    @discardableResult
    public func commit(_ bytes: [UInt8], replacing expected: [UInt8]?) throws(FileError) -> FileContents {
        try commit(bytes, replacing: expected) { _ in }
    }

    /// `reached` is called after each step, for tests that stop or interfere there.
    @discardableResult
    package func commit(
        _ bytes: [UInt8], replacing expected: [UInt8]?, reached: (DocumentCommit.Step) -> Void
    ) throws(FileError) -> FileContents {
        let folder = try DocumentFolder(of: path)
        let lock = try DocumentLock.take(in: folder, patience: patience)
        defer { lock.release() }
        return try commit(bytes, replacing: expected, in: folder, reached)
    }

    /// Reads, changes and commits under one lock, so that commands editing at once wait for each other instead of failing.
    ///
    /// `change` gets the content (nil where there is no file) and returns the new one; what it throws leaves everything
    /// as it was. A program that takes no lock can still come in between: then `changed` is thrown.
    @discardableResult
    public func edit(_ change: (FileContents?) throws -> [UInt8]) throws -> FileContents {
        let folder = try DocumentFolder(of: path)
        let lock = try DocumentLock.take(in: folder, patience: patience)
        defer { lock.release() }
        try DocumentLeftovers.clear(in: folder)
        let contents = try read()
        return try commit(try change(contents), replacing: contents?.bytes, in: folder) { _ in }
    }

    /// Sets right what a killed writer left beside the file, as the next commit would.
    public func clearLeftovers() throws(FileError) {
        let folder = try DocumentFolder(of: path)
        let lock = try DocumentLock.take(in: folder, patience: patience)
        defer { lock.release() }
        try DocumentLeftovers.clear(in: folder)
    }

    /// Takes the file away, if its content still is `expected`, else throws `changed`.
    public func remove(_ expected: [UInt8]) throws(FileError) {
        let folder = try DocumentFolder(of: path)
        let lock = try DocumentLock.take(in: folder, patience: patience)
        defer { lock.release() }
        try DocumentLeftovers.clear(in: folder)
        try DocumentCommit.remove(expected, in: folder)
    }

    private func commit(
        _ bytes: [UInt8], replacing expected: [UInt8]?, in folder: borrowing DocumentFolder,
        _ reached: (DocumentCommit.Step) -> Void
    ) throws(FileError) -> FileContents {
        try DocumentLeftovers.clear(in: folder)
        if let expected {
            try DocumentCommit.replace(expected, with: bytes, in: folder, reached)
        } else {
            try DocumentCommit.create(
                bytes, mode: creationMode, asItsFolders: belongsToFolder, in: folder, reached)
        }
        guard let stamp = try folder.status(folder.name).map({ FileStamp($0) }) else {
            throw folder.error(.changed)
        }
        return FileContents(bytes: bytes, stamp: stamp)
    }
}
