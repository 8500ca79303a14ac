internal import CPlatform
internal import Glibc

/// Who is at the other end of a Unix socket: who listened there, connected, or made the pair.
public struct PeerCredentials: Equatable, Sendable {
    public let pid: Int32
    public let user: UInt32

    public init(pid: Int32, user: UInt32) {
        self.pid = pid
        self.user = user
    }
}

extension FileDescriptor {
    /// As the kernel knows it.
    public borrowing func peer() throws(SystemError) -> PeerCredentials {
        var pid: pid_t = 0
        var user: uid_t = 0
        var group: gid_t = 0
        guard unsafe hostelry_peer(number, &pid, &user, &group) == 0 else { throw SystemError("getsockopt") }
        return PeerCredentials(pid: pid, user: user)
    }
}
