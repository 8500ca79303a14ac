internal import CPlatform
internal import Glibc
internal import Synchronization

/// A folder of this user's alone, with files that can be made anew at any time. Everything here may wait for the disk.
///
/// On the way to it only symbolic links of root's or of this user's are followed, in it none.
public final class CacheFolder: Sendable {
    /// A file of the folder.
    public struct Entry: Sendable {
        public let name: String
        /// Unit: bytes.
        public let size: Int64
        /// Nanoseconds since 1970.
        public let modified: Int64
    }

    private static let lastDraft = Atomic<UInt64>(0)
    private static let draftPrefix = ".draft-"
    /// Older drafts are a dead process's. Unit: nanoseconds.
    private static let draftLife: Int64 = 3_600_000_000_000

    private let descriptor: FileDescriptor
    private let path: String

    /// Opens the folder at the absolute `path`, making what is missing: those above it as any other (0755), the folder
    /// for this user alone (0700). Another user's folder is `foreign`.
    public init(_ path: String) throws(FileError) {
        guard path.hasPrefix("/") else { throw FileError(path, .missing) }
        do throws(SystemError) {
            descriptor = try TrustedFolder.open(path)
        } catch {
            throw FileError(path, error)
        }
        self.path = path
        let status = try descriptor.status(path)
        guard status.st_uid == geteuid() else { throw FileError(path, .foreign(owner: status.st_uid)) }
        guard status.st_mode & 0o077 == 0 || fchmod(descriptor.number, 0o700) == 0 else {
            throw FileError(path, SystemError("fchmod", path))
        }
    }

    /// Opens a file for reading; nil where there is none that is regular and this user's.
    public func open(_ name: String) -> FileDescriptor? {
        let number = unsafe hostelry_open_below(descriptor.number, name, O_RDONLY | O_NONBLOCK, 0)
        guard number >= 0 else { return nil }
        let file = FileDescriptor(owning: number)
        guard let status = try? file.status(name), status.isRegularFile, status.st_uid == geteuid() else { return nil }
        return file
    }

    /// Notes that a file was used now, for those who remove the ones that were not.
    public func touch(_ name: String) {
        unsafe utimensat(descriptor.number, name, nil, AT_SYMLINK_NOFOLLOW)
    }

    public func remove(_ name: String) { unsafe unlinkat(descriptor.number, name, 0) }

    /// The finished files. Drafts that a dead process left are removed on the way.
    public func entries() throws(FileError) -> [Entry] {
        let number = unsafe openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw FileError(path, SystemError("open", path)) }
        guard let folder = unsafe fdopendir(number) else {
            let error = SystemError("fdopendir", path)
            close(number)
            throw FileError(path, error)
        }
        defer { unsafe closedir(folder) }
        var entries: [Entry] = []
        while let found = unsafe hostelry_next_name(folder) {
            let name = unsafe String(cString: found)
            var status = stat()
            guard unsafe fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.isRegularFile
            else {
                continue
            }
            let stamp = FileStamp(status)
            if !name.hasPrefix(Self.draftPrefix) {
                entries.append(Entry(name: name, size: stamp.size, modified: stamp.modified))
            } else if stamp.modified + Self.draftLife < FileStamp.now() {
                remove(name)
            }
        }
        return entries
    }

    /// Begins a file that nobody sees until it is whole.
    public func draft() throws(FileError) -> Draft {
        let number = Self.lastDraft.add(1, ordering: .relaxed).newValue
        let name = "\(Self.draftPrefix)\(getpid())-\(number)"
        // A process that had this number may have left one.
        remove(name)
        let file = unsafe hostelry_open_below(descriptor.number, name, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw FileError(path, SystemError("open", "\(path)/\(name)")) }
        return Draft(folder: self, name: name, file: FileDescriptor(owning: file))
    }

    /// A file that is written and has no name to be found by yet; without one in the end it goes.
    public struct Draft: ~Copyable {
        fileprivate let folder: CacheFolder
        fileprivate let name: String
        fileprivate let file: FileDescriptor

        public borrowing func append(_ bytes: [UInt8]) throws(FileError) { try file.write(bytes, folder.path) }

        /// Gives it the name, in place of what has it. It is on the disk by then, so that a power failure leaves this
        /// file, the former one or none.
        public consuming func commit(as final: String) throws(FileError) {
            guard fdatasync(file.number) == 0,
                unsafe renameat(folder.descriptor.number, name, folder.descriptor.number, final) == 0
            else { throw FileError(folder.path, SystemError("rename", "\(folder.path)/\(final)")) }
        }

        // After `commit` nothing bears the name.
        deinit { folder.remove(name) }
    }
}
