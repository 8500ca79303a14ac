internal import EventLoop
internal import Platform

/// A router loop as the shell reaches it. What is told arrives in order.
enum LoopPort {
    /// On the shell's own event loop: what is told happens at once.
    case own(RouterLoop)
    case other(RemoteLoop)

    func tell(_ order: @escaping @Sendable (RouterLoop) -> Void) {
        switch self {
        case .own(let loop): order(loop)
        case .other(let remote): remote.execute { if let loop = $0.resident as? RouterLoop { order(loop) } }
        }
    }

    /// Gives it a client's connection.
    func give(_ connection: consuming FileDescriptor, from remote: SocketAddress) {
        if case .own(let loop) = self { return loop.accept(connection, from: remote) }
        let number = connection.release()
        tell { $0.accept(FileDescriptor(owning: number), from: remote) }
    }

    /// Gives it a link to a worker of a pool.
    func give(_ link: consuming FileDescriptor, to worker: UInt64, of pool: UInt32) {
        if case .own(let loop) = self { return loop.open(link, to: worker, of: pool) }
        let number = link.release()
        tell { $0.open(FileDescriptor(owning: number), to: worker, of: pool) }
    }
}

/// The shell as a router loop reaches it. What is told arrives in order.
struct ShellPort {
    /// Nil on another thread than the shell's.
    private unowned let router: Router?
    private let remote: RemoteLoop?

    /// The shell that owns the loop: what is told happens at once.
    static func own(_ router: Router) -> ShellPort { ShellPort(router: router, remote: nil) }

    static func other(_ remote: RemoteLoop) -> ShellPort { ShellPort(router: nil, remote: remote) }

    private init(router: Router?, remote: RemoteLoop?) {
        self.router = router
        self.remote = remote
    }

    /// The shell itself, where it is on this thread.
    var own: Router? { router }

    func tell(_ report: @escaping @Sendable (Router) -> Void) {
        if let router { return report(router) }
        remote?.execute { if let router = $0.resident as? Router { report(router) } }
    }
}
