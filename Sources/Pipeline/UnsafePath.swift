/// Texts of URL paths that never reach the file system, because some system reads them as another name.
///
/// Windows drops dots and spaces at the end of a name and reads `name::$DATA` as `name`; rules written for one
/// spelling would miss the other. Such a path names nothing, so what looks for a file answers 404.
package enum UnsafePath {
    static func isUnsafe(_ path: Span<UInt8>) -> Bool {
        guard path.count > 0, path[0] == 0x2F else { return true }
        return isUnsafe(name: path.extracting(droppingFirst: 1))
    }

    /// The same of what stands behind a path's slash.
    package static func isUnsafe(name: Span<UInt8>) -> Bool {
        var last: UInt8 = 0x2F
        for index in name.indices {
            let byte = name[index]
            if byte < 0x20 || byte == 0x7F || byte == 0x5C { return true }
            if byte == 0x2F {
                if last == 0x2F || endsName(last) { return true }
            } else if byte == 0x24, index >= 2, last == 0x3A, name[index - 2] == 0x3A {
                return true
            }
            last = byte
        }
        return endsName(last)
    }

    /// A dot or a space, which cannot end a name. `.` and `..` end with one.
    private static func endsName(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0x20 }
}
