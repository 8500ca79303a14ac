internal import CPlatform
internal import Glibc

extension HeldFolder {
    /// Makes a folder of this user's alone (0700). A name that is taken is an error.
    public borrowing func makeFolder(_ name: [UInt8]) throws(FileError) -> HeldFolder {
        let number = descriptor.number
        guard unsafe Self.withName(name, { unsafe mkdirat(number, $0, 0o700) }) == 0 else {
            throw error("mkdirat", name)
        }
        return try folder(name)
    }

    /// Makes an empty file of this user's alone (0600). A name that is taken is an error.
    public borrowing func makeFile(_ name: [UInt8]) throws(FileError) -> FileDescriptor {
        try open(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    }

    /// - Parameter modified: nanoseconds since 1970.
    public borrowing func makeLink(_ name: [UInt8], to target: [UInt8], modified: Int64) throws(FileError) {
        let number = descriptor.number
        let path = path(of: name)
        guard let target = SystemPath(target) else { throw FileError(path, .changed) }
        let times = Self.times(modified)
        let outcome = unsafe Self.withName(name) { name in
            unsafe target.withCString { target in
                unsafe symlinkat(target, number, name) == 0
                    ? unsafe utimensat(number, name, times, AT_SYMLINK_NOFOLLOW) : -1
            }
        }
        guard outcome == 0 else { throw error("symlinkat", name) }
    }

    /// Gives the folder itself its mode (permissions alone) and its time.
    public borrowing func settle(mode: UInt32, modified: Int64) throws(FileError) {
        try descriptor.settle(mode: mode, modified: modified, path)
    }

    /// Gives what has a name another one; one that is taken is an error (`changed`).
    public borrowing func rename(_ name: [UInt8], toFree other: [UInt8]) throws(FileError) {
        let folder = descriptor.number
        let outcome = unsafe Self.withName(name) { name in
            unsafe Self.withName(other) { unsafe FreeName.give($0, to: name, in: folder) }
        }
        guard outcome == 0 else {
            guard errno != EEXIST else { throw FileError(path(of: other), .changed) }
            throw error("renameat2", other)
        }
    }

    /// Removes a file, a link, or a folder with everything in it; what is not there is no error.
    public borrowing func remove(_ name: [UInt8]) throws(FileError) {
        guard let entry = try entry(name) else { return }
        if entry.kind == .folder {
            let own = hostelry_file_user()
            if own != 0, own == entry.owner {
                // Its owner may not be allowed to empty it. What stands against this stands against the rest too.
                let number = descriptor.number
                _ = unsafe Self.withName(name) { unsafe fchmodat(number, $0, 0o700, AT_SYMLINK_NOFOLLOW) }
            }
            let folder = try folder(name)
            for inner in try folder.names() { try folder.remove(inner) }
        }
        let number = descriptor.number
        let flags = entry.kind == .folder ? AT_REMOVEDIR : 0
        guard unsafe Self.withName(name, { unsafe unlinkat(number, $0, flags) }) == 0 || errno == ENOENT else {
            throw error("unlinkat", name)
        }
    }

    /// Everything of the file system that it lies on outlasts a power failure when it returns.
    public borrowing func syncFileSystem() throws(FileError) {
        guard hostelry_sync_file_system(descriptor.number) == 0 else {
            throw FileError(path, SystemError("syncfs", path))
        }
    }

    /// What may still be written there; nil where the file system does not say. Unit: bytes.
    public borrowing func freeSpace() -> Int64? {
        let space = hostelry_free_space(descriptor.number)
        return space < 0 ? nil : space
    }

    /// Accessed and modified.
    static func times(_ modified: Int64) -> [timespec] {
        let (seconds, rest) = modified.quotientAndRemainder(dividingBy: 1_000_000_000)
        let time =
            rest < 0
            ? timespec(tv_sec: Int(seconds) - 1, tv_nsec: Int(rest) + 1_000_000_000)
            : timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
        return [time, time]
    }
}

extension FileDescriptor {
    /// Gives an open file its mode (permissions alone) and its time.
    public borrowing func settle(mode: UInt32, modified: Int64, _ path: String) throws(FileError) {
        guard fchmod(number, mode & 0o777) == 0 else { throw FileError(path, SystemError("fchmod", path)) }
        guard unsafe futimens(number, HeldFolder.times(modified)) == 0 else {
            throw FileError(path, SystemError("futimens", path))
        }
    }
}
