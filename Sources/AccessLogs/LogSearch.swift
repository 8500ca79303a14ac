internal import Platform

/// A log file that is open, of any size.
struct OpenLogFile: ~Copyable {
    let path: String
    let descriptor: FileDescriptor
    let stamp: FileStamp

    /// Follows no symbolic link and waits for nobody.
    init(_ path: String) throws(SystemError) {
        let file = try FileDescriptor.openToRead(path)
        let information = try FileInformation.of(file)
        guard information.kind == .regular else { throw SystemError("open", path, code: SystemError.unreadable) }
        self.init(path: path, descriptor: file, stamp: information.stamp)
    }

    private init(path: String, descriptor: consuming FileDescriptor, stamp: FileStamp) {
        self.path = path
        self.descriptor = descriptor
        self.stamp = stamp
    }

    borrowing func bytes(at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try descriptor.read(count, at: offset, into: &bytes)
        return bytes
    }

    /// Its size now. Unit: bytes.
    borrowing func size() throws(SystemError) -> Int64 { try FileInformation.of(descriptor).stamp.size }
}

/// Places in a log file.
enum LogSearch {
    /// Unit: bytes.
    private static let pieceSize = 1 << 20
    /// So far back a line `#Fields:` is looked for; farther back that of the file's beginning is taken. Unit: bytes.
    static let columnsReach: Int64 = 64 << 20

    /// What the lines before `offset` hold, and where the line that says so begins; nil where none says it.
    static func columns(
        before offset: Int64, in file: borrowing OpenLogFile, reach: Int64 = columnsReach
    ) throws(SystemError) -> (columns: LogColumns, offset: Int64)? {
        let mark = Array("#Fields:".utf8)
        var end = offset
        let limit = max(0, offset - reach)
        while end > limit {
            let start = max(limit, end - Int64(pieceSize))
            // A mark may lie across two pieces.
            let piece = try file.bytes(at: start, count: Int(end - start) + (end < offset ? mark.count : 0))
            if let found = last(mark, in: piece, isStart: start == 0), start + Int64(found) < offset {
                return try columns(at: start + Int64(found), in: file)
            }
            end = start
        }
        guard limit > 0 else { return nil }
        let head = try file.bytes(at: 0, count: pieceSize)
        var first = 0
        while let found = ByteSearch.find(mark.span, in: head.span, first..<head.count) {
            if found == 0 || head[found - 1] == 0x0A { return try columns(at: Int64(found), in: file) }
            first = found + 1
        }
        return nil
    }

    /// The last place where a line begins with `mark`.
    private static func last(_ mark: [UInt8], in piece: [UInt8], isStart: Bool) -> Int? {
        var last: Int?
        var first = 0
        while first < piece.count, let found = ByteSearch.find(mark.span, in: piece.span, first..<piece.count) {
            if found == 0 ? isStart : piece[found - 1] == 0x0A { last = found }
            first = found + 1
        }
        return last
    }

    private static func columns(
        at offset: Int64, in file: borrowing OpenLogFile
    ) throws(SystemError) -> (columns: LogColumns, offset: Int64)? {
        let line = try file.bytes(at: offset, count: 64 << 10).prefix { $0 != 0x0A }
        return LogColumns(line: line).map { ($0, offset) }
    }

    /// Where the line begins that is being written at `offset`: there, where the one before is whole. Where none begins
    /// so far back that the router could have written it, `offset` lies within what is no line.
    static func lineStart(
        before offset: Int64, in file: borrowing OpenLogFile
    ) throws(SystemError) -> (offset: Int64, isWithinLine: Bool) {
        var lines = BackwardPieces(length: offset)
        while lines.end == nil, let (start, count) = lines.wanted, offset - start <= Int64(BackwardPieces.longestLine) {
            lines.take(try file.bytes(at: start, count: count))
            _ = lines.next()
        }
        return lines.end.map { ($0, false) } ?? (offset, true)
    }

    /// Where the lines since a moment begin, or somewhat before it: the lines of a log stand in the order of their times.
    /// 0 where they do not begin with date and time.
    static func start(
        of since: Int64, length: Int64, in file: borrowing OpenLogFile
    ) throws(SystemError) -> Int64 {
        var (low, high): (Int64, Int64) = (0, length)
        while high - low > Int64(pieceSize) {
            let middle = low + (high - low) / 2
            let piece = try file.bytes(at: middle, count: pieceSize)
            // Behind the first end of a line.
            let lines = piece.drop { $0 != 0x0A }.dropFirst().split(separator: 0x0A, maxSplits: 1000)
            guard let seconds = lines.lazy.compactMap({ LogTime.seconds(ofLine: $0) }).first else { return low }
            if seconds < since { low = middle } else { high = middle }
        }
        return low
    }
}
