internal import EventLoop
internal import Platform

/// Sends the body of a kept response as it lies in the cache.
final class CachedBody: BodyTransfer {
    /// A smaller body is copied behind its head instead, where it goes out with others. Unit: bytes.
    static let minimumSize = 1 << 14

    private let response: CachedResponse
    /// Nil when it has ended.
    private var client: ClientConnection?
    private var sent = 0
    var isReading: Bool { false }

    init(_ response: CachedResponse, to client: ClientConnection) {
        self.response = response
        self.client = client
    }

    func send(to socket: borrowing FileDescriptor, limit: Int) throws(SystemError) -> SourceProgress {
        let body = response.body
        guard sent < body.count else { return .end }
        let rest = body.span.extracting(droppingFirst: sent)
        guard case .bytes(let count) = try socket.send(rest.extracting(first: min(limit, rest.count))) else {
            return .wouldBlock
        }
        sent += count
        client?.sentBody(count)
        return .bytes(count)
    }

    func ended(on stream: BufferedStream) {
        let client = client
        self.client = nil
        client?.transferEnded(isWhole: true)
    }

    func cancel() { client = nil }
}
