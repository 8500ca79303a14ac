internal import Platform

/// What became of a log file that is followed.
struct FollowedFile: Equatable {
    /// What is to be done about it.
    enum Step: Equatable {
        case nothing
        /// More was written to it.
        case read
        /// It has less than was read: somebody emptied it.
        case startOver
        /// Another file has its name.
        case replace
    }

    /// Which file it is.
    let device: UInt64
    let inode: UInt64

    init(_ stamp: FileStamp) {
        device = stamp.device
        inode = stamp.inode
    }

    /// `read` is how much of it was read, `seen` what its name leads to now; nil where nothing does.
    func step(read: Int64, seen: FileStamp?) -> Step {
        // What was written before the name was taken away is read first.
        guard let seen else { return .read }
        guard seen.device == device, seen.inode == inode else { return .replace }
        if seen.size < read { return .startOver }
        return seen.size > read ? .read : .nothing
    }
}
