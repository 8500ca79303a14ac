internal import Glibc

/// Descriptor 0, for a command that takes what another one prints.
public enum StandardInput {
    /// All of it; nil where it is longer than `limit` bytes.
    public static func read(limit: Int) throws(SystemError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // The array has as many bytes as it says.
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(0, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                guard errno == EINTR else { throw SystemError("read", "standard input") }
                continue
            }
            guard bytes.count + count <= limit else { return nil }
            bytes += piece[..<count]
        }
    }

    /// Whether a person types.
    public static var isTerminal: Bool { isatty(0) == 1 }
}
