internal import Configuration
internal import Crypto
internal import Platform

/// A change of one or several configuration files, made as a whole or not at all, with its version in the history.
///
///     let change = ConfigurationChange(
///         files: [FileChange(path, expected: .content(hash), content: bytes, isServerFile: true)],
///         author: .current, tool: "hostelry history restore", comment: "restored from 7")
///     let number = try change.commit(state: state)
///
/// While a master runs, commands hand the change to it (`StagedChange`) instead of committing themselves.
///
///     lock ─► settle what a crash left ─► compare with the expectations ─► version in the history, not yet in force
///          ─► STATE/intent ─► file after file (`DocumentFile`) ─► version in force ─► STATE/intent is emptied
///
/// Whatever stops it, the next one who opens the state folder knows from the intent and from what the files hold whether
/// the change is to be finished or undone (`ChangeSettlement`).
public struct ConfigurationChange: Equatable, Sendable {
    public let files: [FileChange]
    public let author: ChangeAuthor
    /// The command, as an administrator types it, for example `hostelry import`.
    public let tool: String
    public let comment: String

    public init(files: [FileChange], author: ChangeAuthor, tool: String, comment: String) {
        self.files = files
        self.author = author
        self.tool = tool
        self.comment = comment
    }

    /// Makes the change, and answers the number of its version. May wait for disks, and up to 10 s for another writer.
    ///
    /// - Parameter state: the state folder; made where it is missing.
    @discardableResult
    public func commit(state: String) throws(ChangeError) -> Int64 {
        let settled = try SettledState.open(state)
        let history = settled.history
        var record = try begun()
        let server = record.files.first(where: \.isServerFile)
        if let server, let old = server.old {
            try history.recording { history throws in
                _ = try history.find(old, path: server.path)
            }
        }
        record.number = try history.recording { history throws in
            try history.begin(record)
        }
        do throws(ChangeError) {
            try settled.intent.write(record.withoutNeedlessContents)
            for file in record.files where file.oldHash != file.newHash { try file.write() }
        } catch {
            try Self.takeBack(record, error, settled.intent, history)
            throw error
        }
        // Files are in place. Where the history cannot say so now, it does when the intent is settled.
        guard (try? history.confirm(record)) != nil else { return record.number }
        try? settled.intent.clear()
        return record.number
    }

    /// The record of the change, with what the files hold. Throws where that is not what was expected.
    private func begun() throws(ChangeError) -> ChangeRecord {
        var record = ChangeRecord(self)
        for (index, file) in files.enumerated() {
            do throws(FileError) {
                record.files[index].old = try DoubtfulFile(file.path).read()
            } catch {
                throw .file(error)
            }
            guard FileChange.Expectation(record.files[index].old) == file.expected else {
                throw .changed(path: file.path)
            }
        }
        return record
    }

    /// Puts back what was changed before `error`. Throws where that cannot be done now.
    private static func takeBack(
        _ record: ChangeRecord, _ error: ChangeError, _ intent: borrowing IntentFile, _ history: ConfigurationHistory
    ) throws(ChangeError) {
        do {
            let outcome = try record.settle(preferring: .undone)
            try history.end(record, outcome)
            try intent.clear()
            guard outcome == .undone else { throw ChangeError.unfinished("\(error)") }
        } catch let failure as ChangeError {
            throw failure
        } catch let failure {
            throw .unfinished("\(error); \(failure)")
        }
    }
}
