internal import CPlatform
internal import Glibc

/// Asks the kernel who listens at one port or one Unix socket (`sock_diag`): its table of listeners is read, not that of
/// thousands of connections.
public struct ListenerQuestion: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// More sockets at one port than anybody has (one for each processor, with `SO_REUSEPORT`).
    private static let capacity = 256

    /// Throws where the system has no such question, as in some containers.
    public init() throws(SystemError) {
        let number = hostelry_listener_question()
        guard number >= 0 else { throw SystemError("socket", "NETLINK_SOCK_DIAG") }
        descriptor = FileDescriptor(owning: number)
    }

    /// Those of IPv4 and IPv6 that listen at a TCP port; nil where the kernel does not tell.
    public borrowing func listeners(port: UInt16) -> [ObservedListener]? {
        var found = [hostelry_listener](repeating: hostelry_listener(), count: Self.capacity)
        let count = unsafe hostelry_tcp_listeners(descriptor.number, port, &found, Int32(Self.capacity))
        guard count >= 0 else { return nil }
        return found.prefix(Int(count)).map { listener in
            let words = [listener.words.0, listener.words.1, listener.words.2, listener.words.3]
            return ObservedListener(
                address: ObservedListener.address(listener.is_v6 ? words : [words[0]]), isV6: listener.is_v6,
                isV6Only: listener.is_v6_only, port: port, user: listener.uid, inode: UInt64(listener.inode))
        }
    }

    /// The kernel's number of the socket that listens at the Unix socket `path`; nil where none does.
    public borrowing func listener(path: String) -> UInt64? {
        let inode = unsafe hostelry_local_listener(descriptor.number, path)
        return inode > 0 ? UInt64(inode) : nil
    }
}
