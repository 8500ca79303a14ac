public import Platform

/// How a command hands a change to the running master: as a file under STATE/changes, whose name it sends.
public enum StagedChange {
    public static func folder(in state: String) -> String { "\(state)/changes" }

    /// Makes the folder where it is missing.
    public static func makeFolder(state: String) throws(FileError) {
        let folder = folder(in: state)
        try Folder.makePrivate(folder)
        try Folder.giveToOwner(ofFolderOf: folder)
    }

    /// Puts the change down, and answers its name.
    public static func put(_ change: ConfigurationChange, state: String) throws(FileError) -> String {
        let folder = folder(in: state)
        try makeFolder(state: state)
        let name = String(UInt64.random(in: .min ... .max), radix: 16)
        let path = "\(folder)/\(name)"
        try Folder.replaceFile(path, with: try ChangeRecord(change).bytes(for: path))
        try Folder.giveToOwner(ofFolderOf: path)
        return name
    }

    /// Takes a change back that no master took.
    public static func remove(_ name: String, state: String) {
        // What cannot be removed is when the master starts.
        try? Folder.removeFile("\(folder(in: state))/\(name)")
    }

    /// Takes the change of that name away; nil where there is none. `author` is whoever sent the name, and whose the file
    /// has to be, if it is not root's or this user's: what somebody else put down is not theirs to send.
    public static func take(
        _ name: String, by author: ChangeAuthor, state: String
    ) throws(FileError) -> ConfigurationChange? {
        // Nothing that leads elsewhere.
        guard UInt64(name, radix: 16) != nil else { return nil }
        let folder = folder(in: state)
        guard FilePath.resolved(folder) != nil else { return nil }
        let owners = [author.user, 0, CurrentProcess.user].compactMap(\.self)
        let document = try HeldDocument(name, in: try HeldFolder.open(folder))
        guard let bytes = try document.read(limit: ChangeRecord.sizeLimit, ofOwners: owners) else { return nil }
        try Folder.removeFile("\(folder)/\(name)")
        return (try? ChangeRecord(bytes: bytes))?.change(by: author)
    }

    /// Takes away what commands left that were killed.
    public static func clear(state: String) {
        let folder = folder(in: state)
        for name in (try? Folder.names(in: folder)) ?? [] { try? Folder.removeFile("\(folder)/\(name)") }
    }
}
