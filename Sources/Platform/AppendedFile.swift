internal import CPlatform
internal import Glibc

/// A file that only grows (0600 where it is new), locked against other writers as long as it is held open here.
public struct AppendedFile: ~Copyable {
    private let file: FileDescriptor
    private let path: String

    /// So long another writer may hold it. Unit: milliseconds.
    private static let patience = 5000

    public static func open(_ path: String) throws(FileError) -> AppendedFile {
        let file: FileDescriptor
        do throws(SystemError) {
            file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
        } catch {
            throw FileError(path, error)
        }
        for _ in 0..<patience {
            if hostelry_try_lock(file.number) == 0 { return AppendedFile(file: file, path: path) }
            guard errno == EWOULDBLOCK || errno == EINTR else { throw FileError(path, SystemError("flock", path)) }
            usleep(1000)
        }
        throw FileError(path, .locked)
    }

    /// Takes everything out of the file again. When it returns, that lasts through a power failure.
    public borrowing func empty() throws(FileError) {
        guard ftruncate(file.number, 0) == 0 else { throw FileError(path, SystemError("ftruncate", path)) }
        guard fsync(file.number) == 0 else { throw FileError(path, SystemError("fsync", path)) }
    }

    /// All of it. More than `limit` bytes are `tooLarge`.
    public borrowing func contents(limit: Int = FileReader.usualLimit) throws(FileError) -> [UInt8] {
        let size = try file.status(path).st_size
        guard size <= limit else { throw FileError(path, .tooLarge(limit: limit)) }
        return try file.bytes(atMost: Int(size), path)
    }

    /// Adds `bytes` at the end. When it returns, they are there after a power failure too; what throws may have added a
    /// part of them.
    public borrowing func append(_ bytes: [UInt8]) throws(FileError) {
        try file.write(bytes, path)
        guard fsync(file.number) == 0 else { throw FileError(path, SystemError("fsync", path)) }
        // An absolute path has a slash. The folder holds the name of a file that was just made.
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        do throws(SystemError) {
            let parent = try FileDescriptor.open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY)
            guard fsync(parent.number) == 0 else { throw SystemError("fsync", folder) }
        } catch {
            throw FileError(folder, error)
        }
    }
}
