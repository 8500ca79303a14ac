internal import Glibc

/// What a folder holds.
public enum Folder {
    /// The names of the real folders in `path`, symbolic links left out, sorted.
    public static func subfolders(of path: String) throws(FileError) -> [String] {
        try FolderNames.filter(path) { _ in true }.filter { name in
            var status = stat()
            return unsafe lstat("\(path)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }.sorted()
    }
}
