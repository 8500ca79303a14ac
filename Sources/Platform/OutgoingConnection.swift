internal import CPlatform
internal import Glibc

/// Connections that nobody waits for. All are non-blocking and close on exec.
extension FileDescriptor {
    /// A TCP connection that is being made: what is written is kept for later (`EAGAIN`), and the first read tells of a
    /// connection that was refused (`ECONNREFUSED`).
    public static func connecting(to address: SocketAddress) throws(SystemError) -> FileDescriptor {
        var system = hostelry_address(high: address.high, low: address.low, port: address.port)
        let number = unsafe hostelry_begin_connect(&system)
        guard number >= 0 else { throw SystemError("connect", "port \(address.port)") }
        return FileDescriptor(owning: number)
    }

    /// A connection to the Unix socket at that path, which may have any length. Throws `EAGAIN` where more connections
    /// wait than the listener lets wait.
    public static func connecting(toSocketAt path: String) throws(SystemError) -> FileDescriptor {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let number = unsafe hostelry_local_begin_connect(folder, name)
        guard number >= 0 else { throw SystemError("connect", path) }
        return FileDescriptor(owning: number)
    }

    /// Whether a connected socket has nothing to read, and its other end has neither ended nor broken the connection.
    public borrowing func isQuiet() -> Bool { hostelry_is_quiet(number) }
}
