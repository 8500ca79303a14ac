import Administration
import EventLoop
import HostModel
import Platform

/// Serves metrics over HTTP at one address.
final class MetricsServer: ConnectionAcceptor {
    /// Beyond so many the one that has been silent longest gives way, or else the one that takes longest to read its
    /// answer; where metrics are being gathered for all, the new one is closed.
    static let maximumConnections = 8

    let loop: EventLoop
    private let collect: (@escaping (ServerMetrics) -> Void) -> Void
    /// Those that wait for the answer that is being made.
    private var waiting: [(MetricsAnswer) -> Void] = []
    private let address: MetricsAddress
    private var listener: Listener?
    /// In the order in which they came.
    private var connections: [MetricsConnection] = []

    /// `collect` gathers metrics and calls what it is given once.
    init(
        at address: MetricsAddress, on loop: EventLoop, collect: @escaping (@escaping (ServerMetrics) -> Void) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.collect = collect
        self.address = address
        let socket: FileDescriptor
        switch address {
        case .internet(let address): socket = try .listening(at: address, backlog: 64)
        case .local(let folder, let name): socket = try .listeningForEverybody(in: folder, named: name)
        }
        listener = try Listener(socket, on: loop, acceptor: self)
    }

    /// Ends every conversation; a Unix socket goes.
    func close() {
        listener?.close()
        listener = nil
        for connection in connections { connection.close() }
        if case .local(let folder, let name) = address { try? Folder.removeFile("\(folder)/\(name)") }
    }

    func accepted(_ connection: consuming FileDescriptor, from remote: SocketAddress, by listener: Listener) {
        if connections.count >= Self.maximumConnections {
            guard let slowest = connections.first(where: \.isReading) ?? connections.first(where: \.isClosing) else {
                return
            }
            slowest.close()
        }
        guard let opened = try? MetricsConnection(connection, of: self) else { return }
        connections.append(opened)
    }

    /// It waits in the listener's queue until there is a descriptor for it.
    func acceptFailed(_ error: SystemError, by listener: Listener) {}

    /// What there is to tell now, put in words once for everybody who waits for it, and not on the loop.
    func answer(_ done: @escaping (MetricsAnswer) -> Void) {
        waiting.append(done)
        guard waiting.count == 1 else { return }
        collect { [weak self, loop] metrics in
            loop.perform {
                MetricsAnswer(metrics)
            } then: {
                guard let self else { return }
                let waiting = self.waiting
                self.waiting = []
                for each in waiting { each($0) }
            }
        }
    }

    func closed(_ connection: MetricsConnection) { connections.removeAll { $0 === connection } }
}
