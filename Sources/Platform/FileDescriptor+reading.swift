import CPlatform
import Glibc

extension FileDescriptor {
    /// Opens `path` below `folder` for reading; no symbolic link leads out of the folder (`EXDEV` is thrown).
    ///
    /// The caller checks that it is a regular file: a FIFO opens without waiting, and nothing is read yet.
    ///
    /// With `waiting` false, `EAGAIN` is thrown where the way to the file is not in memory.
    public static func open(
        _ path: SystemPath, beneath folder: SystemPath, waiting: Bool = true
    ) throws(SystemError) -> FileDescriptor {
        while true {
            let number = unsafe folder.withCString { folder in
                unsafe path.withCString { path in
                    waiting
                        ? unsafe hostelry_open_beneath(folder, path)
                        : unsafe hostelry_open_cached_beneath(folder, path)
                }
            }
            if number >= 0 { return FileDescriptor(owning: number) }
            guard errno == EINTR || errno == EAGAIN && waiting else {
                throw SystemError("openat2", folder.text + "/" + path.text)
            }
        }
    }

    /// Appends up to `count` bytes from `offset` to `bytes` and returns how many; 0 at the end of the file.
    ///
    /// With `waiting` false only what is in memory is read; `EAGAIN` is thrown when nothing of it is.
    public borrowing func read(
        _ count: Int, at offset: Int64, waiting: Bool = true, into bytes: inout [UInt8]
    ) throws(SystemError) -> Int {
        let number = self.number
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: count))
        var failure: Int32 = 0
        var total = 0
        while total < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                var part = unsafe iovec(
                    iov_base: buffer.baseAddress.map { unsafe $0 + start + total }, iov_len: count - total)
                return unsafe hostelry_read_at(number, &part, offset + Int64(total), waiting ? 1 : 0)
            }
            if got > 0 {
                total += got
            } else if got == 0 {
                break
            } else if errno != EINTR {
                failure = errno
                break
            }
        }
        bytes.removeLast(count - total)
        guard total > 0 || failure == 0 else { throw SystemError("preadv2", code: failure) }
        return total
    }
}

extension SystemError {
    /// What a failed opening or reading means to whoever asked for the file.
    public enum ReasonClass: Sendable {
        /// Nothing of that name, or nothing that the path may lead to.
        case missing
        case denied
        case other
    }

    public var reasonClass: ReasonClass {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, EXDEV, ENAMETOOLONG, EISDIR, ENXIO: .missing
        case EACCES, EPERM: .denied
        default: .other
        }
    }

    /// Whether nothing bears the name that was looked for. Of what leads elsewhere or must not be looked at it is not said.
    public var isAbsence: Bool { code == ENOENT || code == ENOTDIR || code == ENAMETOOLONG }

    /// Whether what a reading without waiting asked for must be waited for, or nobody can tell.
    public var mustWait: Bool { code == EAGAIN || code == EOPNOTSUPP }

    /// The code of what must be waited for.
    public static var notYet: Int32 { EAGAIN }

    /// The code of a file that is not there.
    public static var missing: Int32 { ENOENT }

    /// The code of a file that cannot be read.
    public static var unreadable: Int32 { EIO }
}
