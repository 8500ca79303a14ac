public import SQLite

/// A store that is read beside whoever writes it, or without anybody. No file is made, no lock is left.
public struct StoreReading {
    public let database: Database
    private let path: String
    /// Whether it is read as a file that nobody has open.
    private let isUnchanging: Bool

    /// Whether somebody has begun to write it since: what was read is to be read again.
    public var isOutdated: Bool { isUnchanging && StoreFile.exists(path + "-wal") }

    init(_ database: Database, path: String, isUnchanging: Bool) {
        self.database = database
        self.path = path
        self.isUnchanging = isUnchanging
    }
}

extension StoreFile {
    /// Opens it for reading. Throws for one that is missing or of another version.
    public func read(busyTimeout: Duration = .seconds(5)) throws(StoreTrouble) -> StoreReading {
        let access = try readingAccess()
        let (database, version) = try naming(path) { () throws(SQLiteError) in
            let database = try Database.open(path, access, busyTimeout: busyTimeout)
            return (database, try database.version())
        }
        if version > knownVersion { throw StoreTrouble(path, .newer(version: version, known: knownVersion)) }
        if version < knownVersion { throw StoreTrouble(path, .older(version: version, known: knownVersion)) }
        return StoreReading(database, path: path, isUnchanging: access == .readingUnchanging)
    }

    /// How to read it without making a file: whoever has it open has its journal there.
    func readingAccess() throws(StoreTrouble) -> Database.Access {
        guard Self.exists(path) else { throw StoreTrouble(path, .missing) }
        guard Self.exists(path + "-wal") else { return .readingUnchanging }
        guard Self.exists(path + "-shm") else { throw StoreTrouble(path, .unfinished) }
        return .reading
    }
}
