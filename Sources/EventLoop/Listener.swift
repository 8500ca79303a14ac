public import Platform

/// Whoever takes the connections of a listener.
public protocol ConnectionAcceptor: AnyObject {
    func accepted(_ connection: consuming FileDescriptor, from remote: SocketAddress, by listener: Listener)
    /// No descriptor is left for a connection that waits; the listener tries again shortly.
    func acceptFailed(_ error: SystemError, by listener: Listener)
}

/// A listening socket on a loop.
public final class Listener: ReadinessHandler, TurnHandler, TimerHandler {
    /// How many connections are taken before others have their turn.
    private static let fairShare = 64
    /// How long to wait when no descriptor is left. Unit: nanoseconds.
    private static let pause: UInt64 = 100_000_000

    private let loop: EventLoop
    private var descriptor: FileDescriptor?
    private unowned let acceptor: any ConnectionAcceptor
    private let timer = Timer()
    private var isListed = false

    /// Takes a listening, non-blocking socket. `acceptor` outlives the listener.
    public init(
        _ descriptor: consuming FileDescriptor, on loop: EventLoop, acceptor: any ConnectionAcceptor
    ) throws(SystemError) {
        self.loop = loop
        self.acceptor = acceptor
        let number = descriptor.number
        self.descriptor = consume descriptor
        try loop.register(number, self)
    }

    /// Accepts no more.
    public func close() {
        guard let number = descriptor?.number else { return }
        loop.unregister(number)
        loop.cancel(timer)
        descriptor = nil
    }

    /// Another descriptor for its socket; nil when it accepts no more, or none is left.
    public func duplicate() -> FileDescriptor? {
        guard descriptor != nil else { return nil }
        return try? descriptor!.duplicate()  // Open here.
    }

    public func ready(_ readiness: Readiness) { accept() }

    public func turnEnded() {
        isListed = false
        accept()
    }

    public func timerFired(_ timer: Timer) { accept() }

    private func accept() {
        for _ in 0..<Self.fairShare {
            guard descriptor != nil else { return }
            var remote = SocketAddress.any(port: 0)
            do throws(SystemError) {
                guard let connection = try descriptor!.accept(&remote) else { return }  // Open here.
                acceptor.accepted(connection, from: remote, by: self)
            } catch {
                acceptor.acceptFailed(error, by: self)
                return loop.start(timer, after: Self.pause, self)
            }
        }
        guard !isListed else { return }
        isListed = true
        loop.inNextTurn(self)
    }
}
