import Glibc

/// Descriptor 2, where a service's log goes.
public enum StandardError {
    /// Writes all of it, or what the reader takes: a reader that is gone or full loses the rest.
    public static func write(_ bytes: [UInt8]) { write(bytes, to: 2) }

    /// The same to another descriptor.
    static func write(_ bytes: [UInt8], to number: Int32) {
        var written = 0
        while written < bytes.count {
            // Not empty here, so there is an address, and `written` lies within.
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(number, $0.baseAddress! + written, $0.count - written)
            }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                return
            }
        }
    }

    /// Whether systemd's journal reads it: `stream`, the value of `JOURNAL_STREAM`, then names its device and inode.
    public static func isJournal(_ stream: String?) -> Bool {
        var status = stat()
        return unsafe fstat(2, &status) == 0 && stream == "\(status.st_dev):\(status.st_ino)"
    }

    /// Whether a person watches.
    public static var isTerminal: Bool { isatty(2) == 1 }
}
