import Glibc
import Platform

/// A folder of one test's own with files in it, removed at the end.
public final class TestFolder {
    public let path: String

    public init() throws {
        var template = Array("/tmp/hostelry-site-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// Writes a file and the folders that lead to it; its times are long ago, so that it counts as settled.
    public func write(_ name: String, _ text: String) throws { try write(name, bytes: Array(text.utf8)) }

    public func write(_ name: String, bytes: [UInt8]) throws {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            unsafe mkdir(folder, 0o755)
        }
        do {
            let file = try FileDescriptor.open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
            guard unsafe Glibc.write(file.number, bytes, bytes.count) == bytes.count else {
                throw SystemError("write", name)
            }
        }
        try setModified(name, seconds: 784_111_777)
    }

    /// Unit: seconds since 1970.
    public func setModified(_ name: String, seconds: Int) throws {
        let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
        guard unsafe utimensat(AT_FDCWD, "\(path)/\(name)", times, 0) == 0 else { throw SystemError("utimensat", name) }
    }

    public func makeFolder(_ name: String) { unsafe mkdir("\(path)/\(name)", 0o755) }
    public func makePipe(_ name: String) { unsafe mkfifo("\(path)/\(name)", 0o600) }
    public func makeLink(_ name: String, to target: String) { unsafe symlink(target, "\(path)/\(name)") }
    public func remove(_ name: String) { Self.remove("\(path)/\(name)") }
    public func truncate(_ name: String, to size: Int) { unsafe Glibc.truncate("\(path)/\(name)", size) }

    private static func remove(_ path: String) {
        if unsafe unlink(path) == 0 { return }
        for name in (try? FolderNames.filter(path) { _ in true }) ?? [] { remove("\(path)/\(name)") }
        unsafe rmdir(path)
    }
}
