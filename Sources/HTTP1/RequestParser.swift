/// Reads request heads. Keeps its place while a head arrives in pieces, so that each byte is looked at twice at most.
public struct RequestParser: Sendable {
    /// Request line and fields together (HTTP.sys: MaxRequestBytes, MaxFieldLength). Unit: bytes.
    public static let maximumHead = 16384
    /// As many fields as a head can pass on.
    static let maximumFields = 2000

    /// Where the search for the head's end goes on.
    private var searched = 0
    private var lineStart = 0
    /// Where the request line begins, behind empty lines.
    private var start = 0

    public init() {}

    /// Whether a request has begun and not ended: bytes of it are waiting.
    public var isInHead: Bool { searched > start }

    /// Reads the head at the beginning of `bytes`; answers false, to be called again with more behind the same bytes,
    /// when it is not complete.
    public mutating func parse(_ bytes: Span<UInt8>, into request: inout ParsedRequest) throws(RequestError) -> Bool {
        guard let end = try findEnd(bytes) else { return false }
        request.length = end
        let head = start..<end
        self = RequestParser()
        try parseHead(bytes, head, into: &request)
        return true
    }

    /// The offset behind the empty line that ends the head.
    private mutating func findEnd(_ bytes: Span<UInt8>) throws(RequestError) -> Int? {
        let limit = min(bytes.count, Self.maximumHead)
        while searched < limit {
            guard bytes[searched] == Self.lf else {
                searched += 1
                continue
            }
            guard searched > lineStart, bytes[searched - 1] == Self.cr else { throw .lineEnding }
            let isEmptyLine = searched - lineStart == 1
            searched += 1
            guard isEmptyLine else {
                lineStart = searched
                continue
            }
            // Empty lines before a request line are passed over (RFC 9112 §2.2).
            guard lineStart == start else { return searched }
            start = searched
            lineStart = searched
        }
        // What cannot become a request (a TLS greeting, for one) is told so at once, not when its time is up.
        if start < bytes.count, bytes[start] != Self.cr, !ByteClass.token.holds(bytes[start]) { throw .verb }
        guard bytes.count >= Self.maximumHead else { return nil }
        throw lineStart == start ? .urlLength : .requestLength
    }

    private static let cr: UInt8 = 13
    private static let lf: UInt8 = 10
    private static let space: UInt8 = 32
    private static let tab: UInt8 = 9

    private func parseHead(
        _ bytes: Span<UInt8>, _ head: Range<Int>, into request: inout ParsedRequest
    ) throws(RequestError) {
        var position = try parseRequestLine(bytes, head, into: &request)
        var facts = FieldFacts()
        request.fields.removeAll(keepingCapacity: true)
        // The last two bytes are the empty line.
        while position < head.upperBound - 2 {
            let field = try parseField(bytes, &position)
            guard request.fields.count < Self.maximumFields else { throw .requestLength }
            request.fields.append(field)
            try facts.note(bytes, field)
        }
        try facts.conclude(bytes, &request)
    }

    /// Reads the request line and answers where the first field begins.
    private func parseRequestLine(
        _ bytes: Span<UInt8>, _ head: Range<Int>, into request: inout ParsedRequest
    ) throws(RequestError) -> Int {
        var end = head.lowerBound
        while bytes[end] != Self.space {
            guard ByteClass.token.holds(bytes[end]) else { throw .verb }
            end += 1
        }
        guard end > head.lowerBound else { throw .verb }
        request.method = head.lowerBound..<end
        request.isHead = bytes.holds(request.method, exactly: "HEAD")
        let targetStart = end + 1
        end = targetStart
        while ByteClass.target.holds(bytes[end]) { end += 1 }
        guard end > targetStart, bytes[end] == Self.space else { throw .url }
        request.target = targetStart..<end
        let version = (end + 1)..<(end + 9)
        guard version.upperBound + 2 <= head.upperBound, bytes[version.upperBound] == Self.cr,
            bytes[version.upperBound + 1] == Self.lf,
            bytes.holds(version.lowerBound..<(version.lowerBound + 5), exactly: "HTTP/"),
            (0x30...0x39).contains(bytes[version.lowerBound + 5]), bytes[version.lowerBound + 6] == UInt8(ascii: "."),
            (0x30...0x39).contains(bytes[version.lowerBound + 7])
        else { throw .badRequest }
        let minor = bytes[version.lowerBound + 7]
        guard bytes[version.lowerBound + 5] == UInt8(ascii: "1"), minor <= UInt8(ascii: "1") else { throw .version }
        request.isHTTP11 = minor == UInt8(ascii: "1")
        return version.upperBound + 2
    }

    /// Reads the field at `position` and moves on to the next line.
    private func parseField(_ bytes: Span<UInt8>, _ position: inout Int) throws(RequestError) -> ParsedRequest.Field {
        let nameStart = position
        while ByteClass.token.holds(bytes[position]) { position += 1 }
        let name = nameStart..<position
        // White space before the colon and folded lines (a line that begins with white space) end here too.
        guard !name.isEmpty, bytes[position] == UInt8(ascii: ":") else { throw .header }
        position += 1
        while Self.isWhiteSpace(bytes[position]) { position += 1 }
        let valueStart = position
        while ByteClass.value.holds(bytes[position]) { position += 1 }
        // What ends a value is the end of its line, and nothing else.
        guard bytes[position] == Self.cr, bytes[position + 1] == Self.lf else { throw .header }
        var valueEnd = position
        while valueEnd > valueStart, Self.isWhiteSpace(bytes[valueEnd - 1]) { valueEnd -= 1 }
        position += 2
        return ParsedRequest.Field(name: name, value: valueStart..<valueEnd)
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == space || byte == tab }
}
