public import EventLoop
public import Platform
import Wire

/// Where a role whose master is gone waits for the next one: a Unix socket that its first master gave it, with a name in
/// the state folder. Nobody can connect before `open`; who connects then is taken one at a time.
public final class Rendezvous: ReadinessHandler {
    private let descriptor: FileDescriptor
    private let loop: EventLoop
    /// Whom connections are taken from: the user whose master made the socket, and root.
    private let user: UInt32
    private var isListening = false
    private var found: ((consuming FileDescriptor) -> Void)?

    /// - Parameters:
    ///   - descriptor: bound, not listening.
    ///   - user: the first master's.
    public init(_ descriptor: consuming FileDescriptor, user: UInt32, on loop: EventLoop) {
        self.descriptor = descriptor
        self.user = user
        self.loop = loop
    }

    /// What a role was given beside its control socket, whose other end is the first master's; nil where it was given
    /// nothing.
    public convenience init?(
        _ descriptor: consuming FileDescriptor?, beside control: borrowing FileDescriptor, on loop: EventLoop
    ) throws(SystemError) {
        guard let descriptor else { return nil }
        self.init(descriptor, user: try control.peer().user, on: loop)
    }

    /// Waits for the next master, which `found` gets the connection to, once. Throws where nobody will ever come.
    public func open(_ found: @escaping (consuming FileDescriptor) -> Void) throws(SystemError) {
        self.found = found
        if !isListening {
            try descriptor.listen()
            try loop.register(descriptor.number, self)
            isListening = true
        }
        accept()
    }

    /// What comes while there is a master waits: it is the next one's turn when that one is gone.
    public func ready(_ readiness: Readiness) { accept() }

    private func accept() {
        while let found, let connection = descriptor.acceptLocal() {
            guard let peer = try? connection.peer(), peer.user == user || peer.user == 0 else { continue }
            self.found = nil
            found(connection)
        }
    }

    /// Takes part in nothing any more.
    public func close() {
        found = nil
        if isListening { loop.unregister(descriptor.number) }
        isListening = false
    }
}
