internal import CPlatform
internal import Glibc

/// A folder reached by a path that strangers may write parts of.
///
/// Symbolic links on the way are followed only where root or this user made them: whoever plants another one leads
/// nobody anywhere.
enum TrustedFolder {
    /// As many as the kernel follows.
    private static let linkLimit = 40

    /// Opens the folder at the absolute `path`; with `making` what is missing is made (0755, less the umask).
    static func open(_ path: String, making: Bool = true) throws(SystemError) -> FileDescriptor {
        var rest = parts(of: path)
        var current = try FileDescriptor.open("/", O_RDONLY | O_DIRECTORY)
        var links = 0
        while let name = rest.popLast() {
            var next = enter(name, current, path)
            if next == nil, making, errno == ENOENT {
                if unsafe mkdirat(current.number, name, 0o755) != 0, errno != EEXIST {
                    throw SystemError("mkdir", path)
                }
                next = enter(name, current, path)
            }
            guard let found = next.take() else { throw SystemError("open", path) }
            var status = stat()
            guard unsafe fstat(found.number, &status) == 0 else { throw SystemError("fstat", path) }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: current = found
            case S_IFLNK:
                guard status.st_uid == 0 || status.st_uid == geteuid() else {
                    throw SystemError("open", path, code: ELOOP)
                }
                links += 1
                guard links <= linkLimit, let target = target(of: found) else {
                    throw SystemError("open", path, code: ELOOP)
                }
                if target.hasPrefix("/") { current = try FileDescriptor.open("/", O_RDONLY | O_DIRECTORY) }
                rest += parts(of: target)
            default: throw SystemError("open", path, code: ENOTDIR)
            }
        }
        // From here on it can be listed and written to.
        let number = unsafe openat(current.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open", path) }
        return FileDescriptor(owning: number)
    }

    /// The last part first.
    private static func parts(of path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.reversed().map(String.init)
    }

    /// A folder or link itself; nil with errno.
    private static func enter(_ name: String, _ folder: borrowing FileDescriptor, _ path: String) -> FileDescriptor? {
        let number = unsafe hostelry_open_place(folder.number, name)
        return number >= 0 ? FileDescriptor(owning: number) : nil
    }

    private static func target(of link: borrowing FileDescriptor) -> String? {
        var length = 0
        // A buffer with room has an address; the empty name is the link itself.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe readlinkat(link.number, "", $0.baseAddress!, $0.count)
            }
            count = max(0, length)
        }
        return length > 0 ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
