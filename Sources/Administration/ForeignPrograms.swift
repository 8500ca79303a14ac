import Platform

/// Whether somebody else decides what the programs of a folder are, for whoever would run them as root.
public enum ForeignPrograms {
    /// A program, or what it is made of, that another user could have put there.
    public struct Trace: Equatable, Sendable {
        /// For people.
        public let text: String
        /// Who owns the file or folder; nil where that is root, and others may write it.
        public let owner: UInt32?
    }

    /// What of `folder`, of the folders above it or of the files in it belongs to another user than root, or may be written
    /// by one; nil where nothing does. What cannot be looked at counts.
    ///
    /// Waits for the disk.
    public static func trace(in folder: String) -> Trace? {
        do throws(FileError) {
            let held = try HeldFolder.trusted(folder)
            if let trace = trace(above: folder) { return trace }
            // Root's own links are followed: who may write above what they lead to counts too.
            if let real = FilePath.resolved(folder), real != folder, let trace = trace(above: real) { return trace }
            for name in try held.names() {
                guard let entry = try held.entry(name), entry.kind != .folder else { continue }
                if let trace = trace(held.path(of: name), isLast: true) { return trace }
            }
            return nil
        } catch {
            return Trace(text: error.description, owner: nil)
        }
    }

    /// Of the folder and those that lead to it.
    private static func trace(above folder: String) -> Trace? {
        var path = ""
        for name in folder.split(separator: "/") {
            path += "/\(name)"
            if let trace = trace(path, isLast: path == folder) { return trace }
        }
        return nil
    }

    /// - Parameter isLast: whether what lies in it counts too: in a folder such as `/tmp` others may not replace what is root's.
    private static func trace(_ path: String, isLast: Bool) -> Trace? {
        do throws(SystemError) {
            let facts = try FileFacts.of(path)
            guard facts.owner == 0 else {
                let name = (try? Account.of(user: facts.owner))?.name ?? "number \(facts.owner)"
                return Trace(text: "\(path) belongs to the user \(name)", owner: facts.owner)
            }
            let isShared = facts.mode & 0o002 != 0 || facts.mode & 0o020 != 0 && facts.group != 0
            guard isShared, isLast || facts.mode & 0o1000 == 0 else { return nil }
            return Trace(text: "\(path) may be written by others", owner: nil)
        } catch {
            // A link that leads nowhere is no program.
            return error.reasonClass == .missing ? nil : Trace(text: "\(path): \(error.reason)", owner: nil)
        }
    }
}
