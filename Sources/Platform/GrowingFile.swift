import Glibc

/// Files that only grow at their end.
extension FileDescriptor {
    /// Opens the file itself, not what a link leads to, and makes it (0640) where it is missing.
    public static func openToAppend(_ path: String) throws(SystemError) -> FileDescriptor {
        try open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode: 0o640)
    }

    /// Makes a file (0640) of a name that nothing has; throws `EEXIST` where something has it.
    public static func createToAppend(_ path: String) throws(SystemError) -> FileDescriptor {
        try open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, mode: 0o640)
    }

    public static func openToRead(_ path: String) throws(SystemError) -> FileDescriptor {
        try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    }

    /// Cuts off what lies behind `length` bytes.
    public static func truncate(_ path: String, to length: Int64) throws(FileError) {
        guard unsafe Glibc.truncate(path, off_t(length)) == 0 else {
            throw FileError(path, SystemError("truncate", path))
        }
    }
}
