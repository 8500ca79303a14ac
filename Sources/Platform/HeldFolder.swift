internal import CPlatform
internal import Glibc

/// A folder held open: what is done in it is done there whatever becomes of its name meanwhile, and no symbolic link in it
/// is followed. Names are bytes of any encoding.
public struct HeldFolder: ~Copyable {
    let descriptor: FileDescriptor
    /// For people.
    public let path: String

    /// Links on the way are followed only where root or this user made them: a tenant's link leads nobody who works for him
    /// elsewhere.
    ///
    /// - Parameter making: whether what is missing is made.
    public static func trusted(_ path: String, making: Bool = false) throws(FileError) -> HeldFolder {
        do throws(SystemError) {
            return HeldFolder(descriptor: try TrustedFolder.open(path, making: making), path: path)
        } catch {
            let isForeign = error.code == ELOOP
            throw FileError(
                path, isForeign ? SystemError("following another user's link in", path, code: ELOOP) : error)
        }
    }

    /// What the folder has under a name, held by its place; a link is itself.
    public borrowing func placed(_ name: [UInt8]) throws(SystemError) -> PlacedFile {
        let number = descriptor.number
        return try unsafe PlacedFile(Self.withName(name) { unsafe hostelry_open_place(number, $0) }, path(of: name))
    }

    /// Links on the way are followed.
    public static func open(_ path: String) throws(FileError) -> HeldFolder {
        do throws(SystemError) {
            return HeldFolder(descriptor: try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY), path: path)
        } catch {
            throw FileError(path, error)
        }
    }

    private init(descriptor: consuming FileDescriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// How people read the path of something in it.
    public func path(of name: [UInt8]) -> String {
        "\(path == "/" ? "" : path)/\(String(decoding: name, as: UTF8.self))"
    }

    /// What the folder has under a name.
    public struct Entry: Equatable, Sendable {
        public enum Kind: Sendable { case folder, regular, link, other }

        public let kind: Kind
        /// Bytes.
        public let size: Int64
        /// What it takes on its disk, which holes do not. Unit: bytes.
        public let occupied: Int64
        /// Nanoseconds since 1970.
        public let modified: Int64
        /// The file system's number.
        public let device: UInt64
        public let owner: UInt32
        public let inode: UInt64

        init(_ status: stat) {
            kind =
                switch status.st_mode & S_IFMT {
                case S_IFDIR: .folder
                case S_IFREG: .regular
                case S_IFLNK: .link
                default: .other
                }
            size = Int64(status.st_size)
            occupied = Int64(status.st_blocks) * 512
            modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            device = UInt64(status.st_dev)
            owner = status.st_uid
            inode = UInt64(status.st_ino)
        }
    }

    /// Of the folder itself.
    public borrowing func own() throws(FileError) -> Entry { Entry(try descriptor.status(path)) }

    /// Nil where the folder has no such name.
    public borrowing func entry(_ name: [UInt8]) throws(FileError) -> Entry? {
        var status = stat()
        let number = descriptor.number
        let outcome = unsafe Self.withName(name) { unsafe fstatat(number, $0, &status, AT_SYMLINK_NOFOLLOW) }
        guard outcome == 0 else {
            guard errno == ENOENT else { throw error("fstatat", name) }
            return nil
        }
        return Entry(status)
    }

    /// In the order of their bytes.
    public borrowing func names() throws(FileError) -> [[UInt8]] {
        let number = unsafe openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw FileError(path, SystemError("openat", path)) }
        guard let folder = unsafe fdopendir(number) else {
            let error = SystemError("fdopendir", path)
            close(number)
            throw FileError(path, error)
        }
        defer { unsafe closedir(folder) }
        var names: [[UInt8]] = []
        while let entry = unsafe hostelry_next_name(folder) {
            // A C string inside the folder's buffer, which lives until the next call.
            let name = unsafe [UInt8](UnsafeRawBufferPointer(start: entry, count: strlen(entry)))
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
        guard errno == 0 else { throw FileError(path, SystemError("readdir", path)) }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    public borrowing func folder(_ name: [UInt8]) throws(FileError) -> HeldFolder {
        HeldFolder(descriptor: try open(name, O_RDONLY | O_DIRECTORY), path: path(of: name))
    }

    /// A regular file, for reading.
    public borrowing func file(_ name: [UInt8]) throws(FileError) -> FileDescriptor {
        let file = try open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard file.isRegularFile() else { throw FileError(path(of: name), .notRegular) }
        return file
    }

    /// What a symbolic link says.
    public borrowing func target(ofLink name: [UInt8]) throws(FileError) -> [UInt8] {
        let number = descriptor.number
        var length = 0
        let target = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            unsafe buffer.withMemoryRebound(to: CChar.self) { bytes in
                // A buffer of some size has an address.
                length = unsafe Self.withName(name) { unsafe readlinkat(number, $0, bytes.baseAddress!, bytes.count) }
            }
            count = max(0, length)
        }
        guard length >= 0 else { throw error("readlinkat", name) }
        return target
    }

    borrowing func open(_ name: [UInt8], _ flags: Int32, mode: UInt32 = 0) throws(FileError) -> FileDescriptor {
        let number = descriptor.number
        while true {
            let opened = unsafe Self.withName(name) {
                unsafe openat(number, $0, flags | O_NOFOLLOW | O_CLOEXEC, mode)
            }
            if opened >= 0 { return FileDescriptor(owning: opened) }
            guard errno == EINTR else { throw error("openat", name) }
        }
    }

    borrowing func error(_ call: String, _ name: [UInt8]) -> FileError {
        let path = path(of: name)
        return FileError(path, SystemError(call, path))
    }

    /// Names of one folder: a slash or a NUL is none's, and neither are `.` and `..`.
    static func withName<Result>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        precondition(
            !name.isEmpty && name != [0x2E] && name != [0x2E, 0x2E] && !name.contains(0x2F) && !name.contains(0),
            "names are checked where they are read")
        return unsafe (name + [0]).withUnsafeBytes { bytes in
            // The closing NUL is always there, so there is a base address.
            unsafe body(bytes.baseAddress!.assumingMemoryBound(to: CChar.self))
        }
    }
}
