internal import CPlatform
internal import Glibc

/// Folders that are watched for changes of the names in them (inotify). The descriptor is non-blocking and readable when
/// something happened.
public struct FolderWatch: ~Copyable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// The name has its new content: whoever wrote it has closed it, or it was moved here.
        case settled
        /// Somebody is writing, or has made the name or changed its rights.
        case touched
        /// The name is gone.
        case gone
        /// The folder itself is gone or moved: it is watched no more.
        case folderGone
        /// More happened than the kernel could remember; anything may have changed.
        case overflow
    }

    public struct Happening: Equatable, Sendable {
        /// The number that `add` answered; -1 for an overflow.
        public let folder: Int32
        public let kind: Kind
        /// The name in the folder; empty where it is the folder's own matter.
        public let name: String
    }

    /// One read takes this many bytes at most; a single event needs up to 272.
    private static let bufferSize = 16 << 10
    private static let headerSize = 16

    public let descriptor: FileDescriptor

    /// Throws where the user may have no more of them (`fs.inotify.max_user_instances`).
    public init() throws(SystemError) {
        let number = hostelry_watch_new()
        guard number >= 0 else { throw SystemError("inotify_init1") }
        descriptor = FileDescriptor(owning: number)
    }

    /// Watches the folder; the same folder has the same number.
    public borrowing func add(_ path: String) throws(SystemError) -> Int32 {
        let number = unsafe hostelry_watch_folder(descriptor.number, path)
        guard number >= 0 else { throw SystemError("inotify_add_watch", path) }
        return number
    }

    public borrowing func remove(_ folder: Int32) { _ = inotify_rm_watch(descriptor.number, folder) }

    /// Everything that has happened since the last call.
    public borrowing func happenings() -> [Happening] {
        var all: [Happening] = []
        while takeHappenings(&all) {}
        return all
    }

    /// Appends what one read brings of what has happened, at most some thousand happenings; whether there may be more.
    public borrowing func takeHappenings(_ all: inout [Happening]) -> Bool {
        var bytes = [UInt8](repeating: 0, count: Self.bufferSize)
        let count = unsafe read(descriptor.number, &bytes, bytes.count)
        guard count > 0 else { return count < 0 && errno == EINTR }
        Self.append(bytes.span.extracting(0..<count), to: &all)
        return true
    }

    /// Reads the kernel's records: four numbers of 32 bits (watch, mask, cookie, length) and a padded name.
    static func append(_ bytes: Span<UInt8>, to all: inout [Happening]) {
        func number(_ offset: Int) -> UInt32 {
            var value: UInt32 = 0
            for index in 0..<4 {
                let byte = UInt32(bytes[offset + index])
                // The kernel writes in the machine's order, which is little-endian on all that Swift runs on here.
                value |= byte << UInt32(8 * index)
            }
            return value
        }
        var position = 0
        while bytes.count - position >= headerSize {
            let length = Int(number(position + 12))
            let start = position + headerSize
            guard bytes.count - start >= length else { return }
            var name: [UInt8] = []
            for index in start..<start + length where bytes[index] != 0 { name.append(bytes[index]) }
            if let kind = Kind(mask: number(position + 4)) {
                all.append(
                    Happening(
                        folder: Int32(bitPattern: number(position)), kind: kind,
                        name: String(decoding: name, as: UTF8.self)))
            }
            position = start + length
        }
    }
}

extension FolderWatch.Kind {
    /// Nil for what says nothing new.
    fileprivate init?(mask: UInt32) {
        func holds(_ flags: Int32...) -> Bool { flags.contains { mask & UInt32(bitPattern: $0) != 0 } }
        if holds(IN_Q_OVERFLOW) {
            self = .overflow
        } else if holds(IN_DELETE_SELF, IN_MOVE_SELF, IN_IGNORED, IN_UNMOUNT) {
            self = .folderGone
        } else if holds(IN_CLOSE_WRITE, IN_MOVED_TO) {
            self = .settled
        } else if holds(IN_DELETE, IN_MOVED_FROM) {
            self = .gone
        } else if holds(IN_MODIFY, IN_CREATE, IN_ATTRIB) {
            self = .touched
        } else {
            return nil
        }
    }
}
