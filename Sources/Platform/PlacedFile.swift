internal import CPlatform
internal import Glibc

/// A file, folder or link held by its place without being opened: nobody can put another one in its stead meanwhile.
public struct PlacedFile: ~Copyable {
    public enum Kind: Sendable { case regular, folder, link, other }

    private let descriptor: FileDescriptor
    public let path: String
    private let status: stat

    /// At a path without symbolic links.
    public static func open(_ path: String) throws(SystemError) -> PlacedFile {
        try unsafe PlacedFile(hostelry_open_place(AT_FDCWD, path), path)
    }

    /// What the folder holds under that name; a symbolic link is itself.
    public borrowing func file(_ name: String) throws(SystemError) -> PlacedFile {
        try unsafe PlacedFile(
            hostelry_open_place(descriptor.number, name), path == "/" ? "/\(name)" : "\(path)/\(name)")
    }

    init(_ number: Int32, _ path: String) throws(SystemError) {
        guard number >= 0 else { throw SystemError("open", path) }
        let descriptor = FileDescriptor(owning: number)
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw SystemError("fstat", path) }
        self.init(descriptor, path, status)
    }

    private init(_ descriptor: consuming FileDescriptor, _ path: String, _ status: stat) {
        self.descriptor = descriptor
        self.path = path
        self.status = status
    }

    public var kind: Kind {
        switch status.st_mode & S_IFMT {
        case S_IFREG: .regular
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }

    public var owner: UInt32 { status.st_uid }
    public var group: UInt32 { status.st_gid }
    /// Whether its owner may execute it.
    public var isExecutable: Bool { status.st_mode & S_IXUSR != 0 }
    /// How many names the file has.
    public var nameCount: Int { Int(status.st_nlink) }

    /// The names in the folder, sorted.
    public borrowing func names() throws(SystemError) -> [String] {
        let number = unsafe openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open", path) }
        guard let folder = unsafe fdopendir(number) else {
            let error = SystemError("fdopendir", path)
            close(number)
            throw error
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe hostelry_next_name(folder) {
            let name = unsafe String(cString: entry)
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Gives a user these permissions; false where it has them already. With `inheriting`, what is made in the folder
    /// later gives them too.
    public borrowing func grant(
        _ permissions: AccessList.Permissions, to user: UInt32, inheriting: Bool = false, writing: Bool = true
    ) throws(SystemError) -> Bool {
        let attribute = inheriting ? "system.posix_acl_default" : "system.posix_acl_access"
        let old = try accessList(attribute)
        var new = old ?? AccessList(mode: UInt32(status.st_mode))
        new.grant(permissions, to: user)
        guard new != old else { return false }
        let bytes = new.bytes
        guard writing else { return true }
        guard unsafe hostelry_set_place_attribute(descriptor.number, attribute, bytes, bytes.count) == 0 else {
            throw SystemError("setxattr", path)
        }
        return true
    }

    /// Gives its owner and these users and groups the permissions, and nobody else any. What is there already stays as it is.
    public borrowing func admit(
        _ permissions: AccessList.Permissions, users: [UInt32], groups: [UInt32]
    ) throws(SystemError) {
        var list = AccessList(mode: UInt32(permissions.rawValue) << 6)
        for user in users { list.grant(permissions, to: user) }
        for group in groups { list.grant(permissions, toGroup: group) }
        guard try accessList("system.posix_acl_access") ?? AccessList(mode: UInt32(status.st_mode)) != list else {
            return
        }
        let bytes = list.bytes
        guard unsafe hostelry_set_place_attribute(descriptor.number, "system.posix_acl_access", bytes, bytes.count) == 0
        else { throw SystemError("setxattr", path) }
    }

    /// What a user who is in `groups` may do with it.
    public borrowing func permissions(of user: UInt32, in groups: [UInt32]) throws(SystemError)
        -> AccessList.Permissions
    {
        let list = try accessList("system.posix_acl_access") ?? AccessList(mode: UInt32(status.st_mode))
        return list.permissions(of: user, in: groups, owner: owner, group: group)
    }

    /// Nil where there is none.
    private borrowing func accessList(_ attribute: String) throws(SystemError) -> AccessList? {
        var length = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            length = unsafe hostelry_place_attribute(descriptor.number, attribute, buffer.baseAddress, buffer.count)
            count = max(0, length)
        }
        guard length >= 0 else {
            if errno == ENODATA { return nil }
            throw SystemError("getxattr", path)
        }
        guard let list = AccessList(bytes) else { throw SystemError("getxattr", path, code: EINVAL) }
        return list
    }
}

extension SystemError {
    /// The file system keeps no access lists.
    public var meansNoAccessLists: Bool { code == ENOTSUP }
}
