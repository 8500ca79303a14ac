public import HTTP1

/// What the bytes of one client connection say, read as the router reads them: head, path, body, next head, until a
/// request is refused, is the connection's last, or is not whole.
public struct RequestStream: Equatable, Sendable {
    public struct Field: Equatable, Sendable {
        public let name: [UInt8]
        public let value: [UInt8]
    }

    public struct Message: Equatable, Sendable {
        public let method: [UInt8]
        public let target: [UInt8]
        /// The host without port, as written; empty when none was named.
        public let host: [UInt8]
        /// The cooked path.
        public let path: [UInt8]
        public let isHTTP11: Bool
        public let keepsAlive: Bool
        public let fields: [Field]
        public fileprivate(set) var body: [UInt8] = []
        /// Where the next message begins: an offset into the stream. Nil while the body is not whole.
        public fileprivate(set) var end: Int?
    }

    public private(set) var messages: [Message] = []
    /// Why the connection ends behind `messages`.
    public private(set) var refusal: RequestError?

    private var parser = RequestParser()
    private var request = ParsedRequest()
    private var cooker = PathCooker()
    private var body = RequestBody.none

    /// Reads `bytes` as if they arrived `portion` at a time and a worker took `limit` bytes of a body at a time.
    public init(_ bytes: [UInt8], portion: Int = .max, limit: Int = .max) {
        var position = 0
        var available = 0
        do throws(RequestError) {
            while available < bytes.count, !isLast {
                available += min(portion, bytes.count - available)
                while !isLast, position < available {
                    let rest = bytes.span.extracting(position..<available)
                    let taken = isInBody ? try takeBody(rest, limit) : try takeHead(rest)
                    guard taken > 0 else { break }
                    position += taken
                    endMessage(at: position)
                }
            }
        } catch {
            refusal = error
        }
    }

    public static func == (one: RequestStream, other: RequestStream) -> Bool {
        one.messages == other.messages && one.refusal == other.refusal
    }

    private var isInBody: Bool { messages.last.map { $0.end == nil } ?? false }

    /// The connection's last message is whole.
    private var isLast: Bool { messages.last.map { $0.end != nil && !$0.keepsAlive } ?? false }

    private mutating func takeHead(_ bytes: Span<UInt8>) throws(RequestError) -> Int {
        guard try parser.parse(bytes, into: &request) else { return 0 }
        try cooker.cook(bytes, request.path)
        var fields: [Field] = []
        for field in request.fields {
            fields.append(Field(name: Self.copy(bytes, field.name), value: Self.copy(bytes, field.value)))
        }
        messages.append(
            Message(
                method: Self.copy(bytes, request.method), target: Self.copy(bytes, request.target),
                host: Self.copy(bytes, request.host), path: cooker.path, isHTTP11: request.isHTTP11,
                keepsAlive: request.keepsAlive, fields: fields))
        body = RequestBody(request.body)
        return request.length
    }

    private mutating func takeBody(_ bytes: Span<UInt8>, _ limit: Int) throws(RequestError) -> Int {
        let (taken, data) = try body.take(bytes, limit: limit)
        messages[messages.count - 1].body += Self.copy(bytes, data)
        return taken
    }

    private static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var copy: [UInt8] = []
        for index in range { copy.append(bytes[index]) }
        return copy
    }

    private mutating func endMessage(at position: Int) {
        if body.isOver { messages[messages.count - 1].end = position }
    }
}
