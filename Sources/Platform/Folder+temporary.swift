internal import Glibc

extension Folder {
    /// Makes a folder of this user's alone (0700) in `parent`, with a name that begins with `prefix` and that nobody knows
    /// beforehand; answers its path.
    public static func makeTemporary(in parent: String, prefix: String) throws(FileError) -> String {
        var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw FileError(parent, SystemError("mkdtemp", parent)) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a folder of this user's with everything in it. Symbolic links are removed, not followed; what cannot be
    /// removed stays.
    public static func removeTree(_ path: String) {
        guard unsafe unlink(path) != 0, errno == EISDIR || errno == EPERM else { return }
        for name in (try? names(in: path)) ?? [] { removeTree("\(path)/\(name)") }
        unsafe rmdir(path)
    }

    /// Whether `path` leads to a real folder of this user's that nobody else may write.
    public static func isOwn(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
            && status.st_mode & 0o022 == 0
    }
}
