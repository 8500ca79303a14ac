internal import CPlatform
internal import Glibc

/// A name in a folder that nothing has yet.
enum FreeName {
    /// Gives what is called `name` that name instead, unless it is taken. The system's answer: 0, or -1 with errno
    /// (`EEXIST` where it is taken).
    static func give(_ free: UnsafePointer<CChar>, to name: UnsafePointer<CChar>, in folder: Int32) -> Int32 {
        let renamed = unsafe hostelry_rename_to_free_name(folder, name, free)
        guard renamed != 0, errno == EINVAL || errno == ENOSYS else { return renamed }
        return unsafe giveInSteps(free, to: name, in: folder)
    }

    /// For a file system without that call (NFS). A file gets a second name, and the first one goes. A folder has one
    /// name alone: an empty one takes the new name, and the folder its place, which nothing else can get.
    static func giveInSteps(_ free: UnsafePointer<CChar>, to name: UnsafePointer<CChar>, in folder: Int32) -> Int32 {
        var status = stat()
        guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return -1 }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard unsafe linkat(folder, name, folder, free, 0) == 0 else { return -1 }
            return unsafe unlinkat(folder, name, 0)
        }
        guard unsafe mkdirat(folder, free, 0o700) == 0 else { return -1 }
        guard unsafe renameat(folder, name, folder, free) != 0 else { return 0 }
        let code = errno
        _ = unsafe unlinkat(folder, free, AT_REMOVEDIR)
        errno = code
        return -1
    }
}
