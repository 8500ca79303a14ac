internal import Glibc

/// A file that a program's output is written to: a regular one with a single name, whatever somebody has planted there.
/// Everything here may wait for the disk.
public struct OutputFile: ~Copyable, Sendable {
    private let descriptor: FileDescriptor
    /// Unit: bytes.
    public private(set) var length: Int

    /// Opens the file to append to (0640 where it is new), and makes the folders on the way to it. What the file's own
    /// name links to is never written.
    public static func open(_ path: String) throws(FileError) -> OutputFile {
        try makeFolder(of: path)
        do throws(SystemError) {
            let descriptor = try FileDescriptor.openToAppend(path)
            var status = stat()
            guard unsafe fstat(descriptor.number, &status) == 0 else { throw SystemError("fstat", path) }
            guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError("open", path, code: EINVAL) }
            // A second name of the file may lie anywhere.
            guard status.st_nlink == 1 else { throw SystemError("open", path, code: EMLINK) }
            return OutputFile(descriptor: descriptor, length: Int(status.st_size))
        } catch {
            throw FileError(path, error)
        }
    }

    /// Makes a file of a name that nothing has, to append to (0640), and the folders on the way to it; nil where the name is
    /// taken, whatever has it.
    public static func create(_ path: String) throws(FileError) -> OutputFile? {
        try makeFolder(of: path)
        do throws(SystemError) {
            return OutputFile(descriptor: try FileDescriptor.createToAppend(path), length: 0)
        } catch {
            if error.code == EEXIST { return nil }
            throw FileError(path, error)
        }
    }

    private static func makeFolder(of path: String) throws(FileError) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if !folder.isEmpty { try Folder.make(folder) }
    }

    /// Adds `bytes` at the end, where readers see them at once; answers how many are there, and why not all.
    public mutating func append(_ bytes: [UInt8]) -> FileDescriptor.LogWrite {
        let result = descriptor.writeLog(bytes)
        length += result.count
        return result
    }
}
