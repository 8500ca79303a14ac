/// A body of pieces one behind the other: bytes, and parts of one open file.
///
/// What of the file is in memory is read at once, the rest by another thread, so that a slow disk stalls nobody. Holds
/// no more of the file than `chunk` bytes.
public final class PieceSource: BodySource {
    public enum Piece {
        case bytes([UInt8])
        /// Unit: bytes.
        case part(offset: Int64, length: Int64)

        public var length: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .part(_, let length): length
            }
        }
    }

    /// What another thread reads at once. Unit: bytes.
    private static let chunk: Int64 = 1 << 17

    public let length: Int64?
    private let file: OpenFile
    private let services: (any ModuleServices)?
    private let resume: () -> Void
    private var pieces: ArraySlice<Piece>
    /// Bytes that come before the next piece.
    private var ready: ArraySlice<UInt8> = []
    private var isReading = false
    private var isProducing = false
    private var hasFailed = false
    private var isCancelled = false

    /// - Parameters:
    ///   - services: nil where reading may wait.
    ///   - resume: called when there is more; the request's `resumeSending`.
    public init(
        _ pieces: [Piece], of file: OpenFile, _ services: (any ModuleServices)?, resume: @escaping () -> Void
    ) {
        length = pieces.reduce(0) { $0 + $1.length }
        self.pieces = pieces[...]
        self.file = file
        self.services = services
        self.resume = resume
    }

    public func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress {
        isProducing = true
        defer { isProducing = false }
        var room = limit
        while !isReading, !hasFailed, room > 0 {
            if !ready.isEmpty {
                let part = ready.prefix(room)
                bytes.append(contentsOf: part)
                ready = ready.dropFirst(part.count)
                room -= part.count
                continue
            }
            switch pieces.popFirst() {
            case nil: return end()
            case .bytes(let more): ready = more[...]
            case .part(let offset, let length):
                room -= read(offset, length, atMost: room, into: &bytes)
            }
        }
        if isReading { return .waiting }
        if hasFailed {
            close()
            return .failed
        }
        return pieces.isEmpty && ready.isEmpty ? end() : .more
    }

    private func end() -> BodyProgress {
        close()
        return .ended
    }

    private func close() {
        guard file.waitsToClose, let services else { return }
        let file = file
        services.perform {
            file.close()
        } then: { (_: Void) in
        }
    }

    /// Reads what comes next of the file, or begins to; answers how much is in `bytes`.
    private func read(_ offset: Int64, _ length: Int64, atMost room: Int, into bytes: inout [UInt8]) -> Int {
        let count = Int(min(Int64(room), length))
        switch file.read(count, at: offset, waiting: services == nil, into: &bytes) {
        case .bytes(let count):
            putBack(offset + Int64(count), length - Int64(count))
            return count
        case .mustWait:
            readElsewhere(offset, length)
            return 0
        // The file shrank or cannot be read: its length was promised.
        case .end, .failed:
            hasFailed = true
            return 0
        }
    }

    private func putBack(_ offset: Int64, _ length: Int64) {
        guard length > 0 else { return }
        pieces = [.part(offset: offset, length: length)] + pieces
    }

    private func readElsewhere(_ offset: Int64, _ length: Int64) {
        isReading = true
        let count = Int(min(Self.chunk, length))
        let file = file
        services?.perform {
            var bytes: [UInt8] = []
            _ = file.read(count, at: offset, waiting: true, into: &bytes)
            return bytes
        } then: { [self] (bytes: [UInt8]) in
            isReading = false
            guard !isCancelled else { return }
            hasFailed = bytes.isEmpty
            ready = bytes[...]
            putBack(offset + Int64(bytes.count), length - Int64(bytes.count))
            if !isProducing { resume() }
        }
    }

    public func cancel() {
        isCancelled = true
        pieces = []
        ready = []
        close()
    }
}
