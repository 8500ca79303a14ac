internal import Glibc

/// A group of this machine, from the name services: asking may wait for a network.
public enum AccountGroup {
    /// Nil where there is no such group.
    public static func number(named name: String) throws(SystemError) -> UInt32? {
        var size = 4096
        while true {
            var entry = unsafe group()
            var found: UnsafeMutablePointer<group>?
            var buffer = [CChar](repeating: 0, count: size)
            let code = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
                unsafe getgrnam_r(name, &entry, buffer.baseAddress!, buffer.count, &found)  // It has room.
            }
            switch code {
            // The codes that name services use for "not found".
            case 0, ENOENT, ESRCH, EBADF, EPERM: return unsafe found == nil ? nil : unsafe entry.gr_gid
            case ERANGE where size < 1 << 20: size *= 4
            case EINTR: continue
            default: throw SystemError("getgrnam", name, code: code)
            }
        }
    }
}
