internal import Platform
internal import SQLite

/// A store comes back from its backup:
///
///     backup ─► copy at PATH.new, checked and brought up to date ─► PATH
///
/// The backup itself is only read. Whatever stops it, the next one who opens the store begins again: a store that is
/// missing beside a backup is one that has to come back.
extension StoreFile {
    /// What stands ready to be put in place of a store.
    enum Substitute {
        /// There is no backup.
        case none
        /// A sound copy of the backup, at `draft`.
        case copy
        /// The backup will never be of use to this program.
        case unusable(StoreTrouble)
    }

    /// Where a copy waits.
    private var draft: StoreFile {
        StoreFile(path: "\(path).new", migrations: migrations, durability: durability, damage: .drop)
    }

    /// Whether it would come back if it were missing.
    var hasBackup: Bool {
        if case .setAside(let backup) = damage { Self.exists(backup) } else { false }
    }

    /// Throws where the backup may be of use at another time, for example when there is space.
    func substitute(from backup: String) throws(StoreTrouble) -> Substitute {
        guard try Self.isThere(backup) else { return .none }
        try draft.remove()
        do throws(StoreTrouble) {
            try copy(backup)
            return .copy
        } catch {
            try? draft.remove()
            switch error.kind {
            case .corrupt, .newer: return .unusable(error)
            default: throw error
            }
        }
    }

    private func copy(_ backup: String) throws(StoreTrouble) {
        let mistake: StoreTrouble?
        do throws(SQLiteError) {
            mistake = try mistakeWhenCopied(backup)
        } catch {
            throw StoreTrouble(error.isCorrupt ? backup : draft.path, error)
        }
        if let mistake { throw mistake }
    }

    /// What is wrong with the backup itself; nil where its copy is ready.
    private func mistakeWhenCopied(_ backup: String) throws(SQLiteError) -> StoreTrouble? {
        // Backups are one file, and replaced as a whole: nobody writes this one.
        let source = try Database.open(backup, .readingUnchanging)
        let version = try source.version()
        if version > knownVersion { return StoreTrouble(backup, .newer(version: version, known: knownVersion)) }
        if version == 0 { return StoreTrouble(backup, .corrupt, reason: "it is empty") }
        let target = try Database.open(draft.path, .creating, durability: durability)
        try source.copy(into: target)
        _ = try target.migrate(migrations)
        if let damage = try target.quickCheck().first { return StoreTrouble(backup, .corrupt, reason: damage) }
        // One file, without a journal beside it.
        try target.execute("PRAGMA journal_mode = DELETE")
        return nil
    }

    /// Puts what stands ready in place of the store, where nothing is now.
    func fill(with substitute: Substitute, from backup: String) throws(StoreTrouble) -> [StoreFinding] {
        switch substitute {
        case .none: return []
        case .copy:
            do throws(FileError) {
                // A journal of the file that was here is none of the new one's.
                for companion in Self.companions { try Folder.removeFile(path + companion) }
                try Folder.move(draft.path, to: path)
            } catch {
                throw StoreTrouble(path, error)
            }
            return [.restored(from: backup)]
        case .unusable(let trouble):
            // The next backup must not take its place.
            let file = StoreFile(path: backup, migrations: migrations, durability: durability, damage: .drop)
            let place = try file.setAside(trouble.kind == .corrupt ? "damaged" : "newer")
            return [.backupUnusable(trouble, as: place)]
        }
    }
}
