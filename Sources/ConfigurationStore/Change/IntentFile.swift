internal import Platform

/// STATE/intent: the record of a change while it is made, and the lock under which changes are made one by one.
///
/// Empty when nothing is under way. Whoever opens it and finds a record is its only owner, and finishes or undoes it.
struct IntentFile: ~Copyable {
    static func path(in state: String) -> String { "\(state)/intent" }

    private let file: AppendedFile
    let path: String

    /// Waits for another change, at most 5 s.
    static func open(in state: String) throws(ChangeError) -> IntentFile {
        let path = path(in: state)
        do throws(FileError) {
            try Folder.makeOwnedByItsUser(state)
            let file = try AppendedFile.open(path)
            try Folder.giveToOwner(ofFolderOf: path)
            return IntentFile(file: file, path: path)
        } catch {
            throw error.kind == .locked ? .locked : .file(error)
        }
    }

    /// The change that is under way; nil where none is, or where it was never written whole, and so never begun.
    borrowing func record() throws(ChangeError) -> ChangeRecord? {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try file.contents(limit: ChangeRecord.sizeLimit)
        } catch {
            throw .file(error)
        }
        guard !bytes.isEmpty else { return nil }
        do throws(ChangeRecord.Unreadable) {
            return try ChangeRecord(bytes: bytes)
        } catch {
            guard error == .torn else { throw .newerIntent(path: path) }
            try clear()
            return nil
        }
    }

    /// When it returns, the record outlasts a power failure.
    borrowing func write(_ record: ChangeRecord) throws(ChangeError) {
        do throws(FileError) {
            try file.append(try record.bytes(for: path))
        } catch {
            // What is left of it is no whole record, and means nothing.
            try? file.empty()
            throw .file(error)
        }
    }

    borrowing func clear() throws(ChangeError) {
        do throws(FileError) {
            try file.empty()
        } catch {
            throw .file(error)
        }
    }
}
