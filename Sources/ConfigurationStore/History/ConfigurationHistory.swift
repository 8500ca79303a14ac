internal import Configuration
internal import Crypto
internal import HostModel
internal import Platform
public import SQLite

/// The versions of the configuration in STATE/history.db: who changed what, when and why, and each text.
///
/// Written under the lock of STATE/intent alone (`IntentFile`); read by anybody at any time. Every call may wait for the
/// disk.
public final class ConfigurationHistory {
    let database: Database
    let state: String
    /// A whole text comes after so many that stand on the ones before.
    static let wholeInterval = 64
    /// Nil where it cannot be read: texts cannot be, either.
    private lazy var key: HistoryKey? = try? HistoryKey.opened(state)

    init(_ database: Database, state: String) {
        self.database = database
        self.state = state
    }

    // MARK: Versions

    private static let columns = "number, time, user, author, tool, comment, hash_before, hash_after"

    /// The versions in force, the newest first.
    ///
    /// - Parameter limit: nil for all.
    public func versions(limit: Int? = nil) throws(SQLiteError) -> [ConfigurationVersionRecord] {
        var all: [ConfigurationVersionRecord] = []
        try database.query(
            "SELECT \(Self.columns) FROM versions WHERE state = 1 ORDER BY number DESC LIMIT ?",
            .integer(Int64(limit ?? -1))
        ) { row in all.append(ConfigurationVersionRecord(row)) }
        return all
    }

    public func version(_ number: Int64) throws(SQLiteError) -> ConfigurationVersionRecord? {
        var found: ConfigurationVersionRecord?
        try database.query(
            "SELECT \(Self.columns) FROM versions WHERE state = 1 AND number = ?", .integer(number)
        ) { row in found = ConfigurationVersionRecord(row) }
        return found
    }

    /// The version that is in force; nil before the first.
    public func newest() throws(SQLiteError) -> ConfigurationVersionRecord? { try versions(limit: 1).first }

    /// Those that nobody has looked for yet are looked for now, which reads two whole texts.
    public func differences(of number: Int64) throws(SQLiteError) -> [ObjectDifference] {
        switch try compared(number) {
        case .found(let differences): return differences
        case .unreadable: return []
        case .settled: break
        }
        var all: [ObjectDifference] = []
        try database.query(
            "SELECT kind, name, aspect, old, new FROM changes WHERE version = ? ORDER BY position", .integer(number)
        ) { row in
            guard let kind = ObjectDifference.Kind(rawValue: row.text(0)) else { return }
            all.append(
                ObjectDifference(
                    kind, row.text(1), row.text(2), old: row.optionalText(3), new: row.optionalText(4)))
        }
        return all
    }

    /// Files beside the server's that the version changed.
    public func otherFiles(of number: Int64) throws(SQLiteError) -> [String] {
        var all: [String] = []
        try database.query("SELECT path FROM files WHERE version = ? ORDER BY path", .integer(number)) { row in
            all.append(row.text(0))
        }
        return all
    }

    /// The bytes that the server's file had in this version; nil where there is none such, or it cannot be read any more.
    public func text(of number: Int64) throws(SQLiteError) -> [UInt8]? {
        guard let key else { return nil }
        let base = try database.value(
            "SELECT max(number) FROM versions WHERE number <= ? AND is_whole = 1", .integer(number))?.integerValue
        guard let base, try version(number) != nil else { return nil }
        var text: [UInt8]?
        try database.query(
            """
            SELECT number, is_whole, prefix, suffix, size, text FROM versions
            WHERE number BETWEEN ? AND ? AND text IS NOT NULL AND state = 1 ORDER BY number
            """, .integer(base), .integer(number)
        ) { row in
            if row.flag(1) { text = [] }
            // Taken, so that it is changed where it lies: a text of megabytes is not copied for each version.
            guard var next = text.take(), let middle = key.open(row.blob(5), version: row.integer(0)) else { return }
            let delta = TextDelta(
                prefix: Int(row.integer(2)), suffix: Int(row.integer(3)), size: Int(row.integer(4)), middle: middle)
            if delta.apply(to: &next) { text = next }
        }
        return text
    }

    /// Whether the history's key opens every part of a version's text: none is damaged, or sealed with another key.
    private func isReadable(_ number: Int64) throws(SQLiteError) -> Bool {
        guard let key,
            let base = try database.value(
                "SELECT max(number) FROM versions WHERE number <= ? AND is_whole = 1", .integer(number))?.integerValue
        else { return false }
        var isReadable = true
        try database.query(
            "SELECT number, text FROM versions WHERE number BETWEEN ? AND ? AND text IS NOT NULL AND state = 1",
            .integer(base), .integer(number)
        ) { row in
            isReadable = isReadable && key.open(row.blob(1), version: row.integer(0)) != nil
        }
        return isReadable
    }

    // MARK: Recording

    /// Records the file as a version of its own where the history does not end with it: somebody saved it.
    ///
    /// - Parameters:
    ///   - author: nil: the file's owner.
    ///   - differences: asked for where it is news; nil where they are found by reading both texts.
    /// - Returns: the number of the new version; nil where it is known.
    package func find(
        _ bytes: [UInt8], path: String, author: ChangeAuthor? = nil, differences: (() -> [ObjectDifference])? = nil
    ) throws -> Int64? {
        let newest = try newest()
        let hash = SHA256.hash(bytes)
        guard newest?.newHash != hash else { return nil }
        let before = try newest.flatMap { try text(of: $0.number) }
        let changes = differences.map { $0() } ?? ModelDifferences.between(before, bytes, path: path, state: state)
        let row = NewVersion(
            author: author ?? .owner(of: path), tool: "file", comment: "", oldHash: newest?.newHash, newHash: hash,
            text: bytes,
            textBefore: before, isInForce: true, changes: changes, path: path, files: [])
        return try insert(row)
    }

    /// Writes the version that a change is to become, not in force yet; the file it changes is the newest version.
    func begin(_ record: ChangeRecord) throws -> Int64 {
        let server = record.files.first(where: \.isServerFile)
        let newest = try newest()
        let isChanged = server.map { $0.oldHash != $0.newHash } ?? false
        var before: [UInt8]?
        if isChanged, let newest {
            // What the file held is that version's text; it is put together from its parts only where it is not.
            let isKnown = try newest.newHash == server?.oldHash && isReadable(newest.number)
            before = isKnown ? server?.old : try text(of: newest.number)
        }
        return try insert(
            NewVersion(
                author: record.author, tool: record.tool, comment: record.comment,
                oldHash: server == nil ? newest?.newHash : server?.oldHash,
                newHash: server == nil ? newest?.newHash : server?.newHash,
                text: isChanged ? server?.new : nil,
                // As the history can read it again: without its key it begins anew with a whole text.
                textBefore: before, isInForce: false,
                changes: isChanged ? nil : [], path: server?.path ?? "",
                files: record.files.filter { !$0.isServerFile && $0.oldHash != $0.newHash }))
    }

    /// The files of a change are in place.
    func confirm(_ record: ChangeRecord) throws {
        try database.transaction { () throws(SQLiteError) in
            try database.run("UPDATE versions SET state = 1 WHERE number = ?", .integer(record.number))
            guard database.changedRows == 0 else { return }
            // The history was lost since the change was begun. Its text is found when the file is looked at.
            try database.run(
                """
                INSERT INTO versions VALUES (coalesce((SELECT max(number) FROM versions), 0) + 1,
                    ?, ?, ?, ?, ?, 1, NULL, NULL, 0, 0, 0, 0, NULL)
                """, .integer(FileStamp.now()), SQLValue(record.author.user), .text(record.author.name),
                .text(record.tool), .text(record.comment))
        }
    }

    /// A change came to its end.
    func end(_ record: ChangeRecord, _ outcome: ChangeSettlement.Outcome) throws {
        switch outcome {
        case .finished: try confirm(record)
        case .undone: try database.run("DELETE FROM versions WHERE number = ? AND state = 0", .integer(record.number))
        }
    }

    /// Versions whose change never began.
    func removeUnfinished() throws {
        guard try database.value("SELECT 1 FROM versions WHERE state = 0 LIMIT 1") != nil else { return }
        try database.run("DELETE FROM versions WHERE state = 0")
    }

    func isInForce(_ number: Int64) throws -> Bool { try version(number) != nil }

    private struct NewVersion {
        let author: ChangeAuthor
        let tool: String
        let comment: String
        let oldHash: SHA256Digest?
        let newHash: SHA256Digest?
        /// Nil: as before.
        let text: [UInt8]?
        /// Nil where it is not known.
        let textBefore: [UInt8]?
        let isInForce: Bool
        /// Nil: they are looked for later.
        let changes: [ObjectDifference]?
        /// Of the server's file.
        let path: String
        let files: [ChangeRecord.File]
    }

    private func insert(_ new: NewVersion) throws -> Int64 {
        let key = try HistoryKey.opened(state)
        self.key = key
        let last = try database.value("SELECT max(number) FROM versions")?.integerValue ?? 0
        let number = last + 1
        let base = try database.value("SELECT max(number) FROM versions WHERE is_whole = 1")?.integerValue ?? 0
        let isWhole = new.text != nil && (base == 0 || number - base >= Self.wholeInterval || new.textBefore == nil)
        let delta = try new.text.map { try TextDelta(from: isWhole ? [] : new.textBefore ?? [], to: $0) }
        let values: [SQLValue] = [
            .integer(number), .integer(FileStamp.now()), SQLValue(new.author.user), .text(new.author.name),
            .text(new.tool), .text(new.comment), SQLValue(new.isInForce), SQLValue(new.oldHash),
            SQLValue(new.newHash), SQLValue(isWhole), SQLValue(delta?.prefix ?? 0), SQLValue(delta?.suffix ?? 0),
            SQLValue(delta?.size ?? 0), delta.map { .blob(key.seal($0.middle, version: number)) } ?? .null,
        ]
        try database.transaction { () throws(SQLiteError) in
            try database.run("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            if let changes = new.changes {
                try write(changes, of: number)
            } else {
                try database.run("INSERT INTO uncompared VALUES (?, ?)", .integer(number), .text(new.path))
            }
            for file in new.files {
                try database.run(
                    "INSERT INTO files VALUES (?, ?, ?, ?)", .integer(number), .text(file.path),
                    SQLValue(file.oldHash), SQLValue(file.newHash))
            }
        }
        return number
    }
}

extension ConfigurationVersionRecord {
    fileprivate init(_ row: Statement) {
        self.init(
            number: row.integer(0), time: row.integer(1),
            author: ChangeAuthor(user: row.optionalInteger(2).flatMap { UInt32(exactly: $0) }, name: row.text(3)),
            tool: row.text(4), comment: row.text(5), oldHash: SHA256Digest(bytes: row.blob(6)),
            newHash: SHA256Digest(bytes: row.blob(7)))
    }
}

extension SQLValue {
    fileprivate init(_ hash: SHA256Digest?) { self = hash.map { .blob($0.bytes) } ?? .null }

    fileprivate init(_ user: UInt32?) { self = user.map { .integer(Int64($0)) } ?? .null }
}
