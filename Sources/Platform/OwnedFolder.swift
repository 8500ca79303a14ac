internal import Glibc

/// A folder that only this user can change: for state, locks and sockets.
public enum OwnedFolder {
    /// Makes the folder `path`, and those above it that are missing (0755), where it is not there; then checks that it
    /// is a folder of this user's that nobody else may write. Others may pass through it to what lies below (0711).
    public static func make(_ path: String) throws(FileError) {
        try makeParents(of: path)
        if unsafe mkdir(path, 0o711) != 0, errno != EEXIST { throw FileError(path, SystemError("mkdir", path)) }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError(path, SystemError("stat", path)) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw FileError(path, SystemError("mkdir", path, code: ENOTDIR))
        }
        guard status.st_uid == geteuid() else { throw FileError(path, .foreign(owner: status.st_uid)) }
        guard status.st_mode & 0o022 == 0 else { throw FileError(path, .writableByOthers) }
    }

    private static func makeParents(of path: String) throws(FileError) {
        var index = path.startIndex
        while let slash = path[index...].dropFirst().firstIndex(of: "/") {
            let parent = String(path[..<slash])
            if unsafe mkdir(parent, 0o755) != 0, errno != EEXIST {
                throw FileError(parent, SystemError("mkdir", parent))
            }
            index = slash
        }
    }
}
