internal import Glibc

/// A user of this machine, from the name services: asking may wait for a network.
public struct Account: Equatable, Sendable {
    public let name: String
    public let user: UInt32
    public let group: UInt32

    public init(name: String, user: UInt32, group: UInt32) {
        self.name = name
        self.user = user
        self.group = group
    }

    /// Nil where there is no such account.
    public static func named(_ name: String) throws(SystemError) -> Account? {
        try unsafe find(name) { entry, buffer, size, found in unsafe getpwnam_r(name, entry, buffer, size, found) }
    }

    /// Nil where no account has that number.
    public static func of(user: UInt32) throws(SystemError) -> Account? {
        try unsafe find("\(user)") { entry, buffer, size, found in unsafe getpwuid_r(user, entry, buffer, size, found) }
    }

    /// All groups that the account is in, its own first.
    public func groups() throws(SystemError) -> [UInt32] {
        var count: Int32 = 64
        while count <= 65536 {
            var groups = [gid_t](repeating: 0, count: Int(count))
            if unsafe getgrouplist(name, group, &groups, &count) >= 0 { return Array(groups.prefix(Int(count))) }
            // The call says how many there are, or leaves the count as it was.
            count = max(count, Int32(groups.count) * 2)
        }
        throw SystemError("getgrouplist", name, code: E2BIG)
    }

    private typealias Lookup = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    private static func find(_ subject: String, _ lookup: Lookup) throws(SystemError) -> Account? {
        var size = 4096
        while true {
            var entry = unsafe passwd()
            var found: UnsafeMutablePointer<passwd>?
            var buffer = [CChar](repeating: 0, count: size)
            var account: Account?
            // The entry points into the buffer, so it is read before the buffer goes.
            let code = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
                let code = unsafe lookup(&entry, buffer.baseAddress!, buffer.count, &found)  // It has room.
                if unsafe found != nil {
                    account = unsafe Account(
                        name: String(cString: entry.pw_name), user: entry.pw_uid, group: entry.pw_gid)
                }
                return code
            }
            switch code {
            // The codes that name services use for "not found".
            case 0, ENOENT, ESRCH, EBADF, EPERM: return account
            case ERANGE where size < 1 << 20: size *= 4
            case EINTR: continue
            default: throw SystemError("getpwnam", subject, code: code)
            }
        }
    }
}
