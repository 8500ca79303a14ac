import Platform

/// Entity tags (RFC 9110, 8.8.3) as IIS shapes them: `"` + time in hexadecimal + `:` + a second number + `"`.
enum EntityTag {
    /// The strong tag of a file's state: its last write in units of 100 ns since 1601, and its size.
    static func of(_ stamp: FileStamp) -> [UInt8] {
        let written = UInt64(bitPattern: stamp.modified / 100 &+ 116_444_736_000_000_000)
        return Array("\"\(String(written, radix: 16)):\(String(stamp.size, radix: 16))\"".utf8)
    }
}
