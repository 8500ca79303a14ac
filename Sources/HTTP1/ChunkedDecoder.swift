/// Takes a chunked body apart (RFC 9112 §7.1). Extensions and trailers are checked and dropped.
public struct ChunkedDecoder: Sendable {
    /// What comes next in the bytes at hand.
    public enum Step: Equatable, Sendable {
        /// Bytes of the body.
        case data(Range<Int>)
        /// Nothing before more arrives.
        case needsMore
        /// The body and its trailers are over.
        case end
    }

    private enum State {
        case size
        case data
        case dataEnd
        case trailers
        case end
    }

    /// The longest size line, and the largest trailers together. Unit: bytes.
    static let maximumLine = 4096
    static let maximumTrailers = 16384

    private var state = State.size
    private var remaining: UInt64 = 0
    private var trailers = 0

    public init() {}

    /// Takes the next step from `position`, moving it behind what was taken; data are at most `limit` bytes.
    public mutating func next(
        _ bytes: Span<UInt8>, _ position: inout Int, limit: Int = .max
    ) throws(RequestError) -> Step {
        while true {
            switch state {
            case .size:
                guard let line = try Self.line(bytes, position, limit: Self.maximumLine) else { return .needsMore }
                remaining = try Self.size(bytes, line)
                position = line.upperBound + 2
                state = remaining == 0 ? .trailers : .data
            case .data:
                guard position < bytes.count else { return .needsMore }
                let count = Int(min(remaining, UInt64(min(bytes.count - position, limit))))
                let data = position..<(position + count)
                position = data.upperBound
                remaining -= UInt64(count)
                if remaining == 0 { state = .dataEnd }
                return .data(data)
            case .dataEnd:
                guard position < bytes.count else { return .needsMore }
                guard bytes[position] == 13 else { throw .lineEnding }
                guard position + 1 < bytes.count else { return .needsMore }
                guard bytes[position + 1] == 10 else { throw .lineEnding }
                position += 2
                state = .size
            case .trailers:
                guard let line = try Self.line(bytes, position, limit: Self.maximumTrailers) else { return .needsMore }
                position = line.upperBound + 2
                guard !line.isEmpty else {
                    state = .end
                    continue
                }
                trailers += line.count
                guard trailers <= Self.maximumTrailers else { throw .requestLength }
                try Self.checkField(bytes, line)
            case .end: return .end
            }
        }
    }

    /// The line at `start` without its CR LF; nil when it is not complete.
    private static func line(_ bytes: Span<UInt8>, _ start: Int, limit: Int) throws(RequestError) -> Range<Int>? {
        var end = start
        while end < bytes.count {
            guard end - start <= limit else { throw .requestLength }
            switch bytes[end] {
            case 10: throw .lineEnding
            case 13:
                guard end + 1 < bytes.count else { return nil }
                guard bytes[end + 1] == 10 else { throw .lineEnding }
                return start..<end
            default: end += 1
            }
        }
        return nil
    }

    /// `1a` or `1a;name=value`: hexadecimal digits at once, at most 15 of them, no white space.
    private static func size(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(RequestError) -> UInt64 {
        var size: UInt64 = 0
        var position = line.lowerBound
        while position < line.upperBound, let digit = ByteClass.hexadecimal(bytes[position]) {
            guard position - line.lowerBound < 15 else { throw .number }
            size = size << 4 | UInt64(digit)
            position += 1
        }
        guard position > line.lowerBound else { throw .number }
        guard position < line.upperBound else { return size }
        guard bytes[position] == UInt8(ascii: ";") else { throw .number }
        for index in position..<line.upperBound where !ByteClass.value.holds(bytes[index]) { throw .header }
        return size
    }

    private static func checkField(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(RequestError) {
        var position = line.lowerBound
        while position < line.upperBound, ByteClass.token.holds(bytes[position]) { position += 1 }
        guard position > line.lowerBound, position < line.upperBound, bytes[position] == UInt8(ascii: ":") else {
            throw .header
        }
        for index in position..<line.upperBound where !ByteClass.value.holds(bytes[index]) { throw .header }
    }
}
