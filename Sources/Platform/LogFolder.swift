internal import CPlatform
internal import Glibc

/// A folder of log files, where others may have planted anything.
///
/// On the way to the directory that the administrator named only links of root's or of this user's are followed, below
/// it none; and only regular files with a single name are appended to. Everything here may wait for the disk.
public struct LogFolder: ~Copyable {
    private let descriptor: FileDescriptor
    private let path: String

    /// An open log file; each part can be taken for itself.
    @frozen
    public struct File: ~Copyable {
        public let descriptor: FileDescriptor
        /// Unit: bytes.
        public let length: Int64
    }

    /// Opens the folder `name` in `directory`, making what is missing: the directory as any other (0755), the folder for
    /// its owner and group (0750).
    public static func open(_ directory: String, _ name: String) throws(FileError) -> LogFolder {
        let path = "\(directory)/\(name)"
        do throws(SystemError) {
            let parent = try TrustedFolder.open(directory)
            if unsafe mkdirat(parent.number, name, 0o750) != 0, errno != EEXIST { throw SystemError("mkdir", path) }
            return LogFolder(
                descriptor: try open(name, below: parent, O_RDONLY | O_DIRECTORY, subject: path), path: path)
        } catch {
            throw FileError(path, error)
        }
    }

    /// The number of the last of the files that are named `prefix`, a number from 1, and `.log`; 0 where there is none.
    public borrowing func lastNumber(prefix: String, suffix: String = "") throws(FileError) -> UInt32 {
        do throws(SystemError) {
            let copy = try Self.open(".", below: descriptor, O_RDONLY | O_DIRECTORY, subject: path).release()
            guard let folder = unsafe fdopendir(copy) else {
                let error = SystemError("fdopendir", path)
                close(copy)
                throw error
            }
            defer { unsafe closedir(folder) }
            let end = suffix + ".log"
            var last: UInt32 = 0
            while let entry = unsafe hostelry_next_name(folder) {
                let name = unsafe String(cString: entry)
                guard name.hasPrefix(prefix), name.hasSuffix(end) else { continue }
                last = max(last, UInt32(name.dropFirst(prefix.count).dropLast(end.utf8.count)) ?? 0)
            }
            return last
        } catch {
            throw FileError(path, error)
        }
    }

    /// Opens a file to append to (0640 where it is new).
    public borrowing func open(_ name: String) throws(FileError) -> File {
        let path = "\(path)/\(name)"
        do throws(SystemError) {
            let file = try Self.open(name, below: descriptor, O_WRONLY | O_APPEND | O_CREAT, subject: path)
            var status = stat()
            guard unsafe fstat(file.number, &status) == 0 else { throw SystemError("fstat", path) }
            guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError("open", path, code: EINVAL) }
            // A second name of the file may lie anywhere.
            guard status.st_nlink == 1 else { throw SystemError("open", path, code: EMLINK) }
            return File(descriptor: file, length: Int64(status.st_size))
        } catch {
            throw FileError(path, error)
        }
    }

    private static func open(
        _ name: String, below folder: borrowing FileDescriptor, _ flags: Int32, subject: String
    ) throws(SystemError) -> FileDescriptor {
        while true {
            let number = unsafe hostelry_open_below(folder.number, name, flags, 0o640)
            if number >= 0 { return FileDescriptor(owning: number) }
            guard errno == EINTR || errno == EAGAIN else { throw SystemError("open", subject) }
        }
    }
}

extension FileDescriptor {
    /// What writing to the end of a log file came to.
    public struct LogWrite: Sendable {
        /// How many bytes were written.
        public let count: Int
        /// What kept the rest from being written.
        public let error: SystemError?
        /// Nobody finds the file any more: its last name is gone.
        public let isUnlinked: Bool
    }

    /// Writes `bytes`, waiting as long as it takes.
    public borrowing func writeLog(_ bytes: [UInt8]) -> LogWrite {
        var written = 0
        var error: SystemError?
        while written < bytes.count, error == nil {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                // `written` is below the count, so there is a base address.
                unsafe Glibc.write(number, buffer.baseAddress! + written, buffer.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                error = SystemError("write")
            }
        }
        var status = stat()
        let isUnlinked = unsafe fstat(number, &status) == 0 && status.st_nlink == 0
        return LogWrite(count: written, error: error, isUnlinked: isUnlinked)
    }
}
