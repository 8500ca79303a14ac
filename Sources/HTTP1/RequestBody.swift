/// How much of a request's body is still to come, and in which framing.
public enum RequestBody: Sendable {
    case none
    case length(UInt64)
    case chunked(ChunkedDecoder, isOver: Bool)

    /// The body that follows a head.
    public init(_ framing: ParsedRequest.Body) {
        switch framing {
        case .none: self = .none
        case .length(let length): self = .length(length)
        case .chunked: self = .chunked(ChunkedDecoder(), isOver: false)
        }
    }

    public var isOver: Bool {
        switch self {
        case .none: true
        case .length(let missing): missing == 0
        case .chunked(_, let isOver): isOver
        }
    }

    /// Takes framing and at most `limit` bytes of the body; answers how many bytes were taken and which are the body's.
    /// Taking nothing means that more must arrive.
    public mutating func take(
        _ bytes: Span<UInt8>, limit: Int = .max
    ) throws(RequestError) -> (taken: Int, data: Range<Int>) {
        switch self {
        case .none: return (0, 0..<0)
        case .length(let missing):
            let count = Int(min(missing, UInt64(min(bytes.count, limit))))
            self = .length(missing - UInt64(count))
            return (count, 0..<count)
        case .chunked(var decoder, _):
            var position = 0
            let step = try decoder.next(bytes, &position, limit: limit)
            self = .chunked(decoder, isOver: step == .end)
            guard case .data(let data) = step else { return (position, 0..<0) }
            return (position, data)
        }
    }
}
