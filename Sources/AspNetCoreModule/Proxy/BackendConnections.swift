public import EventLoop
import Platform

/// A request that waits for room among the connections that its backend has not accepted yet.
protocol ConnectionSeeker: AnyObject {
    /// Whether it waits no more; it is forgotten then.
    func hasLeft() -> Bool
    /// Takes a connection, or gives up; answers false where there is still no room.
    func seek() -> Bool
}

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
    /// Those that wait for room, the first come first. A Unix socket whose listener lets no more connections wait says so
    /// at once (`EAGAIN`), where TCP waits by itself, and nobody tells when there is room again.
    private var seekers: [any ConnectionSeeker] = []
    private let timer = Timer()
    /// How soon it is tried again. Unit: nanoseconds.
    private static let pause: UInt64 = 5_000_000

    init(_ address: BackendAddress, on loop: EventLoop) {
        self.address = address
        self.loop = loop
    }

    /// How many connections wait.
    var idleCount: Int { idle.count }

    /// A connection for a request: one that waits, or a new one.
    ///
    /// One that the backend has ended is not used, nor one on which it said something unasked, which is no answer to a
    /// request that comes after.
    ///
    /// - Parameter isRepeatable: whether the request may be sent again where the backend ends the connection just now.
    func take(isRepeatable: Bool) throws(SystemError) -> BackendConnection {
        while let connection = idle.popLast() {
            if connection.isUsable(isRepeatable: isRepeatable) { return connection }
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

extension BackendConnections: TimerHandler {
    /// Whether requests wait for room.
    var isCrowded: Bool { !seekers.isEmpty }

    /// Asks `seeker` again when it is its turn.
    func wait(_ seeker: any ConnectionSeeker) {
        seekers.append(seeker)
        if seekers.count == 1 { loop.start(timer, after: Self.pause, self) }
    }

    public func timerFired(_ timer: Timer) {
        seekers.removeAll { $0.hasLeft() }
        var count = 0
        while count < seekers.count, seekers[count].seek() { count += 1 }
        seekers.removeFirst(count)
        if isCrowded { loop.start(timer, after: Self.pause, self) }
    }
}
