/// A response's head, as ranges of the bytes it was parsed from. Made once and filled again for each response.
public struct ParsedResponse: Sendable {
    public struct Field: Sendable {
        public var name: Range<Int>
        public var value: Range<Int>
        /// Whether the value goes on over several lines (RFC 9112 §5.2): each line's end and the white space around it
        /// stand for one space (`Span.unfolded`).
        public var isFolded = false
    }

    /// How the body is delimited (RFC 9112 §6.3).
    public enum Body: Equatable, Sendable {
        case none
        /// At least one byte.
        case length(UInt64)
        case chunked
        /// The connection's end is the body's.
        case untilClose
    }

    /// 100 to 999.
    public internal(set) var status: UInt16 = 0
    public internal(set) var reason = 0..<0
    public internal(set) var fields: [Field] = []
    public internal(set) var body = Body.none
    /// What `Content-Length` says, be there a body or not (HEAD, 304); nil without one that counts.
    public internal(set) var contentLength: UInt64?
    /// Whether another request may follow on this connection.
    public internal(set) var keepsAlive = true
    /// The head's length with the empty line that ends it.
    public internal(set) var length = 0

    public init() {}
}

/// A server's bytes that are no response of HTTP/1.
public enum ResponseError: Error, Equatable, Sendable, CaseIterable {
    /// The first line is no status line of HTTP/1.0 or 1.1.
    case statusLine
    /// A field's name or value is malformed.
    case field
    /// The head is longer than `ResponseParser.maximumHead`, or has too many fields.
    case headLength
    /// Fields contradict each other about where the body ends, or name a coding that is not known.
    case framing
}

extension Span<UInt8> {
    /// A folded value on one line.
    public var unfolded: [UInt8] {
        var bytes: [UInt8] = []
        var index = 0
        while index < count {
            let byte = self[index]
            index += 1
            guard byte == 13 || byte == 10 else {
                bytes.append(byte)
                continue
            }
            while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
            while index < count, [13, 10, 32, 9].contains(self[index]) { index += 1 }
            bytes.append(32)
        }
        return bytes
    }
}
