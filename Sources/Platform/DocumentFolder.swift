import CPlatform
import Glibc

/// The folder a document lies in, held open, and the document's name there: every step of a commit names files relative
/// to it, so a folder that is moved or replaced meanwhile cannot lead a step astray.
struct DocumentFolder: ~Copyable {
    let descriptor: FileDescriptor
    let path: String
    let name: String

    /// Follows symbolic links to where the document is or, if the last one leads nowhere, is to be.
    init(of path: String) throws(FileError) {
        let resolved = try Self.resolve(path)
        // `resolve` answers with an absolute path, so there is a slash.
        let slash = resolved.lastIndex(of: "/")!
        let folder = slash == resolved.startIndex ? "/" : String(resolved[..<slash])
        descriptor = try Self.open(folder: folder)
        self.path = folder
        name = String(resolved[resolved.index(after: slash)...])
    }

    /// A name in a folder that is held already, whatever becomes of its path.
    init(_ name: String, in held: borrowing HeldFolder) throws(FileError) {
        do throws(SystemError) {
            descriptor = try held.descriptor.duplicate()
        } catch {
            throw FileError(held.path, error)
        }
        path = held.path
        self.name = name
    }

    private static func open(folder: String) throws(FileError) -> FileDescriptor {
        do throws(SystemError) {
            return try FileDescriptor.open(folder, O_RDONLY | O_DIRECTORY)
        } catch {
            throw FileError(folder, error)
        }
    }

    private static func resolve(_ path: String) throws(FileError) -> String {
        var path = path
        for _ in 0..<40 {
            if let resolved = FilePath.resolved(path) { return resolved }
            let error = FileError(path, SystemError("realpath", path))
            guard error.kind == .missing else { throw error }
            let (folder, name) = split(path)
            if let target = linkTarget(path) {
                path = target.hasPrefix("/") ? target : "\(folder)/\(target)"
                continue
            }
            guard !name.isEmpty, let parent = FilePath.resolved(folder) else { throw error }
            return parent == "/" ? "/\(name)" : "\(parent)/\(name)"
        }
        throw FileError(path, SystemError("realpath", path, code: ELOOP))
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    private static func linkTarget(_ path: String) -> String? {
        // A buffer with room has an address.
        let target = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            let length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe readlink(path, $0.baseAddress!, $0.count)
            }
            count = max(0, length)
        }
        return target.isEmpty ? nil : String(decoding: target, as: UTF8.self)
    }

    /// A path to say in errors.
    func path(_ name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

    func error(_ kind: FileError.Kind) -> FileError { FileError(path(name), kind) }

    func error(_ call: String, _ code: Int32 = errno) -> FileError {
        FileError(path(name), SystemError(call, path(name), code: code))
    }

    /// Of the name itself, links not followed; nil where nothing is there.
    func status(_ name: String) throws(FileError) -> stat? {
        var status = stat()
        if unsafe fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
        guard errno == ENOENT else { throw error("fstatat") }
        return nil
    }

    /// Nil where there is nothing, or something that is no regular file.
    func open(_ name: String) throws(FileError) -> FileDescriptor? {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let number = unsafe openat(descriptor.number, name, flags)
        if number >= 0 {
            let file = FileDescriptor(owning: number)
            guard try file.status(path(name)).isRegularFile else { return nil }
            return file
        }
        guard errno == ENOENT || errno == ELOOP else { throw error("openat") }
        return nil
    }

    /// A file nobody had before; fails where the name is taken.
    func create(_ name: String, _ flags: Int32, mode: mode_t) throws(SystemError) -> FileDescriptor {
        let number = unsafe openat(descriptor.number, name, flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard number >= 0 else { throw SystemError("openat", path(name)) }
        return FileDescriptor(owning: number)
    }

    /// The system's answer: 0, or -1 with errno.
    func exchange(_ one: String, _ other: String) -> Int32 {
        unsafe hostelry_exchange(descriptor.number, one, other)
    }

    /// The system's answer: 0, or -1 with errno (`EEXIST` where `other` is taken).
    func rename(_ name: String, toFree other: String) -> Int32 {
        unsafe FreeName.give(other, to: name, in: descriptor.number)
    }

    func rename(_ name: String, over other: String) throws(FileError) {
        guard unsafe renameat(descriptor.number, name, descriptor.number, other) == 0 else { throw error("renameat") }
    }

    func remove(_ name: String) throws(FileError) {
        guard unsafe unlinkat(descriptor.number, name, 0) == 0 || errno == ENOENT else { throw error("unlinkat") }
    }

    /// Makes what was renamed and removed last through a power failure.
    func synchronize() throws(FileError) {
        guard fsync(descriptor.number) == 0 else { throw error("fsync") }
    }
}
