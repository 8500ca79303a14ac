import EventLoop

/// The connections to one backend that wait for a next request.
public final class BackendConnections {
    let address: BackendAddress
    let loop: EventLoop

    init(_ address: BackendAddress, on loop: EventLoop) {
        self.address = address
        self.loop = loop
    }

    /// Drops those that wait: the process is gone.
    func close() {}
}
