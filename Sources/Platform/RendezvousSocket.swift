internal import CPlatform
internal import Glibc

/// Unix sockets with names in a folder. All are non-blocking and close on exec.
extension FileDescriptor {
    /// An open folder, to reach what lies in it.
    public static func folder(_ path: String) throws(SystemError) -> FileDescriptor {
        try open(path, O_RDONLY | O_DIRECTORY)
    }

    /// A stream socket with a name in `folder`, which only this user may connect to; it does not listen yet.
    public static func bound(to name: String, in folder: borrowing FileDescriptor) throws(SystemError) -> FileDescriptor
    {
        let number = unsafe hostelry_bind_local(folder.number, name)
        guard number >= 0 else { throw SystemError("bind", name) }
        return FileDescriptor(owning: number)
    }

    /// Whether somebody listens, and the connection to them.
    public enum LocalConnection: ~Copyable {
        case connected(FileDescriptor)
        /// Nobody listens, or too many wait already.
        case refused
        /// There is no socket of that name.
        case absent
    }

    /// Connects without waiting to the socket `name` in `folder`.
    public static func connection(
        to name: String, in folder: borrowing FileDescriptor
    ) throws(SystemError) -> LocalConnection {
        let number = unsafe hostelry_connect_local(folder.number, name)
        if number >= 0 { return .connected(FileDescriptor(owning: number)) }
        switch errno {
        case ECONNREFUSED, EAGAIN, EINTR: return .refused
        case ENOENT: return .absent
        default: throw SystemError("connect", name)
        }
    }

    /// Lets others connect. From now on this process is who they see at the other end (`peer`).
    public borrowing func listen(backlog: Int32 = 8) throws(SystemError) {
        guard Glibc.listen(number, backlog) == 0 else { throw SystemError("listen") }
    }

    /// The next connection of a listening Unix socket; nil when none waits, or none can be taken now.
    public borrowing func acceptLocal() -> FileDescriptor? {
        let accepted = hostelry_accept_local(number)
        return accepted >= 0 ? FileDescriptor(owning: accepted) : nil
    }

    /// The socket that this process was given as `number` when it began; nil where it was given none. Asked before
    /// anything else is opened.
    public static func inheritedSocket(_ number: Int32) -> FileDescriptor? {
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        return FileDescriptor(owning: number)
    }
}
