internal import Platform
public import SQLite

/// One of the stores: where it lies, what structure it has, and what becomes of it when it is damaged.
public struct StoreFile: Sendable {
    public enum Damage: Equatable, Sendable {
        /// It can be made again from something else.
        case drop
        /// It is renamed, for people to look at, and filled from `backup` where that is sound.
        case setAside(backup: String)
    }

    /// What is looked at for damage when it is opened.
    public enum Check: Equatable, Sendable {
        case everything
        /// These tables and their indices, where others are large and somebody else looks at them.
        case tables([String])
    }

    public let path: String
    public let migrations: [Migration]
    public let durability: Database.Durability
    public let damage: Damage

    public init(path: String, migrations: [Migration], durability: Database.Durability, damage: Damage) {
        self.path = path
        self.migrations = migrations
        self.durability = durability
        self.damage = damage
    }

    /// `STATE/mirror.db`.
    public static func mirror(state: String) -> StoreFile {
        StoreFile(
            path: "\(state)/mirror.db", migrations: EmbeddedMigrations.of("mirror"), durability: .consistent,
            damage: .drop)
    }

    /// `STATE/history.db`, with its backup beside it.
    public static func history(state: String) -> StoreFile {
        StoreFile(
            path: "\(state)/history.db", migrations: EmbeddedMigrations.of("history"), durability: .durable,
            damage: .setAside(backup: "\(state)/history.backup.db"))
    }

    /// Which file it is that has the name: somebody may remove it, or put another one there.
    struct Identity: Equatable {
        let device: UInt64
        let inode: UInt64
    }

    /// Nil where there is none, or it cannot be looked at.
    var identity: Identity? {
        guard let stamp = (try? FileStamp.of(path)) ?? nil else { return nil }
        return Identity(device: stamp.device, inode: stamp.inode)
    }

    /// The structure this program knows.
    var knownVersion: Int { migrations.last?.number ?? 0 }

    /// Opens it for writing: a missing one is made, an earlier structure brought up to date, a damaged one dropped or set
    /// aside. A precious one that is missing or set aside is filled from its backup. One that is locked, of a later
    /// version or without space is left as it is.
    ///
    /// - Parameter busyTimeout: how long a lock of another program is waited for.
    public func open(
        busyTimeout: Duration = .seconds(5), checking check: Check = .everything
    ) throws(StoreTrouble) -> OpenedStore {
        var findings: [StoreFinding] = []
        // Somebody removed it, or a process ended after it had set a damaged one aside.
        if case .setAside(let backup) = damage, try !Self.isThere(path) {
            findings = try fill(with: try substitute(from: backup), from: backup)
        }
        let opened: OpenedStore
        do throws(StoreTrouble) {
            opened = try attempt(busyTimeout, check)
        } catch {
            guard error.kind == .corrupt else { throw error }
            switch damage {
            case .drop:
                try remove()
                findings.append(.dropped(reason: error.reason))
            case .setAside(let backup):
                // First what may fail for a reason that passes: till then everything is as it was.
                let substitute = try substitute(from: backup)
                findings.append(.setAside(as: try setAside("damaged"), reason: error.reason))
                findings += try fill(with: substitute, from: backup)
            }
            opened = try attempt(busyTimeout, check)
        }
        guard !findings.isEmpty else { return opened }
        return OpenedStore(database: opened.database, findings: findings + opened.findings.filter { $0 != .made })
    }

    private func attempt(_ busyTimeout: Duration, _ check: Check) throws(StoreTrouble) -> OpenedStore {
        try refuseLater(busyTimeout)
        let (database, result, damages) = try naming(path) { () throws(SQLiteError) in
            let database = try Database.open(path, .creating, durability: durability, busyTimeout: busyTimeout)
            return (database, try database.migrate(migrations), try inspected(database, check))
        }
        if let damage = damages.first { throw StoreTrouble(path, .corrupt, reason: damage) }
        switch result {
        case .newer(let version): throw StoreTrouble(path, .newer(version: version, known: knownVersion))
        case .current(from: 0, to: _): return OpenedStore(database: database, findings: [.made])
        case .current(let from, let to):
            return OpenedStore(database: database, findings: from == to ? [] : [.migrated(from: from, to: to)])
        }
    }

    private func inspected(_ database: Database, _ check: Check) throws(SQLiteError) -> [String] {
        guard case .tables(let tables) = check else { return try database.quickCheck() }
        for table in tables {
            let damages = try database.quickCheck(of: table)
            if !damages.isEmpty { return damages }
        }
        return []
    }

    /// Before anything in the file is touched.
    private func refuseLater(_ busyTimeout: Duration) throws(StoreTrouble) {
        guard Self.exists(path) else { return }
        let version = try naming(path) { () throws(SQLiteError) in
            try Database.open(path, .reading, busyTimeout: busyTimeout).version()
        }
        if version > knownVersion { throw StoreTrouble(path, .newer(version: version, known: knownVersion)) }
    }

    /// What SQLite puts beside a file.
    static let companions = ["-wal", "-shm"]

    /// Removes the file, its journal first: a new file must not find an old one's.
    func remove() throws(StoreTrouble) {
        do throws(FileError) {
            for companion in Self.companions { try Folder.removeFile(path + companion) }
            try Folder.removeFile(path)
        } catch {
            throw StoreTrouble(path, error)
        }
    }

    /// Renames the file and its journal to the first number that is free; `word` says what it is.
    func setAside(_ word: String) throws(StoreTrouble) -> String {
        var number = 1
        while Self.exists("\(path).\(word)-\(number)") { number += 1 }
        let place = "\(path).\(word)-\(number)"
        do throws(FileError) {
            try Folder.removeFile(path + "-shm")
            try Folder.moveFile(path + "-wal", to: place + "-wal")
            try Folder.moveFile(path, to: place)
        } catch {
            throw StoreTrouble(path, error)
        }
        return place
    }

    /// Looks without opening: closing a descriptor would take the locks of those that have it open.
    static func exists(_ path: String) -> Bool {
        // What cannot be looked at is left to the call that needs it.
        ((try? FileStamp.of(path)) ?? nil) != nil
    }

    /// `exists` for whoever would put something in its place: throws where it cannot be looked at.
    static func isThere(_ path: String) throws(StoreTrouble) -> Bool {
        do throws(FileError) {
            return try FileStamp.of(path) != nil
        } catch {
            throw StoreTrouble(path, error)
        }
    }
}

/// A store that is open for writing, and what happened on the way.
public struct OpenedStore {
    public let database: Database
    public let findings: [StoreFinding]
}

/// Calls SQLite for a store, so that what fails names the file.
func naming<Result>(
    _ path: String, _ body: () throws(SQLiteError) -> Result
) throws(StoreTrouble) -> Result {
    do throws(SQLiteError) {
        return try body()
    } catch {
        throw StoreTrouble(path, error)
    }
}
