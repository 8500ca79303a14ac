internal import CPlatform
internal import Glibc

/// An internet address and a port. IPv4 is held as IPv6's mapped form, `::ffff:a.b.c.d`.
public struct SocketAddress: Hashable, Sendable {
    /// The halves of the sixteen bytes, most significant first.
    public var high: UInt64
    public var low: UInt64
    public var port: UInt16

    public init(high: UInt64, low: UInt64, port: UInt16) {
        self.high = high
        self.low = low
        self.port = port
    }

    /// 127.0.0.1
    public static func loopback(port: UInt16) -> SocketAddress {
        SocketAddress(high: 0, low: 0xffff_7f00_0001, port: port)
    }

    /// `::`: every address, IPv4 ones too.
    public static func any(port: UInt16) -> SocketAddress { SocketAddress(high: 0, low: 0, port: port) }

    fileprivate init(_ address: hostelry_address) {
        self.init(high: address.high, low: address.low, port: address.port)
    }

    fileprivate var system: hostelry_address { hostelry_address(high: high, low: low, port: port) }
}

/// Sockets. All are non-blocking and close on exec.
extension FileDescriptor {
    /// A TCP socket that listens at `address`; port 0 lets the system choose.
    public static func listening(
        at address: SocketAddress, backlog: Int32 = 4096
    ) throws(SystemError) -> FileDescriptor {
        var system = address.system
        let number = unsafe hostelry_listen(&system, backlog)
        guard number >= 0 else { throw SystemError("listen", "port \(address.port)") }
        return FileDescriptor(owning: number)
    }

    /// A TCP connection, made by waiting for it. For tests and commands.
    public static func connected(to address: SocketAddress) throws(SystemError) -> FileDescriptor {
        var system = address.system
        let number = unsafe hostelry_connect(&system)
        guard number >= 0 else { throw SystemError("connect", "port \(address.port)") }
        return FileDescriptor(owning: number)
    }

    /// The two ends of a Unix stream socket.
    public static func streamPair() throws(SystemError) -> SocketPair {
        var numbers: (Int32, Int32) = (-1, -1)
        let code = unsafe withUnsafeMutableBytes(of: &numbers) { bytes in
            // A tuple of two Int32 is what socketpair fills.
            unsafe socketpair(
                AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0,
                bytes.bindMemory(to: Int32.self).baseAddress)
        }
        guard code == 0 else { throw SystemError("socketpair") }
        return SocketPair(one: FileDescriptor(owning: numbers.0), other: FileDescriptor(owning: numbers.1))
    }

    /// The next waiting connection of a listening socket and its other end; nil when none waits.
    ///
    /// A connection that ended before it was accepted is passed over. Throws `EMFILE` and its kin.
    public borrowing func accept(_ remote: inout SocketAddress) throws(SystemError) -> FileDescriptor? {
        while true {
            var system = hostelry_address()
            let accepted = unsafe hostelry_accept(number, &system)
            if accepted >= 0 {
                remote = SocketAddress(system)
                return FileDescriptor(owning: accepted)
            }
            switch errno {
            case EAGAIN: return nil
            case EINTR, ECONNABORTED, EPROTO, ENETDOWN, EHOSTDOWN, EHOSTUNREACH, ENETUNREACH: continue
            default: throw SystemError("accept")
            }
        }
    }

    /// Tells the other end that nothing more will be written.
    public borrowing func shutDownOutput() { _ = shutdown(number, Int32(SHUT_WR)) }

    /// Lets closing a TCP socket reset the connection.
    public borrowing func resetWhenClosed() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// How many bytes of a TCP socket's output the other end has not acknowledged.
    public borrowing func unacknowledgedCount() -> Int { Int(hostelry_unacknowledged(number)) }

    /// Lets the system take no more of a TCP socket's output than about `count` bytes that cannot be sent yet; of a
    /// listening socket its connections inherit that.
    public borrowing func limitUnsent(_ count: Int32) { hostelry_limit_unsent(number, count) }

    /// Lets a TCP connection whose other end vanished be noticed, some minutes after `idle` seconds of silence.
    public borrowing func keepAlive(idle: Int32) { hostelry_keep_alive(number, idle) }

    /// Where the socket is bound to.
    public borrowing func localAddress() throws(SystemError) -> SocketAddress {
        var system = hostelry_address()
        guard unsafe hostelry_local_address(number, &system) == 0 else { throw SystemError("getsockname") }
        return SocketAddress(system)
    }
}

/// The two ends of a pair; each can be taken for itself.
@frozen
public struct SocketPair: ~Copyable {
    public let one: FileDescriptor
    public let other: FileDescriptor
}
