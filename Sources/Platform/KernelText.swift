internal import Glibc

/// Small files that the system writes as they are read: /proc, /sys and control groups.
public enum KernelText {
    /// The first `limit` bytes of a file; nil where it is not there or cannot be read.
    public static func bytes(_ path: String, atMost limit: Int = 1 << 20) -> [UInt8]? {
        guard let file = try? FileDescriptor.open(path, O_RDONLY | O_NONBLOCK) else { return nil }
        return try? file.bytes(atMost: limit, path)
    }

    public static func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    /// A file of one number; nil for a word such as `max`.
    public static func number(_ path: String) -> UInt64? {
        text(path).flatMap { UInt64($0.prefix { !$0.isWhitespace }) }
    }

    /// What a symbolic link says; nil where it is none or cannot be read.
    public static func link(_ path: String) -> String? {
        var target = [UInt8](repeating: 0, count: 4096)
        let count = unsafe target.withUnsafeMutableBytes { buffer in
            // The array is not empty, so there is an address.
            unsafe readlink(path, buffer.baseAddress!.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        return count < 0 ? nil : String(decoding: target.prefix(count), as: UTF8.self)
    }
}
