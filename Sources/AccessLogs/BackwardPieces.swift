/// The whole lines of a file from its end to its beginning, out of pieces that its caller reads.
///
/// What stands behind the last end of a line is no line: somebody writes it. A stretch without any is no line either.
struct BackwardPieces {
    /// Unit: bytes.
    private static let pieceSize: Int64 = 64 << 10
    /// A longer line is none of the router's (a line has 64 KB at most). Unit: bytes.
    static let longestLine = 1 << 20

    /// Where the bytes that are here begin in the file.
    private var position: Int64
    private var bytes: [UInt8] = []
    /// Whether the bytes up to the end of the line before belong to no line.
    private var isSkipping = true
    /// Where the last whole line ends; nil where nobody has come to it.
    private(set) var end: Int64?

    /// Of the first `length` bytes of the file.
    init(length: Int64) {
        position = length
        if length == 0 { end = 0 }
    }

    /// The piece that is to be read next; nil at the beginning of the file.
    var wanted: (start: Int64, count: Int)? {
        let count = min(Self.pieceSize, position)
        return count > 0 ? (position - count, Int(count)) : nil
    }

    /// Takes the piece that was wanted. A shorter one ends it: the file was cut meanwhile.
    mutating func take(_ piece: [UInt8]) {
        guard let wanted, piece.count == wanted.count else {
            (position, bytes, isSkipping) = (0, [], true)
            return
        }
        if bytes.count > Self.longestLine { (bytes, isSkipping) = ([], true) }
        position = wanted.start
        bytes = piece + bytes
    }

    /// The line before, without its end, and where it begins; nil where a piece is wanted first, or at the beginning.
    mutating func next() -> (line: [UInt8], offset: Int64)? {
        while let newline = bytes.lastIndex(of: 0x0A) {
            let offset = position + Int64(newline) + 1
            if end == nil { end = offset }
            let line = isSkipping ? nil : Array(bytes[(newline + 1)...])
            isSkipping = false
            bytes.removeSubrange(newline...)
            if let line { return (line, offset) }
        }
        guard position == 0 else { return nil }
        if end == nil { end = 0 }
        defer { (bytes, isSkipping) = ([], true) }
        return isSkipping ? nil : (bytes, 0)
    }
}
