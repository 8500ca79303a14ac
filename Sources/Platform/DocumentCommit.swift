import CPlatform
import Glibc

/// How a document's content becomes another one, step by step, under the lock.
///
///     compare ─► write .NAME.TOKEN.new ─► fsync ─► rename to .NAME.OLD.NEW.swap ─► exchange with NAME
///             ─► compare what came out ─► the expected one: remove it ─► fsync the folder
///                                      └► another one: somebody saved in between; put it back, throw `changed`
///
/// Comparing only beforehand would lose what an editor saves between the comparison and a rename; the exchange brings it
/// out instead. An editor that has the old file still open for writing counts as saving. The name of the `.swap` file
/// tells both states apart after a crash (`DocumentLeftovers`).
package enum DocumentCommit {
    /// Where a commit has got to.
    package enum Step: String, CaseIterable, Sendable {
        case written, named, exchanged, compared, removed
    }

    static func replace(
        _ expected: [UInt8], with bytes: [UInt8], in folder: borrowing DocumentFolder, _ reached: (Step) -> Void
    ) throws(FileError) {
        guard let original = try folder.open(folder.name), try holds(original, expected, in: folder) else {
            throw folder.error(.changed)
        }
        if bytes == expected { return }
        let old = ContentStamp(try original.status(folder.path(folder.name)))
        let draft = try Draft(bytes, mode: 0o600, in: folder) { (file: borrowing FileDescriptor) throws(FileError) in
            try FileIdentity.transfer(from: original, to: file, folder.path(folder.name))
        }
        reached(.written)
        let swap = DocumentLeftovers.swapName(of: folder.name, old: old, new: draft.stamp)
        do throws(FileError) {
            try folder.rename(draft.name, over: swap)
        } catch {
            try folder.remove(draft.name)
            throw error
        }
        reached(.named)
        try exchange(swap, expected, draft.stamp, in: folder, reached)
        try folder.synchronize()
        reached(.removed)
    }

    static func create(
        _ bytes: [UInt8], mode: mode_t, asItsFolders: Bool = false, in folder: borrowing DocumentFolder,
        _ reached: (Step) -> Void
    ) throws(FileError) {
        let draft = try Draft(bytes, mode: mode, in: folder) { (file: borrowing FileDescriptor) throws(FileError) in
            guard asItsFolders, geteuid() == 0 else { return }
            let owner = try folder.descriptor.status(folder.path)
            guard fchown(file.number, owner.st_uid, owner.st_gid) == 0 else { throw folder.error("fchown") }
        }
        reached(.written)
        guard folder.rename(draft.name, toFree: folder.name) == 0 else {
            let error = errno == EEXIST ? folder.error(.changed) : folder.error("renameat2")
            try folder.remove(draft.name)
            throw error
        }
        try folder.synchronize()
        reached(.removed)
    }

    private static func exchange(
        _ swap: String, _ expected: [UInt8], _ new: ContentStamp, in folder: borrowing DocumentFolder,
        _ reached: (Step) -> Void
    ) throws(FileError) {
        guard folder.exchange(swap, folder.name) == 0 else {
            let code = errno
            guard code != EINVAL && code != ENOSYS else { return try overwrite(with: swap, expected, in: folder) }
            let error = code == ENOENT ? folder.error(.changed) : folder.error("renameat2", code)
            try folder.remove(swap)
            throw error
        }
        reached(.exchanged)
        guard let displaced = try folder.open(swap), try holds(displaced, expected, in: folder),
            !isBeingWritten(displaced)
        else {
            try putBack(swap, new, in: folder)
            throw folder.error(.changed)
        }
        reached(.compared)
        try folder.remove(swap)
    }

    /// A file system that cannot exchange (NFS): the comparison comes right before the rename, so that only a program
    /// without the lock that saves between these two calls would be lost.
    private static func overwrite(
        with swap: String, _ expected: [UInt8], in folder: borrowing DocumentFolder
    ) throws(FileError) {
        guard let current = try folder.open(folder.name), try holds(current, expected, in: folder) else {
            try folder.remove(swap)
            throw folder.error(.changed)
        }
        try folder.rename(swap, over: folder.name)
    }

    /// Brings what was displaced back into place, until what comes out is what went in last: a save that fell between
    /// two exchanges is the newest and stays.
    private static func putBack(
        _ swap: String, _ new: ContentStamp, in folder: borrowing DocumentFolder
    ) throws(FileError) {
        var placed = new
        while let held = try folder.status(swap).map({ ContentStamp($0) }) {
            guard folder.exchange(swap, folder.name) == 0 else {
                // The document was removed meanwhile: what was saved comes back rather than nothing.
                guard errno == ENOENT, folder.rename(swap, toFree: folder.name) == 0 || errno == EEXIST else {
                    throw folder.error("renameat2")
                }
                continue
            }
            guard let out = try folder.status(swap).map({ ContentStamp($0) }), out != placed else {
                try folder.remove(swap)
                break
            }
            placed = held
        }
        try folder.synchronize()
    }

    static func holds(
        _ file: borrowing FileDescriptor, _ expected: [UInt8], in folder: borrowing DocumentFolder
    ) throws(FileError) -> Bool {
        let path = folder.path(folder.name)
        guard try file.status(path).st_size == expected.count else { return false }
        return try file.bytes(atMost: expected.count + 1, path) == expected
    }

    /// False also where the system will not say.
    static func isBeingWritten(_ file: borrowing FileDescriptor) -> Bool {
        hostelry_probe_for_writers(file.number) != 0 && errno == EAGAIN
    }

    /// The new content, whole and on the disk under a name of its own.
    private struct Draft {
        let name: String
        let stamp: ContentStamp

        init(
            _ bytes: [UInt8], mode: mode_t, in folder: borrowing DocumentFolder,
            prepare: (borrowing FileDescriptor) throws(FileError) -> Void
        ) throws(FileError) {
            name = DocumentLeftovers.draftName(of: folder.name)
            let path = folder.path(folder.name)
            let file: FileDescriptor
            do throws(SystemError) {
                file = try folder.create(name, O_WRONLY, mode: mode)
            } catch {
                throw FileError(path, error)
            }
            do throws(FileError) {
                try file.write(bytes, path)
                try prepare(file)
                guard fsync(file.number) == 0 else { throw FileError(path, SystemError("fsync", path)) }
                stamp = ContentStamp(try file.status(path))
            } catch {
                try folder.remove(name)
                throw error
            }
        }
    }
}

extension FileDescriptor {
    /// All of `bytes`, at the end of what was written before.
    borrowing func write(_ bytes: [UInt8], _ path: String) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(number, $0.baseAddress! + written, $0.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw FileError(path, SystemError("write", path))
            }
        }
    }
}
