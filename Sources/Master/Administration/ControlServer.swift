import Administration
import Delegation
import EventLoop
import Events
import HostModel
import Platform

/// Whoever does what administrators ask for.
protocol ControlSubject: AnyObject {
    /// Calls `answer` once, now or in a later turn. Events are not asked for here.
    func perform(
        _ operation: ControlRequest.Operation, for peer: PeerCredentials, answer: @escaping (ControlAnswer) -> Void)
    /// The same for a site's web.config, which whoever asks may have looked at or changed.
    func perform(
        _ order: WebConfigOrder, isAdministrator: Bool, for peer: PeerCredentials,
        answer: @escaping (ControlAnswer) -> Void)
    /// Which sites run in which pools.
    var model: HostModel { get }
}

/// The master's side of the control socket: takes connections, and sees that strangers, slow peers and crowds of them
/// cost nothing but their own connection.
final class ControlServer: ConnectionAcceptor {
    let loop: EventLoop
    let history: EventHistory
    /// The subject outlives the server.
    private unowned let subject: any ControlSubject
    private let stateFolder: String
    private let path: String
    private var listener: Listener?
    private var connections: [ObjectIdentifier: ControlConnection] = [:]
    private let alarm: EventAlarm
    private let admission: Admission
    private var places = ControlPlaces()
    private var refusals = RefusalCount()

    /// Listens at `control.sock` in the folder, whose lock the caller holds, in place of a socket that a killed master left.
    init(
        stateFolder: String, history: EventHistory, on loop: EventLoop, subject: any ControlSubject,
        admission: Admission
    ) throws(SystemError) {
        self.loop = loop
        self.history = history
        self.subject = subject
        self.admission = admission
        self.stateFolder = stateFolder
        path = "\(stateFolder)/\(ControlRequest.socketName)"
        alarm = try EventAlarm()
        let socket = try FileDescriptor.listening(in: stateFolder, named: ControlRequest.socketName)
        listener = try Listener(socket, on: loop, acceptor: self)
        try loop.register(alarm.descriptorNumber, self)
        let alarm = alarm
        history.whenChanged { alarm.ring() }
        admission.changed = { [unowned self] in open(to: $0) }
        admission.begin()
    }

    /// Others may connect than could before.
    private func open(to roster: Roster) {
        do throws(SystemError) {
            try ControlDoor.open(stateFolder, to: roster)
        } catch {
            history.record(
                Event(.delegationDoubt, "Only its owner and root can reach the server's control socket: \(error)."))
        }
        for connection in connections.values { connection.rosterChanged() }
    }

    /// Sites may be in other pools, or others': who follows his own alone asks again.
    func modelChanged() {
        for connection in connections.values { connection.modelChanged() }
    }

    /// Ends every conversation and takes the socket away. The folder's lock is still held.
    func close() {
        history.whenChanged(nil)
        admission.close()
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
        let caller = Caller(user: peer.user, groups: (try? connection.peerGroups()) ?? [])
        let isOwner = admission.isOwner(peer.user)
        let kind: ControlPlaces.Kind = isOwner ? .administrator : .unknown(user: peer.user)
        let place = places.take(kind) ? kind : nil
        guard let opened = try? ControlConnection(connection, from: peer, caller, at: place, of: self) else {
            if let place { places.leave(place) }
            return
        }
        connections[ObjectIdentifier(opened)] = opened
        guard place != nil else { return refuseCrowd(opened) }
        guard !isOwner else { return }
        opened.hold()
        admission.authority(of: caller) { [weak self, weak opened] authority in
            guard let self, let opened, opened.isHeld else { return }
            admit(opened, authority)
        }
    }

    private func admit(_ connection: ControlConnection, _ authority: Authority) {
        if let place = connection.place { places.leave(place) }
        connection.place = nil
        let user = connection.caller.user
        let kind: ControlPlaces.Kind
        switch authority {
        case .nothing:
            return connection.refuse(
                refused(Authority.strangerRefusal(user: user, admission.everybody), connection))
        case .everything: kind = .administrator
        case .scopes: kind = .delegate(user: user)
        }
        guard places.take(kind) else { return refuseCrowd(connection) }
        connection.place = kind
        connection.admit()
    }

    private func refuseCrowd(_ connection: ControlConnection) {
        connection.refuse(ControlRefusal(.busy, "Too many are connected to the server already; try again."))
    }

    /// Nothing to tell: it waits in the listener's queue until there is a descriptor for it.
    func acceptFailed(_ error: SystemError, by listener: Listener) {}

    func closed(_ connection: ControlConnection) {
        if let place = connection.place { places.leave(place) }
        connection.place = nil
        connections[ObjectIdentifier(connection)] = nil
    }

    func isOwner(_ user: UInt32) -> Bool { admission.isOwner(user) }
    var model: HostModel { subject.model }

    // MARK: Operations

    /// What the connection's peer may do now; the refusal where the operation is not among it.
    func authorize(
        _ operation: ControlRequest.Operation, of connection: ControlConnection,
        then completion: @escaping (Result<Authority, ControlRefusal>) -> Void
    ) {
        let caller = connection.caller
        admission.authority(of: caller) { [weak self, weak connection] authority in
            guard let self, let connection else { return }
            let refusal: ControlRefusal? =
                authority == .nothing
                ? Authority.strangerRefusal(user: caller.user, admission.everybody)
                : authority.refusal(of: operation, in: subject.model, admission.everybody)
            completion(refusal.map { .failure(refused($0, connection)) } ?? .success(authority))
        }
    }

    func perform(
        _ operation: ControlRequest.Operation, for connection: ControlConnection,
        answer: @escaping (ControlAnswer) -> Void
    ) {
        let peer = connection.peer
        authorize(operation, of: connection) { [unowned self] outcome in
            guard case .success(let authority) = outcome else {
                if case .failure(let refusal) = outcome { answer(.refused(refusal)) }
                return
            }
            switch operation {
            case .access:
                // Asking for the name may wait for a network.
                loop.perform {
                    ((try? Account.of(user: peer.user)) ?? nil)?.name ?? "\(peer.user)"
                } then: {
                    answer(.done(authority.members(user: peer.user, name: $0)))
                }
            case .webConfig(let order):
                subject.perform(order, isAdministrator: authority == .everything, for: peer, answer: answer)
            case .reload, .change:
                subject.perform(operation, for: peer) { [weak self] done in
                    // Who administrates what may be what was changed.
                    self?.admission.refresh(thoroughly: true, acceptsAbsence: operation == .reload) { answer(done) }
                }
            default:
                subject.perform(operation, for: peer) { [weak self] done in
                    guard let self else { return }
                    answer(authority.seen(done, to: operation, in: subject.model))
                }
            }
        }
    }

    /// Tells the log who was refused what.
    private func refused(_ refusal: ControlRefusal, _ connection: ControlConnection) -> ControlRefusal {
        let peer = connection.peer
        if let silent = refusals.refused(user: peer.user, now: MonotonicClock.nanoseconds()) {
            history.record(
                Event(
                    .operationRefused, "User \(peer.user) was refused: \(refusal.text)",
                    [.init("user", peer.user), .init("pid", peer.pid), .init("untold", silent)]))
        }
        return refusal
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
