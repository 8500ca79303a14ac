import Platform

/// Entity tags (RFC 9110, 8.8.3) as IIS shapes them: `"` + time in hexadecimal + `:` + a second number + `"`.
enum EntityTag {
    /// The strong tag of a file's state: its last write in units of 100 ns since 1601, and its size.
    static func of(_ stamp: FileStamp) -> [UInt8] { Array("\"\(state(stamp))\"".utf8) }

    /// The strong tag of a file with something behind it.
    static func of(_ stamp: FileStamp, with footer: DocumentFooter.Text) -> [UInt8] {
        Array("\"\(state(stamp)):\(footer.state)\"".utf8)
    }

    /// What tells two states of a file apart.
    static func state(_ stamp: FileStamp) -> String {
        let written = UInt64(bitPattern: stamp.modified / 100 &+ 116_444_736_000_000_000)
        return String(written, radix: 16) + ":" + String(stamp.size, radix: 16)
    }
}
