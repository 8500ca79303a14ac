internal import CPlatform
internal import Glibc

/// Who is at the other end of a Unix socket.
public struct PeerCredentials: Equatable, Sendable {
    public let pid: Int32
    public let user: UInt32

    public init(pid: Int32, user: UInt32) {
        self.pid = pid
        self.user = user
    }
}

/// Unix sockets that have a name in a folder, whose path may have any length.
extension FileDescriptor {
    /// Listens at `name` in place of whatever has the name; only this user and root may connect, until others are
    /// admitted. Non-blocking.
    public static func listening(in folder: String, named name: String) throws(SystemError) -> FileDescriptor {
        let number = unsafe hostelry_local_listen(folder, name, 64)
        guard number >= 0 else { throw SystemError("bind", "\(folder)/\(name)") }
        return FileDescriptor(owning: number)
    }

    /// Listens at `name`, where everybody may connect whom the folder lets in. In place of a socket that has the name;
    /// anything else that has it stays, and is an error. Non-blocking.
    public static func listeningForEverybody(in folder: String, named name: String) throws(SystemError)
        -> FileDescriptor
    {
        let number = unsafe hostelry_public_listen(folder, name, 64)
        guard number >= 0 else { throw SystemError("bind", "\(folder)/\(name)") }
        return FileDescriptor(owning: number)
    }

    /// A connection to `name`, waited for at most `timeout` milliseconds; non-blocking then.
    public static func connected(
        in folder: String, named name: String, timeout: Int32
    ) throws(SystemError) -> FileDescriptor {
        let number = unsafe hostelry_local_connect(folder, name, timeout)
        guard number >= 0 else { throw SystemError("connect", "\(folder)/\(name)") }
        return FileDescriptor(owning: number)
    }

    /// Who connected, as the kernel knows it.
    public borrowing func peer() throws(SystemError) -> PeerCredentials {
        var pid: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
        guard unsafe hostelry_peer(number, &pid, &user, &group) == 0 else { throw SystemError("getsockopt") }
        return PeerCredentials(pid: pid, user: user)
    }

    /// The groups that whoever connected was in then, as the kernel knows them, the effective one first.
    public borrowing func peerGroups() throws(SystemError) -> [UInt32] {
        var (pid, user, group): (Int32, UInt32, UInt32) = (0, 0, 0)
        guard unsafe hostelry_peer(number, &pid, &user, &group) == 0 else { throw SystemError("getsockopt") }
        var groups = [gid_t](repeating: 0, count: 64)
        while true {
            let count = unsafe hostelry_peer_groups(number, &groups, Int32(groups.count))
            guard count >= 0 else { throw SystemError("getsockopt") }
            guard count > groups.count else { return [group] + groups.prefix(Int(count)) }
            groups = [gid_t](repeating: 0, count: Int(count))
        }
    }
}

/// Waiting for one descriptor: for commands, which have nothing else to do.
extension FileDescriptor {
    /// False where nothing came within `timeout` milliseconds (-1: for ever).
    public borrowing func waitForInput(timeout: Int32) -> Bool { hostelry_wait(number, 0, timeout) == 1 }

    /// Appends what the socket has; false at its end. Throws `EAGAIN` where there is nothing yet.
    public borrowing func receive(into bytes: inout [UInt8]) throws(SystemError) -> Bool {
        let start = bytes.count
        let room = 1 << 16
        bytes.append(contentsOf: repeatElement(0, count: room))
        var count = -1
        repeat {
            // The array holds `room` bytes from `start` on.
            count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress! + start, room, 0) }
        } while count < 0 && errno == EINTR
        let code = errno
        bytes.removeLast(room - max(0, count))
        guard count >= 0 else { throw SystemError("recv", code: code) }
        return count > 0
    }

    /// Sends all of it; throws where the other end takes nothing for `timeout` milliseconds.
    public borrowing func sendAll(_ bytes: [UInt8], timeout: Int32) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            switch try send(bytes.span.extracting(droppingFirst: sent)) {
            case .bytes(let count): sent += count
            default: guard hostelry_wait(number, 1, timeout) == 1 else { throw SystemError("send", code: ETIMEDOUT) }
            }
        }
    }
}
