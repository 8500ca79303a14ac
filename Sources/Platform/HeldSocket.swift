/// A listening socket that is open before the server that will use it.
public final class HeldSocket: Sendable {
    public let descriptor: FileDescriptor
    /// Where it listens.
    public let address: SocketAddress

    /// Nil where it cannot listen there; port 0 lets the system choose.
    public init?(at address: SocketAddress) {
        guard let socket = try? FileDescriptor.listening(at: address), let place = try? socket.localAddress() else {
            return nil
        }
        descriptor = socket
        self.address = place
    }
}
