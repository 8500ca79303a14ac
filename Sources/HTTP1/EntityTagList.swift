/// Lists of entity tags in `If-Match` and `If-None-Match` (RFC 9110, 13.1).
public enum EntityTagList {
    /// Whether `*` or the tag (with its quotes) stands in a list of tags. Without a tag only `*` matches. A list that
    /// breaks off into something else ends there.
    ///
    /// - Parameter isStrong: whether weak tags (`W/"…"`) of the list count for nothing.
    public static func list(_ list: Span<UInt8>, holds tag: [UInt8]?, isStrong: Bool) -> Bool {
        if list.count == 1, list[0] == 0x2A { return true }
        var index = 0
        while index < list.count {
            if list[index] == 0x20 || list[index] == 0x09 || list[index] == 0x2C {
                index += 1
                continue
            }
            let isWeak = index + 1 < list.count && list[index] == 0x57 && list[index + 1] == 0x2F
            let start = isWeak ? index + 2 : index
            guard start < list.count, list[start] == 0x22, let end = quote(list, behind: start) else { return false }
            if let tag, !(isWeak && isStrong), equals(list.extracting(start...end), tag.span) { return true }
            index = end + 1
        }
        return false
    }

    /// A tag without the sign of a weak one.
    public static func opaque(_ tag: Span<UInt8>) -> [UInt8] {
        let isWeak = tag.count > 1 && tag[0] == 0x57 && tag[1] == 0x2F
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tag.count)
        for index in (isWeak ? 2 : 0)..<tag.count { bytes.append(tag[index]) }
        return bytes
    }

    private static func quote(_ list: Span<UInt8>, behind start: Int) -> Int? {
        var index = start + 1
        while index < list.count {
            if list[index] == 0x22 { return index }
            index += 1
        }
        return nil
    }

    private static func equals(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        for index in one.indices where one[index] != other[index] { return false }
        return true
    }
}
