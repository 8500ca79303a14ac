internal import EventLoop
internal import Platform
internal import Wire

/// Sends a part of a worker's file as the body of a client's response.
///
/// What is in memory goes out by `sendfile` at the end of the turn; what is not is read by a file thread first.
final class FileTransfer: BodyTransfer {
    /// How much is looked at, read and sent at once. Unit: bytes.
    private static let pieceSize: Int64 = 1 << 18

    private let file: SharedFile
    private let part: FilePart
    private let files: LinkFiles
    /// Nil when it has ended.
    private var client: ClientConnection?
    private var offset: Int64
    private var missing: Int64
    /// Whether a file thread is at it.
    private(set) var isReading = false
    private var isBroken = false
    /// When it began, by the loop's clock; nil once a file thread had to read.
    private var startedAt: UInt64?

    /// `files` are those of the link that the file came by.
    init(_ file: SharedFile, _ part: FilePart, of files: LinkFiles, to client: ClientConnection) {
        self.file = file
        self.part = part
        self.files = files
        self.client = client
        offset = part.offset
        missing = part.length
        startedAt = client.router.loop.now
    }

    func send(to socket: borrowing FileDescriptor, limit: Int) throws(SystemError) -> SourceProgress {
        guard !isReading else { return .waits }
        guard missing > 0, !isBroken else { return .end }
        let count = Int(min(missing, Self.pieceSize))
        guard let client, file.isInMemory(offset..<offset + Int64(count), now: client.router.loop.now) else {
            read(count)
            return .waits
        }
        switch try file.file.send(to: socket, at: offset, count: min(count, limit)) {
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
        startedAt = nil
        files.read(file, count, at: offset) { [self] bytes in
            isReading = false
            guard let stream = client?.stream else { return }
            if bytes.isEmpty { isBroken = true }
            stream.output.append(contentsOf: bytes)
            advance(bytes.count)
            stream.flushLater()
        }
    }

    private func advance(_ count: Int) {
        offset += Int64(count)
        missing -= Int64(count)
        client?.sentBody(count)
    }

    func ended(on stream: BufferedStream) {
        let client = client
        if missing == 0, let startedAt { file.wasSent(part.offset..<part.offset + part.length, since: startedAt) }
        release()
        client?.transferEnded(isWhole: missing == 0)
    }

    /// The client is gone, or the response broke off.
    func cancel() { release() }

    private func release() {
        guard client != nil else { return }
        client = nil
        files.done(file)
    }
}
