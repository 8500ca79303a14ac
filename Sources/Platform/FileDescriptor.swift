import Glibc

/// An open descriptor with one owner, closed when the owner ends.
public struct FileDescriptor: ~Copyable, Sendable {
    public let number: Int32

    /// Takes ownership of `number`, which must be open and nobody else's.
    public init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Gives the number away; the caller closes it.
    public consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }

    /// A second descriptor for the same open file, closed on exec.
    public borrowing func duplicate() throws(SystemError) -> FileDescriptor {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw SystemError("fcntl", "F_DUPFD_CLOEXEC") }
        return FileDescriptor(owning: copy)
    }

    /// Opens `path`; `O_CLOEXEC` is always added.
    public static func open(
        _ path: String, _ flags: Int32, mode: UInt32 = 0o600
    ) throws(SystemError) -> FileDescriptor {
        while true {
            let number = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
            if number >= 0 { return FileDescriptor(owning: number) }
            guard errno == EINTR else { throw SystemError("open", path) }
        }
    }
}
