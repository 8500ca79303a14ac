import EventLoop

/// A process that listens and takes requests.
public final class Backend {
    public let pid: Int32
    public let address: BackendAddress
    /// The pairing token, which every request carries.
    public let token: String
    public let connections: BackendConnections
    /// False once the process has ended, listens no more or is being stopped: no new request goes to it.
    public internal(set) var isReady = true

    /// Looks whether it still listens.
    var suspected: ((_ then: @escaping () -> Void) -> Void)?

    /// For whoever could not connect: a process that runs and listens no more is ended, and the next request starts another.
    ///
    /// - Parameter then: called when it is known whether it listens.
    public func suspect(_ then: @escaping () -> Void = {}) { if let suspected { suspected(then) } else { then() } }

    init(pid: Int32, address: BackendAddress, token: String, on loop: EventLoop) {
        self.pid = pid
        self.address = address
        self.token = token
        connections = BackendConnections(address, on: loop)
    }
}
