import Glibc

/// Which file it was and in what state: two equal stamps mean that nothing was written in between.
///
/// Kernels before 6.13 count time in ticks of up to 10 ms, so a stamp younger than `FileStamp.tick` when it was taken
/// may be shared by two states; whoever keeps stamps asks `isSettled(at:)` first.
public struct FileStamp: Hashable, Sendable {
    public let device: UInt64
    public let inode: UInt64
    /// Bytes.
    public let size: Int64
    /// Nanoseconds since 1970 of the last change of the content.
    public let modified: Int64
    /// Nanoseconds since 1970 of the last change of content, name, owner or mode.
    public let changed: Int64

    /// The coarsest step of a kernel's file times, in nanoseconds, doubled.
    public static let tick: Int64 = 20_000_000

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    /// The stamp of what `path` leads to, links followed; nil where nothing is there.
    public static func of(_ path: String) throws(FileError) -> FileStamp? {
        do throws(FileError) {
            return FileStamp(try FileStatus.of(path))
        } catch {
            guard error.kind == .missing else { throw error }
            return nil
        }
    }

    /// Nil for a folder, pipe, socket or device.
    static func ofRegularFile(_ path: String) throws(FileError) -> FileStamp? {
        let status = try FileStatus.of(path)
        return status.isRegularFile ? FileStamp(status) : nil
    }

    /// Whether a change after `now` (nanoseconds since 1970) is certain to give another stamp.
    public func isSettled(at now: Int64) -> Bool { max(modified, changed) + Self.tick < now }

    /// The clock that `modified` and `changed` are read from.
    public static func now() -> Int64 {
        var time = timespec()
        // Fails only for a bad clock number or pointer.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

enum FileStatus {
    /// Of what `path` leads to, links followed.
    static func of(_ path: String) throws(FileError) -> stat {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError(path, SystemError("stat", path)) }
        return status
    }
}

extension FileDescriptor {
    borrowing func status(_ path: String) throws(FileError) -> stat {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw FileError(path, SystemError("fstat", path)) }
        return status
    }
}

extension stat {
    var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
    var isSymbolicLink: Bool { st_mode & S_IFMT == S_IFLNK }
}
