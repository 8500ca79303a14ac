/// The lines of a file from a place on, out of pieces that its caller reads.
struct ForwardLines {
    /// Where the next piece begins in the file. Unit: bytes.
    private(set) var position: Int64
    private(set) var columns: LogColumns?
    private var partial: [UInt8] = []
    /// Whether the bytes up to the next end of a line belong to no line.
    private var isSkipping: Bool

    /// `isWithinLine`: what stands before the first end of a line is the rest of one.
    init(offset: Int64, columns: LogColumns?, isWithinLine: Bool = false) {
        position = offset
        self.columns = columns
        isSkipping = isWithinLine
    }

    /// Where the whole lines end that were taken.
    var end: Int64 { position - Int64(partial.count) }

    /// Takes the next piece; answers the records that are whole now.
    mutating func take(_ piece: [UInt8]) -> [LogRecord] {
        position += Int64(piece.count)
        var records: [LogRecord] = []
        var rest = piece[...]
        while let newline = rest.firstIndex(of: 0x0A) {
            let line = partial + rest[..<newline]
            partial = []
            rest = rest[(newline + 1)...]
            defer { isSkipping = false }
            guard !isSkipping, !line.isEmpty else { continue }
            if line[0] == UInt8(ascii: "#") {
                columns = LogColumns(line: line) ?? columns
            } else {
                records.append(LogRecord(line, columns))
            }
        }
        partial += rest
        // No line is that long.
        if partial.count > BackwardPieces.longestLine { (partial, isSkipping) = ([], true) }
        return records
    }
}
