internal import Glibc

extension Folder {
    /// Makes the folder `path` and those above it that are missing (0755, less the umask).
    public static func make(_ path: String) throws(FileError) {
        try makeParents(of: path)
        try make(path, mode: 0o755)
        _ = try folderStatus(path)
    }

    /// For state, locks and sockets: makes the folder `path` where it is missing (0711: others may pass through it to
    /// what lies below), then checks that it is this user's and that nobody else may write it.
    public static func makeOwned(_ path: String) throws(FileError) {
        try makeParents(of: path)
        try make(path, mode: 0o711)
        let status = try folderStatus(path)
        guard status.st_uid == geteuid() else { throw FileError(path, .foreign(owner: status.st_uid)) }
        guard status.st_mode & 0o022 == 0 else { throw FileError(path, .writableByOthers) }
    }

    /// As `makeOwned`; root takes another user's folder as well, to do something in that user's stead.
    public static func makeOwnedByItsUser(_ path: String) throws(FileError) {
        guard geteuid() == 0, let status = try? folderStatus(path), status.st_uid != 0 else {
            return try makeOwned(path)
        }
        guard status.st_mode & 0o022 == 0 else { throw FileError(path, .writableByOthers) }
    }

    /// Makes the folder `path`, for this user alone (0700), or leaves what is there.
    public static func makePrivate(_ path: String) throws(FileError) { try make(path, mode: 0o700) }

    private static func makeParents(of path: String) throws(FileError) {
        var index = path.startIndex
        while let slash = path[index...].dropFirst().firstIndex(of: "/") {
            try make(String(path[..<slash]), mode: 0o755)
            index = slash
        }
    }

    private static func make(_ path: String, mode: mode_t) throws(FileError) {
        if unsafe mkdir(path, mode) != 0, errno != EEXIST { throw FileError(path, SystemError("mkdir", path)) }
    }

    private static func folderStatus(_ path: String) throws(FileError) -> stat {
        let status = try FileStatus.of(path)
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw FileError(path, SystemError("mkdir", path, code: ENOTDIR))
        }
        return status
    }
}

extension Folder {
    /// The names in the folder `path`, sorted.
    public static func names(in path: String) throws(FileError) -> [String] {
        try FolderNames.filter(path) { _ in true }.sorted()
    }

    /// Makes an empty file, or leaves the one that is there.
    public static func makeEmptyFile(_ path: String) throws(FileError) {
        do throws(SystemError) {
            _ = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
        } catch {
            throw FileError(path, error)
        }
    }

    /// Removes a file; one that is not there is no error.
    public static func removeFile(_ path: String) throws(FileError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw FileError(path, SystemError("unlink", path)) }
    }

    /// Gives a file another name, in place of what has that name; one that is not there is no error.
    public static func moveFile(_ path: String, to other: String) throws(FileError) {
        guard unsafe rename(path, other) == 0 || errno == ENOENT else {
            throw FileError(path, SystemError("rename", path))
        }
    }

    /// Puts a file of this user's alone in place of what is there, in one step: readers see the old bytes or the new.
    /// Not synced: it lasts no longer than the machine runs.
    public static func replaceFile(_ path: String, with bytes: [UInt8]) throws(FileError) {
        let draft = "\(path).draft"
        let file: FileDescriptor
        do throws(SystemError) {
            file = try FileDescriptor.open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
        } catch {
            throw FileError(path, error)
        }
        try file.write(bytes, draft)
        guard unsafe rename(draft, path) == 0 else { throw FileError(path, SystemError("rename", path)) }
    }

    /// Writes over the beginning of a file that is there.
    public static func overwriteFile(_ path: String, with bytes: [UInt8]) throws(FileError) {
        let file: FileDescriptor
        do throws(SystemError) {
            file = try FileDescriptor.open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK)
        } catch {
            throw FileError(path, error)
        }
        try file.write(bytes, path)
    }
}

extension Folder {
    /// Gives a file or folder another name on the same file system, in place of a file that has it. When it returns, that
    /// outlasts a power failure.
    public static func move(_ path: String, to target: String) throws(FileError) {
        guard unsafe rename(path, target) == 0 else { throw FileError(target, SystemError("rename", target)) }
        let folder = target.lastIndex(of: "/").map { String(target[..<$0]) } ?? "."
        do throws(SystemError) {
            let descriptor = try FileDescriptor.open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY)
            guard fsync(descriptor.number) == 0 else { throw SystemError("fsync", folder) }
        } catch {
            throw FileError(folder, error)
        }
    }
}
