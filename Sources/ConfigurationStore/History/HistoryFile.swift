internal import Events
internal import Platform
internal import SQLite

/// STATE/history.db on the disk: opened for the history, and backed up.
enum HistoryFile {
    /// What every change depends on; all of it is small beside what happened.
    static let versionTables = StoreFile.Check.tables(["versions", "changes", "files"])

    /// - Parameter told: hears that the file was set aside, and what took its place.
    static func open(
        _ state: String, busyTimeout: Duration = .seconds(5), checking check: StoreFile.Check = versionTables,
        told: (Event) -> Void
    ) throws(StoreTrouble) -> Database {
        let file = StoreFile.history(state: state)
        let isNew = !StoreFile.exists(file.path)
        let opened = try file.open(busyTimeout: busyTimeout, checking: check)
        if isNew || opened.findings.contains(where: \.isReplacement) {
            // What root makes in another user's folder is that user's. Where it stays root's, that user is told.
            for suffix in [""] + StoreFile.companions where StoreFile.exists(file.path + suffix) {
                try? Folder.giveToOwner(ofFolderOf: file.path + suffix)
            }
        }
        for finding in opened.findings { finding.event(file.path).map(told) }
        return opened.database
    }

    /// Copies the history to its backup in one step, while others read and write it.
    static func backUp(_ state: String) throws(StoreTrouble) {
        let source = StoreFile.history(state: state)
        guard case .setAside(let backup) = source.damage else { return }
        let draft = "\(backup).new"
        let damage: String?
        do throws(FileError) {
            for suffix in [""] + StoreFile.companions { try Folder.removeFile(draft + suffix) }
            damage = try copy(source.path, to: draft)
        } catch {
            throw StoreTrouble(backup, error)
        }
        // The backup before is the better one.
        if let damage { throw StoreTrouble(source.path, .corrupt, reason: damage) }
        do throws(FileError) { try Folder.move(draft, to: backup) } catch { throw StoreTrouble(backup, error) }
    }

    /// What is wrong with the copy; nil where nothing is.
    private static func copy(_ path: String, to draft: String) throws(FileError) -> String? {
        do throws(SQLiteError) {
            let target = try Database.open(draft, .creating, durability: .durable)
            try Database.open(path, .writing).copy(into: target)
            // One file, without a journal beside it.
            try target.execute("PRAGMA journal_mode = DELETE")
            return try target.quickCheck().first
        } catch {
            throw FileError(draft, error.isFull ? .noSpace : error.isReadOnly ? .readOnly : .unsettled)
        }
    }
}

extension StoreFinding {
    fileprivate var isReplacement: Bool {
        if case .setAside = self { true } else { false }
    }

    /// Nil for what nobody needs to hear.
    fileprivate func event(_ path: String) -> Event? {
        switch self {
        case .made, .migrated, .dropped: nil
        case .setAside(let place, let reason):
            Event(
                .historySetAside, "The history of the configuration is damaged (\(reason)) and set aside as \(place).",
                [.init("file", place)])
        case .restored(let backup):
            Event(
                .historyRestored, "The history was missing or damaged and goes on from its last backup.",
                [.init("file", backup)])
        case .backupUnusable(let trouble, let place):
            Event(
                .historyUnavailable,
                "A new history is begun; the last backup cannot be used and is set aside as \(place): \(trouble).",
                [.init("file", place)])
        }
    }
}
