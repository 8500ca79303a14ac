public import Platform

/// Reads what a site's log holds already.
public struct LogReader {
    /// Without a moment to begin at, so much is looked through for lines that are wanted. Unit: bytes.
    public static let reach: Int64 = 256 << 20
    private static let pieceSize = 1 << 18

    let folder: String
    let filter: LogFilter
    private(set) var output: LogOutput
    private let write: (String) -> Void
    /// What a filter asks about and the log does not have.
    public private(set) var missing: [String] = []
    /// Whether there is more of the log that was not looked through.
    public private(set) var isCut = false
    /// Files that could not be read, the first few.
    public private(set) var failures: [SystemError] = []

    /// `write` gets lines with their ends.
    public init(folder: String, filter: LogFilter, output: LogOutput, write: @escaping (String) -> Void) {
        self.folder = folder
        self.filter = filter
        self.output = output
        self.write = write
    }

    /// Shows the last `count` lines that are wanted; nil: all since `filter.since`. Answers how far each file is read, by
    /// name: of files that were not opened only where `isFollowed`.
    public mutating func show(last count: Int?, isFollowed: Bool = false) throws(SystemError) -> [String: LogPosition] {
        let entries = try LogFolderListing.newestFirst(folder)
        var ends: [String: LogPosition] = [:]
        guard let count else {
            let since = filter.since ?? 0
            // A file whose last line is older has none that is wanted.
            for entry in entries.reversed() {
                if entry.modified / 1_000_000_000 >= since {
                    ends[entry.name] = shown(entry)
                } else if isFollowed {
                    ends[entry.name] = passed(entry)
                }
            }
            return ends
        }
        var records: [LogRecord] = []
        var reach = Self.reach
        for entry in entries {
            let isPast = filter.since.map { entry.modified / 1_000_000_000 < $0 } ?? false
            guard records.count < count, reach > 0, !isPast else {
                if records.count < count, !isPast, !filter.isEmpty { isCut = true }
                guard isFollowed else { break }
                ends[entry.name] = passed(entry)
                continue
            }
            do throws(SystemError) {
                let file = try OpenLogFile("\(folder)/\(entry.name)")
                let end = try gather(count - records.count, from: file, into: &records, &reach)
                ends[entry.name] = LogPosition(stamp: file.stamp, offset: end)
            } catch {
                fail(error)
            }
        }
        for record in records.reversed() { write(output.text(record)) }
        return ends
    }

    /// The last of the file's lines that are wanted, the last first; answers where its whole lines end, as far
    /// as that was seen.
    private mutating func gather(
        _ count: Int, from file: borrowing OpenLogFile, into records: inout [LogRecord], _ reach: inout Int64
    ) throws(SystemError) -> Int64 {
        let size = try file.size()
        var offset = size
        var pending: [UInt8] = []
        var taken = 0
        var known = try LogSearch.columns(before: size, in: file)
        check(known?.columns)
        // Lines are read here and not by `BackwardLines` over a closure, which could not hold the file.
        var lines = BackwardPieces(length: size)
        while taken < count {
            guard let found = lines.next() else {
                guard let (start, wanted) = lines.wanted, reach > 0 else {
                    if lines.wanted != nil { isCut = isCut || !filter.isEmpty }
                    break
                }
                lines.take(try file.bytes(at: start, count: wanted))
                reach -= Int64(wanted)
                continue
            }
            offset = found.offset
            pending = found.line
            if let current = known, offset <= current.offset {
                known = try LogSearch.columns(before: current.offset, in: file)
            }
            guard pending.first != UInt8(ascii: "#"), !pending.isEmpty else { continue }
            let record = LogRecord(pending, known?.columns)
            guard filter.accepts(record) else {
                // Lines stand in the order of their times.
                if let since = filter.since, let seconds = record.seconds, seconds < since - Self.disorder { break }
                continue
            }
            records.append(record)
            taken += 1
        }
        return lines.end ?? size
    }

    /// So far may the time of a line lie before that of an earlier one. Unit: seconds.
    private static let disorder: Int64 = 5

    /// Where a file ends of which nothing is wanted. It is not opened: a site may have thousands of them.
    private func passed(_ entry: LogFolderListing.Entry) -> LogPosition? {
        let stamp = try? FileStamp.of("\(folder)/\(entry.name)")
        return stamp.map { LogPosition(stamp: $0, offset: $0.size) }
    }

    private mutating func shown(_ entry: LogFolderListing.Entry) -> LogPosition? {
        do throws(SystemError) {
            let file = try OpenLogFile("\(folder)/\(entry.name)")
            let size = try file.size()
            let start = try LogSearch.start(of: filter.since ?? 0, length: size, in: file)
            let end = try showForward(file, from: start, to: size)
            return LogPosition(stamp: file.stamp, offset: end)
        } catch {
            fail(error)
            return nil
        }
    }

    /// Shows what is wanted from an offset on, which may lie within a line; answers where the whole lines end.
    private mutating func showForward(
        _ file: borrowing OpenLogFile, from start: Int64, to size: Int64
    ) throws(SystemError) -> Int64 {
        var lines = ForwardLines(
            offset: start, columns: try LogSearch.columns(before: start, in: file)?.columns, isWithinLine: start > 0)
        check(lines.columns)
        while lines.position < size {
            let piece = try file.bytes(
                at: lines.position, count: Int(min(Int64(Self.pieceSize), size - lines.position)))
            guard !piece.isEmpty else { break }
            show(&lines, piece)
        }
        return lines.end
    }

    mutating func show(_ lines: inout ForwardLines, _ piece: [UInt8]) {
        for record in lines.take(piece) where filter.accepts(record) { write(output.text(record)) }
        check(lines.columns)
    }

    private mutating func check(_ columns: LogColumns?) {
        guard let columns else { return }
        for name in filter.missing(in: columns) where !missing.contains(name) { missing.append(name) }
    }

    mutating func fail(_ error: SystemError) { if failures.count < 5 { failures.append(error) } }
}

/// How far a file has been read.
public struct LogPosition: Equatable, Sendable {
    let stamp: FileStamp
    /// Unit: bytes.
    let offset: Int64

    /// Whether it is that file, as far as it was read at least.
    func isWithin(_ seen: FileStamp) -> Bool {
        seen.inode == stamp.inode && seen.device == stamp.device && seen.size >= offset
    }
}
