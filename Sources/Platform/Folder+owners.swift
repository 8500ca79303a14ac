internal import Glibc

extension Folder {
    /// Who owns each real folder in `path`, by the folders' names.
    public static func ownersOfSubfolders(of path: String) throws(FileError) -> [String: UInt32] {
        var owners: [String: UInt32] = [:]
        for name in try FolderNames.filter(path, { _ in true }) {
            var status = stat()
            guard unsafe lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            owners[name] = status.st_uid
        }
        return owners
    }

    /// Makes the folder `name` in `parent`, which only this user may write, and gives it to `user` and `group` alone
    /// (0700). One that is there already stays as it is and has to be that user's.
    public static func make(
        _ name: String, in parent: String, user: UInt32, group: UInt32
    ) throws(FileError) {
        let path = "\(parent)/\(name)"
        let isNew = unsafe mkdir(path, 0o700) == 0
        guard isNew || errno == EEXIST else { throw FileError(path, SystemError("mkdir", path)) }
        let folder: FileDescriptor
        do throws(SystemError) {
            folder = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        } catch {
            throw FileError(path, error)
        }
        let owner = try folder.status(path).st_uid
        if owner == user { return }
        // One that a crash left before it was given away is still this user's.
        guard owner == geteuid() else { throw FileError(path, .foreign(owner: owner)) }
        guard fchown(folder.number, user, group) == 0 else { throw FileError(path, SystemError("fchown", path)) }
    }

    /// Where root made `path`: gives it to whoever owns the folder that it lies in, so that they can use it too.
    public static func giveToOwner(ofFolderOf path: String) throws(FileError) {
        guard geteuid() == 0 else { return }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let owner = try FileStatus.of(folder)
        guard owner.st_uid != 0 else { return }
        guard unsafe lchown(path, owner.st_uid, owner.st_gid) == 0 else {
            throw FileError(path, SystemError("lchown", path))
        }
    }

    /// Who owns what `path` leads to; nil where the system will not say.
    public static func owner(of path: String) -> UInt32? { (try? FileStatus.of(path))?.st_uid }
}
