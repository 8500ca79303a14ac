import Administration
import EventLoop
import Events
import Platform

/// Whoever does what administrators ask for.
protocol ControlSubject: AnyObject {
    /// Calls `answer` once, now or in a later turn. Events are not asked for here.
    func perform(
        _ operation: ControlRequest.Operation, for peer: PeerCredentials, answer: @escaping (ControlAnswer) -> Void)
}

/// The master's side of the control socket: takes connections, and sees that strangers, slow peers and crowds of them
/// cost nothing but their own connection.
final class ControlServer: ConnectionAcceptor {
    /// Beyond so many, a connection is refused at once.
    static let maximumConnections = 32

    let loop: EventLoop
    let history: EventHistory
    /// The subject outlives the server.
    private unowned let subject: any ControlSubject
    private let user: UInt32
    private let path: String
    private var listener: Listener?
    private var connections: [ObjectIdentifier: ControlConnection] = [:]
    private let alarm: EventAlarm
    private let acceptsUser: (UInt32) -> Bool

    /// Listens at `control.sock` in the folder, whose lock the caller holds, in place of a socket that a killed master left.
    init(
        stateFolder: String, history: EventHistory, on loop: EventLoop, subject: any ControlSubject,
        acceptsUser: @escaping (UInt32) -> Bool = { $0 == 0 || $0 == CurrentProcess.user }
    ) throws(SystemError) {
        self.loop = loop
        self.history = history
        self.subject = subject
        self.acceptsUser = acceptsUser
        user = CurrentProcess.user
        path = "\(stateFolder)/\(ControlRequest.socketName)"
        alarm = try EventAlarm()
        let socket = try FileDescriptor.listening(in: stateFolder, named: ControlRequest.socketName)
        listener = try Listener(socket, on: loop, acceptor: self)
        try loop.register(alarm.descriptorNumber, self)
        let alarm = alarm
        history.whenChanged { alarm.ring() }
    }

    /// Ends every conversation and takes the socket away. The folder's lock is still held.
    func close() {
        history.whenChanged(nil)
        listener?.close()
        listener = nil
        loop.unregister(alarm.descriptorNumber)
        for connection in connections.values { connection.close() }
        try? Folder.removeFile(path)
    }

    // MARK: Connections

    func accepted(_ connection: consuming FileDescriptor, from remote: SocketAddress, by listener: Listener) {
        // One that cannot say who it is has gone already.
        guard let peer = try? connection.peer() else { return }
        let isAllowed = acceptsUser(peer.user)
        let isCrowded = connections.count >= Self.maximumConnections
        guard let opened = try? ControlConnection(connection, from: peer, of: self) else { return }
        connections[ObjectIdentifier(opened)] = opened
        guard isAllowed else {
            return opened.refuse(
                ControlRefusal(
                    .denied, "User \(peer.user) may not administrate this server, which runs as user \(user)."))
        }
        if isCrowded {
            opened.refuse(
                ControlRefusal(.busy, "\(Self.maximumConnections) administrators are connected already."))
        }
    }

    /// Nothing to tell: it waits in the listener's queue until there is a descriptor for it.
    func acceptFailed(_ error: SystemError, by listener: Listener) {}

    func closed(_ connection: ControlConnection) { connections[ObjectIdentifier(connection)] = nil }

    func perform(
        _ operation: ControlRequest.Operation, for peer: PeerCredentials, answer: @escaping (ControlAnswer) -> Void
    ) {
        subject.perform(operation, for: peer, answer: answer)
    }
}

extension ControlServer: ReadinessHandler {
    /// There are new events.
    func ready(_ readiness: Readiness) {
        alarm.clear()
        for connection in connections.values { connection.eventsChanged() }
    }
}

/// Wakes the loop when there are new events, from whatever thread they come.
private final class EventAlarm: Sendable {
    private let wakeUp: WakeUp

    init() throws(SystemError) { wakeUp = try WakeUp() }

    var descriptorNumber: Int32 { wakeUp.descriptor.number }

    func ring() { wakeUp.signal() }

    func clear() { wakeUp.clear() }
}
