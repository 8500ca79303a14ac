import Pipeline
import Platform
import Wire

/// Entity tags (RFC 9110, 8.8.3) as IIS shapes them: `"` + time in hexadecimal + `:` + a second number + `"`.
enum EntityTag {
    /// The strong tag of a file's state: its last write in units of 100 ns since 1601, and its size.
    static func of(_ stamp: FileStamp) -> [UInt8] {
        let written = UInt64(bitPattern: stamp.modified / 100 &+ 116_444_736_000_000_000)
        return Array("\"\(String(written, radix: 16)):\(String(stamp.size, radix: 16))\"".utf8)
    }

    /// Whether `*` or the tag stands in a list of tags. Without a tag only `*` matches. A list that breaks off into
    /// something else ends there.
    ///
    /// - Parameter isStrong: whether weak tags (`W/"…"`) of the list count for nothing.
    static func list(_ list: Span<UInt8>, holds tag: [UInt8]?, isStrong: Bool) -> Bool {
        if list.count == 1, list[0] == 0x2A { return true }
        var index = 0
        while index < list.count {
            if list[index] == 0x20 || list[index] == 0x09 || list[index] == 0x2C {
                index += 1
                continue
            }
            let isWeak = index + 1 < list.count && list[index] == 0x57 && list[index + 1] == 0x2F
            let start = isWeak ? index + 2 : index
            guard start < list.count, list[start] == 0x22, let end = list.firstIndex(of: 0x22, from: start + 1) else {
                return false
            }
            if let tag, !(isWeak && isStrong), list.extracting(start...end).equals(tag.span) { return true }
            index = end + 1
        }
        return false
    }
}
