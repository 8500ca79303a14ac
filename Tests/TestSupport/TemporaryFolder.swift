public import Glibc
import Platform

/// A folder of one test's own, removed with everything in it at the end.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        var template = Array("/tmp/hostelry-tests-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(tree: path) }

    public subscript(name: String) -> String { "\(path)/\(name)" }

    public func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    /// In place, as a program without manners writes.
    public func write(_ name: String, _ bytes: [UInt8], flags: Int32 = O_TRUNC) throws {
        let file = try FileDescriptor.open(self[name], O_WRONLY | O_CREAT | flags, mode: 0o644)
        guard unsafe Glibc.write(file.number, bytes, bytes.count) == bytes.count else {
            throw SystemError("write", name)
        }
    }

    public func text(_ name: String) throws -> String {
        String(decoding: try FileReader().read(self[name]).bytes, as: UTF8.self)
    }

    public var names: [String] { names(in: ".") }

    /// Sorted.
    public func names(in folder: String) -> [String] {
        ((try? FolderNames.filter(self[folder]) { _ in true }) ?? []).sorted()
    }

    public func remove(_ name: String) { unsafe unlink(self[name]) }

    public func rename(_ name: String, to other: String) { unsafe Glibc.rename(self[name], self[other]) }

    public func makeLink(_ name: String, to target: String) { unsafe symlink(target, self[name]) }

    public func makePipe(_ name: String) { unsafe mkfifo(self[name], 0o600) }

    public func makeFolder(_ name: String) { unsafe mkdir(self[name], 0o755) }

    public func status(_ name: String) throws -> stat {
        var status = stat()
        guard unsafe lstat(self[name], &status) == 0 else { throw SystemError("lstat", name) }
        return status
    }

    public func isLink(_ name: String) -> Bool { (try? status(name)).map { $0.st_mode & S_IFMT == S_IFLNK } ?? false }

    /// A file of `size` bytes that takes no room.
    public func makeSparseFile(_ name: String, size: Int) throws {
        try write(name, "")
        unsafe truncate(self[name], size)
    }

    /// Sets the folder's own times to long ago.
    public func age() {
        let longAgo = [timespec(tv_sec: 1_000_000, tv_nsec: 0), timespec(tv_sec: 1_000_000, tv_nsec: 0)]
        unsafe utimensat(AT_FDCWD, path, longAgo, 0)
    }

    private static func remove(tree path: String) {
        if unsafe unlink(path) == 0 { return }
        for name in (try? FolderNames.filter(path) { _ in true }) ?? [] { remove(tree: "\(path)/\(name)") }
        unsafe rmdir(path)
    }
}
