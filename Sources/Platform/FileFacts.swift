internal import Glibc

/// Whose a file or folder is, and what its mode lets others do.
public struct FileFacts: Equatable, Sendable {
    public let kind: FileInformation.Kind
    /// The permission bits, for example 0o750.
    public let mode: UInt32
    public let owner: UInt32
    public let group: UInt32
    /// Unit: bytes.
    public let size: Int64
    /// Nanoseconds since 1970 of the last change of the content.
    public let modified: Int64

    public init(
        kind: FileInformation.Kind, mode: UInt32, owner: UInt32, group: UInt32, size: Int64 = 0, modified: Int64 = 0
    ) {
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
        self.size = size
        self.modified = modified
    }

    /// Of what `path` leads to, links followed.
    public static func of(_ path: String) throws(SystemError) -> FileFacts {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw SystemError("stat", path) }
        let information = FileInformation(status)
        return FileFacts(
            kind: information.kind, mode: UInt32(status.st_mode & 0o7777), owner: status.st_uid, group: status.st_gid,
            size: information.stamp.size, modified: information.stamp.modified)
    }

    /// Whether this process may read the file, or list and pass through the folder.
    public static func mayRead(_ path: String, folder: Bool) -> Bool {
        unsafe faccessat(AT_FDCWD, path, folder ? R_OK | X_OK : R_OK, AT_EACCESS) == 0
    }

    /// Whether this process may pass through the folder.
    public static func mayPass(_ folder: String) -> Bool {
        unsafe faccessat(AT_FDCWD, folder, X_OK, AT_EACCESS) == 0
    }
}

/// The room of a file system.
public struct FileSystemSpace: Equatable, Sendable {
    /// What ordinary users may still fill. Unit: bytes.
    public let free: UInt64
    /// Unit: bytes.
    public let total: UInt64
    /// Which file system it is.
    public let number: UInt64

    public init(free: UInt64, total: UInt64, number: UInt64) {
        self.free = free
        self.total = total
        self.number = number
    }

    /// Of the one that `path` lies on; nil where nobody says.
    public static func of(_ path: String) -> FileSystemSpace? {
        var space = statvfs()
        var status = stat()
        guard unsafe statvfs(path, &space) == 0, unsafe stat(path, &status) == 0 else { return nil }
        let unit = UInt64(space.f_frsize)
        return FileSystemSpace(
            free: UInt64(space.f_bavail) * unit, total: UInt64(space.f_blocks) * unit, number: UInt64(status.st_dev))
    }
}
