public import Platform

/// What follows a stream's output and is not held in memory: a file.
public protocol OutputSource: AnyObject {
    /// Writes some of it to the stream's socket, at most `limit` bytes. Throws what ends the connection.
    func send(to socket: borrowing FileDescriptor, limit: Int) throws(SystemError) -> SourceProgress
    /// The stream has let go of the source after `.end`, and is open.
    func ended(on stream: BufferedStream)
}

/// What one try to send from a source did.
public enum SourceProgress: Equatable, Sendable {
    case bytes(Int)
    /// The socket has no room for now.
    case wouldBlock
    /// The source has nothing for now; it appends to the stream's output and calls `flushLater` when it has.
    case waits
    /// There is no more.
    case end
}
