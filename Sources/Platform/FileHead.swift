/// The beginning of a file.
public enum FileHead {
    /// Up to `count` bytes of the regular file that `path` leads to; nil for anything else.
    public static func read(_ path: String, atMost count: Int) throws(FileError) -> [UInt8]? {
        guard try FileStamp.ofRegularFile(path) != nil else { return nil }
        let file = try FileDescriptor.openForReading(path)
        guard try file.status(path).isRegularFile else { return nil }
        return try file.bytes(atMost: count, path)
    }
}
