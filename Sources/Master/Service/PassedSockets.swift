import Events
import Platform

/// Listening sockets that are open already, for the endpoints that they fit: those of the service manager (socket
/// activation), and those that a session's own command holds.
///
/// They stay open as long as the master runs: they are the service manager's too, and connections wait in them.
final class PassedSockets {
    private final class Socket {
        let descriptor: FileDescriptor
        let name: String
        let address: SocketAddress?
        var isUsed = false

        init(_ socket: consuming ActivatedSocket) {
            name = socket.name
            address = socket.address
            descriptor = socket.descriptor
        }
    }

    private let sockets: [Socket]
    private let held: [HeldSocket]

    /// Takes what was passed to this process.
    init(holding held: [HeldSocket] = []) {
        self.held = held
        var sockets: [Socket] = []
        ActivatedSocket.takeAll { sockets.append(Socket($0)) }
        self.sockets = sockets
    }

    /// A socket that listens at the address: one that is open, or a new one.
    func listen(at address: SocketAddress) throws(SystemError) -> FileDescriptor {
        if let passed = try socket(at: address) { return passed }
        return try .listening(at: address)
    }

    /// The socket that listens at the address, as a descriptor of its own; nil where none is open.
    ///
    /// For every address (`::`) one that listens at all IPv4 addresses will do: nothing else could listen beside it.
    private func socket(at address: SocketAddress) throws(SystemError) -> FileDescriptor? {
        if let own = held.first(where: { $0.address == address }) { return try own.descriptor.duplicate() }
        let isAny = address == .any(port: address.port)
        guard
            let socket = sockets.first(where: { $0.address == address })
                ?? sockets.first(where: { isAny && $0.address == .anyIPv4(port: address.port) })
        else { return nil }
        socket.isUsed = true
        return try socket.descriptor.duplicate()
    }

    /// Tells of those that no endpoint of the configuration has asked for.
    func reportUnused(to log: any EventRecorder) {
        for socket in sockets where !socket.isUsed {
            let name = socket.name.isEmpty ? "A socket" : "The socket \"\(socket.name)\""
            let place =
                socket.address == nil
                ? "is no listening TCP socket"
                : "listens at port \(socket.address?.port ?? 0), which no binding names so"
            log.record(Event(.passedSocketUnused, "\(name) that the service manager passed \(place); it is not used."))
        }
    }
}

extension SocketAddress {
    /// 0.0.0.0
    fileprivate static func anyIPv4(port: UInt16) -> SocketAddress {
        SocketAddress(high: 0, low: 0xffff_0000_0000, port: port)
    }
}
