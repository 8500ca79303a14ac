import EventLoop
import Platform

@testable import AspNetCoreModule

/// A backend on loopback, or on a Unix socket, that says what the test says.
final class ScriptedBackend: ConnectionAcceptor {
    /// One connection: what came on it, and what goes out.
    final class Connection: StreamHandler {
        private(set) var bytes: [UInt8] = []
        private(set) var hasEnded = false
        private(set) var hasFailed = false
        /// As many bytes are taken before the stream is read no further.
        var limit = Int.max
        let stream: BufferedStream

        init(_ descriptor: consuming FileDescriptor, on loop: EventLoop) throws {
            stream = BufferedStream(descriptor, on: loop)
            try stream.open(self)
        }

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var isOver: Bool { hasEnded || hasFailed }

        func say(_ text: String) { say(Array(text.utf8)) }
        func say(_ bytes: [UInt8]) { stream.write(bytes.span) }

        /// Forgets what came.
        func forget() { bytes = [] }

        func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
            unsafe bytes.withUnsafeBufferPointer { unsafe self.bytes.append(contentsOf: $0) }
            if self.bytes.count >= limit { stream.pause() }
            return bytes.count
        }

        func receivedEnd(from stream: BufferedStream) { hasEnded = true }
        func failed(_ error: SystemError, on stream: BufferedStream) { hasFailed = true }
        func drained(_ stream: BufferedStream) {}
        func closed(_ stream: BufferedStream) {}
    }

    private(set) var connections: [Connection] = []
    let address: BackendAddress
    private let loop: EventLoop
    private var listener: Listener?
    /// Until it is listened on.
    private var socket: FileDescriptor?

    init(on loop: EventLoop, socketIn folder: String? = nil) throws {
        self.loop = loop
        if let folder {
            socket = try FileDescriptor.listening(in: folder, named: "backend")
            address = .unix("\(folder)/backend")
        } else {
            let socket = try FileDescriptor.listening(at: .loopback(port: 0))
            address = .tcp(.loopback(port: try socket.localAddress().port))
            self.socket = consume socket
        }
    }

    /// Accepts connections from now on.
    func listen() throws {
        guard let socket = socket.take() else { return }
        listener = try Listener(socket, on: loop, acceptor: self)
    }

    /// Nobody listens any more.
    func stopListening() { listener?.close() }

    func accepted(_ connection: consuming FileDescriptor, from remote: SocketAddress, by listener: Listener) {
        guard let connection = try? Connection(connection, on: loop) else { return }
        connections.append(connection)
    }

    func acceptFailed(_ error: SystemError, by listener: Listener) {}
}
