internal import CPlatform
internal import Glibc

/// A file that one process at a time holds as long as it lives, with its process id as content.
public struct ProcessLock: ~Copyable, Sendable {
    private let file: FileDescriptor

    /// Why the lock was not taken.
    public enum Failure: Error, Equatable, Sendable {
        /// By whom; 0 where the holder has not written its id yet.
        case held(pid: Int32)
        case file(FileError)
    }

    /// How long a lock may outlive its holder. Unit: milliseconds.
    private static let patience = 5000
    /// How often it is tried meanwhile. Unit: milliseconds.
    private static let pause = 5

    /// Takes the lock on `path`, which is made where it is missing, or throws. The file stays when the process ends; the
    /// lock does not.
    ///
    /// A holder that was killed while it started a program leaves the lock to that one until the program begins: that is
    /// waited for.
    public static func take(_ path: String) throws(Failure) -> ProcessLock {
        var holder: Int32?
        let file: FileDescriptor
        do throws(SystemError) {
            file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o644)
        } catch {
            throw .file(FileError(path, error))
        }
        do throws(FileError) {
            var tries = patience / pause
            while hostelry_try_lock(file.number) != 0 {
                guard errno == EWOULDBLOCK else { throw FileError(path, SystemError("flock", path)) }
                let text = String(decoding: try file.bytes(atMost: 20, path), as: UTF8.self)
                let pid = Int32(text.prefix { $0.isNumber }) ?? 0
                guard tries > 0, pid > 0, hasEnded(pid) else {
                    holder = pid
                    break
                }
                tries -= 1
                usleep(UInt32(pause) * 1000)
            }
            if holder == nil {
                guard ftruncate(file.number, 0) == 0 else { throw FileError(path, SystemError("ftruncate", path)) }
                try file.write(Array("\(getpid())\n".utf8), path)
            }
        } catch {
            throw .file(error)
        }
        if let holder { throw .held(pid: holder) }
        return ProcessLock(file: file)
    }

    private static func hasEnded(_ pid: Int32) -> Bool {
        let number = hostelry_pidfd_open(pid)
        guard number >= 0 else { return errno == ESRCH }
        let process = FileDescriptor(owning: number)
        return hostelry_pidfd_poll(process.number, 0) == 1
    }

    /// The descriptor that holds the lock. Kept open (`CurrentProcess.become`), it holds the lock for the next program.
    public var descriptorNumber: Int32 { file.number }

    /// Takes over the lock on `path` that the program before this one held in this process; throws where `file` is not
    /// that file, or another process has the lock.
    public static func take(over file: consuming FileDescriptor, _ path: String) throws(Failure) -> ProcessLock {
        do throws(FileError) {
            let (ours, named) = (try file.status(path), try FileStatus.of(path))
            guard ours.st_ino == named.st_ino, ours.st_dev == named.st_dev else {
                throw FileError(path, SystemError("flock", path, code: EBADF))
            }
            guard hostelry_try_lock(file.number) == 0 else { throw FileError(path, SystemError("flock", path)) }
        } catch {
            throw .file(error)
        }
        return ProcessLock(file: file)
    }
}
