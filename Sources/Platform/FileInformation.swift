internal import CPlatform
import Glibc

/// What a path names, and the state it is in.
public struct FileInformation: Equatable, Sendable {
    public enum Kind: Sendable { case regular, directory, other }

    public let kind: Kind
    public let stamp: FileStamp

    public init(kind: Kind, stamp: FileStamp) {
        self.kind = kind
        self.stamp = stamp
    }

    /// Looks at `path`, following symbolic links.
    public static func of(_ path: SystemPath) throws(SystemError) -> FileInformation {
        var status = stat()
        let result = unsafe path.withCString { path in unsafe stat(path, &status) }
        guard result == 0 else { throw SystemError("stat", path.text) }
        return FileInformation(status)
    }

    /// Looks at `path` below `folder`, following symbolic links that do not lead out of the folder (else `EXDEV`).
    public static func of(_ path: SystemPath, beneath folder: SystemPath) throws(SystemError) -> FileInformation {
        let number = unsafe folder.withCString { folder in
            unsafe path.withCString { path in unsafe hostelry_find_beneath(folder, path) }
        }
        guard number >= 0 else { throw SystemError("openat2", folder.text + "/" + path.text) }
        return try of(FileDescriptor(owning: number))
    }

    /// Looks at the file that `descriptor` has open.
    public static func of(_ descriptor: borrowing FileDescriptor) throws(SystemError) -> FileInformation {
        var status = stat()
        guard unsafe fstat(descriptor.number, &status) == 0 else { throw SystemError("fstat") }
        return FileInformation(status)
    }

    /// Whether the kernel knows what `path` names, or that it names nothing, without looking at a disk. True where it
    /// does not say (Linux before 5.12).
    public static func isAtHand(_ path: SystemPath) -> Bool {
        unsafe path.withCString { path in unsafe hostelry_is_path_cached(path) } != 0
    }

    /// Whether `path` lies on a file system that asks another program or computer, so that every look may wait.
    public static func isRemote(_ path: SystemPath) -> Bool { NetworkFileSystem.name(at: path) != nil }

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        default: kind = .other
        }
        stamp = FileStamp(status)
    }
}
