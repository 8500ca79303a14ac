/// Reads response heads, as a client. Keeps its place while a head arrives in pieces, so that each byte is looked at twice
/// at most.
///
/// Lenient where RFC 9112 lets clients be: lines may end with LF alone (§2.2), a reason phrase and the space before it may
/// be missing (§4), white space may stand before a field's colon (§5.1), values may be folded (§5.2), and one
/// `Content-Length` may come several times (§6.3). Whatever leaves open where the body ends is refused.
public struct ResponseParser: Sendable {
    /// Status line and fields together (the ASP.NET Core Module's limit). Unit: bytes.
    public static let maximumHead = 65_536
    static let maximumFields = 2000

    /// Where the search for the head's end goes on.
    private var searched = 0
    private var lineStart = 0

    public init() {}

    /// Reads the head at the beginning of `bytes`; answers false, to be called again with more behind the same bytes,
    /// when it is not complete. Heads below 200 but 101 are followed by another one.
    ///
    /// - Parameter isHead: whether the request was HEAD, so that no body follows.
    public mutating func parse(
        _ bytes: Span<UInt8>, isHead: Bool, into response: inout ParsedResponse
    ) throws(ResponseError) -> Bool {
        guard let end = try findEnd(bytes) else { return false }
        response.length = end
        self = ResponseParser()
        let isHTTP11 = try parseStatusLine(bytes, end, into: &response)
        try parseFields(bytes, end, isHTTP11: isHTTP11, isHead: isHead, into: &response)
        return true
    }

    /// The offset behind the empty line that ends the head.
    private mutating func findEnd(_ bytes: Span<UInt8>) throws(ResponseError) -> Int? {
        let limit = min(bytes.count, Self.maximumHead)
        while searched < limit {
            guard bytes[searched] == Self.lf else {
                searched += 1
                continue
            }
            let length = searched - lineStart
            searched += 1
            if length == 0 || length == 1 && bytes[searched - 2] == Self.cr { return searched }
            lineStart = searched
        }
        // What cannot become a response is told so at once, not when its time is up.
        _ = try Self.version(bytes)
        guard bytes.count >= Self.maximumHead else { return nil }
        throw .headLength
    }

    private static let cr: UInt8 = 13
    private static let lf: UInt8 = 10
    /// `HTTP/1.`, the first byte lowest.
    private static let prefix: UInt64 = 0x2e_312f_5054_5448

    /// Whether the bytes begin with HTTP/1.1, or as many of them as are there; throws where they do with neither version.
    private static func version(_ bytes: Span<UInt8>) throws(ResponseError) -> Bool {
        for index in 0..<min(bytes.count, 7) {
            guard bytes[index] == UInt8(truncatingIfNeeded: prefix >> UInt64(8 * index)) else { throw .statusLine }
        }
        guard bytes.count > 7 else { return true }
        guard bytes[7] & 0xFE == 0x30 else { throw .statusLine }
        return bytes[7] == 0x31
    }

    /// `HTTP/1.1 200 OK`; answers whether it is 1.1.
    private func parseStatusLine(
        _ bytes: Span<UInt8>, _ end: Int, into response: inout ParsedResponse
    ) throws(ResponseError) -> Bool {
        let isHTTP11 = try Self.version(bytes)
        guard end > 13, bytes[8] == 32 else { throw .statusLine }
        var status: UInt16 = 0
        for index in 9..<12 {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { throw .statusLine }
            status = status * 10 + UInt16(digit)
        }
        guard status >= 100 else { throw .statusLine }
        response.status = status
        var position = 12
        if bytes[position] == 32 { position += 1 }
        let start = position
        while ByteClass.value.holds(bytes[position]) { position += 1 }
        // A phrase stands behind a space, or there is none.
        guard start == 13 || position == start else { throw .statusLine }
        response.reason = start..<position
        guard Self.isLineEnd(bytes, position) else { throw .statusLine }
        return isHTTP11
    }

    private static func isLineEnd(_ bytes: Span<UInt8>, _ position: Int) -> Bool {
        bytes[position] == lf || bytes[position] == cr && bytes[position + 1] == lf
    }

    private func parseFields(
        _ bytes: Span<UInt8>, _ end: Int, isHTTP11: Bool, isHead: Bool, into response: inout ParsedResponse
    ) throws(ResponseError) {
        var position = response.reason.upperBound
        position += bytes[position] == Self.cr ? 2 : 1
        let last = end - (bytes[end - 2] == Self.cr ? 2 : 1)
        var framing = ResponseFraming()
        response.fields.removeAll(keepingCapacity: true)
        while position < last {
            let field = try parseField(bytes, &position, last)
            guard response.fields.count < Self.maximumFields else { throw .headLength }
            response.fields.append(field)
            try framing.note(bytes, field)
        }
        try framing.conclude(isHTTP11: isHTTP11, isHead: isHead, into: &response)
    }

    /// Reads the field at `position` and moves on to the next one; `last` is where the empty line begins.
    private func parseField(
        _ bytes: Span<UInt8>, _ position: inout Int, _ last: Int
    ) throws(ResponseError) -> ParsedResponse.Field {
        let nameStart = position
        while ByteClass.token.holds(bytes[position]) { position += 1 }
        let name = nameStart..<position
        while Self.isWhiteSpace(bytes[position]) { position += 1 }
        guard !name.isEmpty, bytes[position] == UInt8(ascii: ":") else { throw .field }
        position += 1
        while Self.isWhiteSpace(bytes[position]) { position += 1 }
        let valueStart = position
        var valueEnd = position
        var isFolded = false
        while true {
            while ByteClass.value.holds(bytes[position]) { position += 1 }
            valueEnd = position
            guard Self.isLineEnd(bytes, position) else { throw .field }
            position += bytes[position] == Self.cr ? 2 : 1
            guard position < last, Self.isWhiteSpace(bytes[position]) else { break }
            isFolded = true
        }
        // Folds at either end stand for nothing.
        while valueEnd > valueStart, bytes[valueEnd - 1] <= 32 { valueEnd -= 1 }
        var start = valueStart
        while start < valueEnd, bytes[start] <= 32 { start += 1 }
        return ParsedResponse.Field(name: name, value: start..<valueEnd, isFolded: isFolded)
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
}
