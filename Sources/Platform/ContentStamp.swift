import Glibc

/// A state of a file's content that a rename does not change (a `FileStamp` without the time that renames touch), short
/// enough to stand in a file name.
struct ContentStamp: Equatable {
    let inode: UInt64
    let size: Int64
    /// Nanoseconds since 1970.
    let modified: Int64

    init(_ status: stat) {
        let stamp = FileStamp(status)
        inode = stamp.inode
        size = stamp.size
        modified = stamp.modified
    }

    /// What `text` gave; nil for anything else.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let inode = UInt64(parts[0], radix: 16), let size = Int64(parts[1], radix: 16),
            let modified = Int64(parts[2], radix: 16)
        else { return nil }
        self.inode = inode
        self.size = size
        self.modified = modified
    }

    /// For example `1a2b3-4f0-186f0c9d2a4b1c00`.
    var text: String {
        [String(inode, radix: 16), String(size, radix: 16), String(modified, radix: 16)].joined(separator: "-")
    }
}
