import CPlatform
import Glibc

/// What a file is besides its content: owner, group, mode, access list (POSIX ACL) and `user.*` attributes.
enum FileIdentity {
    private static let accessList = "system.posix_acl_access"

    /// Makes `copy` what `original` is; throws `identityLost` where this user may not.
    static func transfer(
        from original: borrowing FileDescriptor, to copy: borrowing FileDescriptor, _ path: String
    ) throws(FileError) {
        let wanted = try original.status(path)
        let given = try copy.status(path)
        if wanted.st_uid != given.st_uid || wanted.st_gid != given.st_gid {
            guard fchown(copy.number, wanted.st_uid, wanted.st_gid) == 0 else { throw lost("fchown", path) }
        }
        let names = try attributeNames(of: original, path)
        if !names.contains(accessList) {
            // A folder with a default list gives new files one.
            let removed = unsafe hostelry_remove_attribute(copy.number, accessList) == 0
            guard removed || errno == ENODATA || errno == ENOTSUP else { throw lost("fremovexattr", path) }
        }
        for name in names where name == accessList || name.hasPrefix("user.") {
            let value = try attribute(name, of: original, path)
            guard unsafe hostelry_set_attribute(copy.number, name, value, value.count) == 0 else {
                throw lost("fsetxattr", path)
            }
        }
        guard fchmod(copy.number, wanted.st_mode & 0o7777) == 0 else { throw lost("fchmod", path) }
    }

    private static func attributeNames(of file: borrowing FileDescriptor, _ path: String) throws(FileError) -> [String]
    {
        let names = unsafe filled { unsafe hostelry_attribute_names(file.number, $0, $1) }
        guard let names else {
            guard errno == ENOTSUP else { throw lost("flistxattr", path) }
            return []
        }
        return names.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func attribute(
        _ name: String, of file: borrowing FileDescriptor, _ path: String
    ) throws(FileError) -> [UInt8] {
        let value = unsafe filled { unsafe hostelry_attribute(file.number, name, $0, $1) }
        guard let value else { throw lost("fgetxattr", path) }
        return value
    }

    /// What `call` writes into a buffer as large as Linux allows an attribute to be; nil where it fails.
    private static func filled(_ call: (UnsafeMutablePointer<CChar>?, Int) -> Int) -> [UInt8]? {
        var length = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            length = unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe call($0.baseAddress, $0.count) }
            count = max(0, length)
        }
        return length < 0 ? nil : bytes
    }

    private static func lost(_ call: String, _ path: String) -> FileError {
        FileError(path, .identityLost, cause: SystemError(call, path))
    }
}
