internal import CPlatform
internal import Glibc

/// Whether a byte of a file can be had at once.
public enum Residency: Equatable, Sendable {
    case inMemory
    /// It must be waited for, or lies behind the file's end.
    case elsewhere
    /// The file system does not say; every look may wait, closing the file included.
    case unknown
}

/// Sending files. The program ignores SIGPIPE, which `sendfile` would raise.
extension FileDescriptor {
    /// Sends what fits of `count` bytes of `file` from `offset`, on a non-blocking socket. `.end` where the file ends
    /// before, or cannot be read.
    public borrowing func send(
        file: borrowing FileDescriptor, at offset: Int64, count: Int
    ) throws(SystemError) -> Transfer {
        let sent = hostelry_send_file(number, file.number, offset, count)
        guard sent < 0 else { return sent == 0 ? .end : .bytes(sent) }
        switch errno {
        case EAGAIN: return .wouldBlock
        case EIO, EBADF, EINVAL, EOVERFLOW, ESPIPE, EACCES, ESTALE, ENXIO, EISDIR: return .end
        default: throw SystemError("sendfile")
        }
    }

    /// Whether it is an open regular file. Does not wait for a file server.
    public borrowing func isRegularFile() -> Bool { hostelry_is_regular(number) == 1 }

    /// Whether some name leads to the file, so that closing it frees nothing. Does not wait for a file server.
    public borrowing func hasName() -> Bool { hostelry_is_nameless(number) == 0 }

    /// Whether the byte at `offset` can be had at once.
    public borrowing func residency(at offset: Int64) -> Residency {
        switch hostelry_peek(number, offset) {
        case 1: .inMemory
        case 0: .elsewhere
        default: errno == EAGAIN ? .elsewhere : .unknown
        }
    }
}
