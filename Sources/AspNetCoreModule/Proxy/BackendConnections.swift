import EventLoop
import Platform

/// The connections to one backend that wait for a next request.
public final class BackendConnections {
    /// How long one waits. Unit: seconds. WinHTTP's own limit is two minutes, Kestrel's 130 s.
    static let idleTime = 90
    /// How many wait at most.
    static let maximumIdle = 256

    let address: BackendAddress
    let loop: EventLoop
    /// The one that was used last is used next, so that those that are too many grow old.
    private var idle: [BackendConnection] = []
    private var isClosed = false

    init(_ address: BackendAddress, on loop: EventLoop) {
        self.address = address
        self.loop = loop
    }

    /// How many connections wait.
    var idleCount: Int { idle.count }

    /// A connection for a request: one that waits, or a new one.
    ///
    /// One that waits is asked first: the backend may have ended it, and whatever it said unasked is no answer to a
    /// request that comes after.
    func take() throws(SystemError) -> BackendConnection {
        while let connection = idle.popLast() {
            if connection.isUsable() { return connection }
            connection.close()
        }
        return try connect()
    }

    /// A new connection, on its way.
    func connect() throws(SystemError) -> BackendConnection {
        let descriptor =
            switch address {
            case .tcp(let address): try FileDescriptor.connecting(to: address)
            case .unix(let path): try FileDescriptor.connecting(toSocketAt: path)
            }
        return try BackendConnection(descriptor, of: self)
    }

    /// The connection's request is over, and another one may follow.
    func keep(_ connection: BackendConnection) {
        guard !isClosed, idle.count < Self.maximumIdle else { return connection.close() }
        idle.append(connection)
        connection.wait(seconds: Self.idleTime)
    }

    /// A waiting connection has ended.
    func remove(_ connection: BackendConnection) { idle.removeAll { $0 === connection } }

    /// Closes those that wait, and keeps none any more: the backend is gone. Requests that are in work go on.
    public func close() {
        isClosed = true
        let closing = idle
        idle = []
        for connection in closing { connection.close() }
    }
}
