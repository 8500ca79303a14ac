import Glibc

extension DocumentCommit {
    /// Takes the document away under the lock: it is moved aside, looked at once more, and only then removed, so that what
    /// an editor saved in between comes back instead of being lost. A name that a crash leaves is cleared away like that of
    /// a swap (`DocumentLeftovers`).
    static func remove(_ expected: [UInt8], in folder: borrowing DocumentFolder) throws(FileError) {
        guard let original = try folder.open(folder.name), try holds(original, expected, in: folder) else {
            throw folder.error(.changed)
        }
        let stamp = ContentStamp(try original.status(folder.path(folder.name)))
        let aside = DocumentLeftovers.swapName(of: folder.name, old: stamp, new: stamp)
        guard folder.rename(folder.name, toFree: aside) == 0 else {
            throw errno == ENOENT ? folder.error(.changed) : folder.error("renameat2")
        }
        guard let moved = try folder.open(aside), try holds(moved, expected, in: folder), !isBeingWritten(moved) else {
            if folder.rename(aside, toFree: folder.name) != 0 {
                guard errno == EEXIST, folder.rename(aside, toFree: "\(folder.name).displaced-\(stamp.text)") == 0
                else {
                    throw folder.error("renameat2")
                }
            }
            try folder.synchronize()
            throw folder.error(.changed)
        }
        try folder.remove(aside)
        try folder.synchronize()
    }
}
