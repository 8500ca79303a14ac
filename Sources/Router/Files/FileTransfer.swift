internal import EventLoop
internal import Platform
internal import Wire

/// Sends a part of a worker's file as the body of a client's response.
///
/// What is in memory goes out by `sendfile` at the end of the turn; what is not is read by a file thread first.
final class FileTransfer: BodyTransfer {
    /// How much is looked at, read and sent at once. Unit: bytes.
    private static let pieceSize: Int64 = 1 << 18

    private let file: HandedFile
    private let link: Link
    /// Nil when it has ended.
    private var client: ClientConnection?
    private var offset: Int64
    private var missing: Int64
    /// Whether a file thread is at it.
    private(set) var isReading = false
    private var isBroken = false

    /// `link` is the one that the file came by.
    init(_ file: HandedFile, from link: Link, to client: ClientConnection) {
        self.file = file
        self.link = link
        self.client = client
        offset = file.part.offset
        missing = file.part.length
    }

    func send(to socket: borrowing FileDescriptor, limit: Int) throws(SystemError) -> SourceProgress {
        guard !isReading else { return .waits }
        guard missing > 0, !isBroken else { return .end }
        let count = Int(min(missing, Self.pieceSize))
        guard file.isInMemory(at: offset, count: count) else {
            read(count)
            return .waits
        }
        switch try file.send(to: socket, at: offset, count: min(count, limit)) {
        case .bytes(let sent):
            advance(sent)
            return .bytes(sent)
        case .wouldBlock: return .wouldBlock
        case .end:
            isBroken = true
            return .end
        }
    }

    private func read(_ count: Int) {
        isReading = true
        let (file, offset) = (file, offset)
        link.files.perform(
            for: link.pool.id, { file.read(count, at: offset) },
            then: { [self] bytes in
                isReading = false
                guard let stream = client?.stream else { return }
                if bytes.isEmpty { isBroken = true }
                stream.output.append(contentsOf: bytes)
                advance(bytes.count)
                stream.flushLater()
            })
    }

    private func advance(_ count: Int) {
        offset += Int64(count)
        missing -= Int64(count)
        client?.sentBody(count)
    }

    func ended(on stream: BufferedStream) {
        let client = client
        release()
        client?.transferEnded(isWhole: missing == 0)
    }

    /// The client is gone, or the response broke off.
    func cancel() { release() }

    private func release() {
        guard client != nil else { return }
        client = nil
        link.fileDone(file)
    }
}
