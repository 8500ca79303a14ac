/// Makes a request's path what applications, virtual directories and files are found by: decoded once, without dot
/// segments, with `/` only. There is no other place where a path is decoded.
///
/// As HTTP.sys cooks: `%2F` and `%5C` count as the separators they stand for, `\` is `/`, several separators in a row
/// are one, dot segments are removed after decoding. Refused (400): a broken or `%u` escape, what is not UTF-8
/// (overlong forms included), control characters (U+0000 to U+001F, U+007F to U+009F), a path that climbs above the
/// root, segments of more than 260 characters or more than 255 of them.
public struct PathCooker: Sendable {
    /// HTTP.sys: UrlSegmentMaxLength. Unit: UTF-16 characters.
    static let maximumSegment = 260
    /// HTTP.sys: UrlSegmentMaxCount.
    static let maximumSegments = 255

    /// The cooked path; good until the next `cook`.
    public private(set) var path: [UInt8] = []

    public init() {}

    /// Cooks the bytes of `range`; an empty one is `/`.
    public mutating func cook(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestError) {
        path.removeAll(keepingCapacity: true)
        path.append(Self.slash)
        guard !range.isEmpty else { return }
        if range.count == 1, bytes[range.lowerBound] == UInt8(ascii: "*") {
            path[0] = UInt8(ascii: "*")
            return
        }
        var segment = Segment()
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = try Self.decode(bytes, &position, range.upperBound)
            if byte == Self.slash || byte == UInt8(ascii: "\\") {
                if try end(&segment) {
                    path.append(Self.slash)
                    segment.start = path.count
                }
                continue
            }
            guard byte >= 0x20, byte != 0x7f else { throw .url }
            if byte >= 0x80 { segment.hasHighBytes = true }
            path.append(byte)
        }
        _ = try end(&segment)
        if segment.hasHighBytes { try Self.checkText(path.span) }
    }

    private struct Segment {
        /// Where the segment begins in `path`, behind a separator.
        var start = 1
        /// How many there are before it.
        var count = 0
        /// Whether a byte of UTF-8 came in the path so far.
        var hasHighBytes = false
    }

    /// Ends the segment that `path` ends with; answers whether it stays, a dot segment and an empty one do not.
    private mutating func end(_ segment: inout Segment) throws(RequestError) -> Bool {
        let length = path.count - segment.start
        if length == 0 { return false }
        if length <= 2, path[segment.start] == Self.dot, path[path.count - 1] == Self.dot {
            path.removeLast(length)
            guard length == 2 else { return false }
            guard path.count > 1 else { throw .url }
            segment.start = path.count - 1
            while path[segment.start - 1] != Self.slash { segment.start -= 1 }
            // What a dot segment takes away must have been text too.
            if segment.hasHighBytes { try Self.checkText(path.span.extracting(segment.start..<path.count)) }
            path.removeLast(path.count - segment.start)
            segment.count -= 1
            return false
        }
        segment.count += 1
        guard segment.count <= Self.maximumSegments,
            length <= Self.maximumSegment || characterCount(from: segment.start) <= Self.maximumSegment
        else { throw .url }
        return true
    }

    /// How many UTF-16 characters the end of the path has; what is no UTF-8 is refused later.
    private func characterCount(from start: Int) -> Int {
        var count = 0
        for byte in path[start...] where byte & 0xc0 != 0x80 { count += byte >= 0xf0 ? 2 : 1 }
        return count
    }

    /// Checks that the bytes, which are not none, are UTF-8 without control characters of two bytes (U+0080 to U+009F).
    private static func checkText(_ text: Span<UInt8>) throws(RequestError) {
        let isText = (try? UTF8Span(validating: text)) != nil
        guard isText else { throw .url }
        for index in 1..<text.count where text[index - 1] == 0xc2 && text[index] < 0xa0 { throw .url }
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    private static func decode(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) throws(RequestError) -> UInt8 {
        let byte = bytes[position]
        position += 1
        guard byte == UInt8(ascii: "%") else { return byte }
        guard position + 2 <= end, let high = ByteClass.hexadecimal(bytes[position]),
            let low = ByteClass.hexadecimal(bytes[position + 1])
        else { throw .url }
        position += 2
        return high << 4 | low
    }
}
