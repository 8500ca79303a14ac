internal import CPlatform
internal import Glibc

/// What a folder holds, looked at without leaving the root that it lies below.
public struct FolderContent: Sendable {
    public struct Entry: Sendable {
        /// Bytes of any encoding.
        public let name: [UInt8]
        /// Of what a symbolic link leads to.
        public let information: FileInformation
    }

    /// In the order of the file system.
    public let entries: [Entry]
    /// False where the folder has more names than were looked at.
    public let isWhole: Bool

    /// The names in a folder, at most `limit` of them.
    ///
    /// - Parameter path: relative to `root`.
    public static func names(
        in path: SystemPath, beneath root: SystemPath, limit: Int
    ) throws(SystemError) -> [[UInt8]] {
        var names: [[UInt8]] = []
        _ = try read(path, beneath: root, limit: limit) { name in
            unsafe name.withUnsafeBufferPointer { unsafe names.append(Array($0)) }
            return false
        }
        return names
    }

    /// Reads at most `limit` names and looks at those that `isWanted` picks. What vanishes meanwhile, and symbolic
    /// links that lead nowhere or out of `root`, are left out.
    ///
    /// - Parameter path: relative to `root`.
    public static func read(
        _ path: SystemPath, beneath root: SystemPath, limit: Int, where isWanted: (Span<UInt8>) -> Bool
    ) throws(SystemError) -> FolderContent {
        let number = try FileDescriptor.open(path, beneath: root).release()
        guard let folder = unsafe fdopendir(number) else {
            let error = SystemError("fdopendir", path.text)
            close(number)
            throw error
        }
        defer { unsafe closedir(folder) }
        var entries: [Entry] = []
        var seen = 0
        while let entry = unsafe hostelry_next_name(folder) {
            // A C string inside the folder's buffer, which lives until the next call.
            let bytes = unsafe UnsafeRawBufferPointer(start: entry, count: strlen(entry))
            let name = unsafe [UInt8](bytes)
            if name == [0x2E] || name == [0x2E, 0x2E] { continue }
            guard seen < limit else { return FolderContent(entries: entries, isWhole: false) }
            seen += 1
            guard isWanted(name.span) else { continue }
            var status = stat()
            guard unsafe fstatat(number, entry, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            if !status.isSymbolicLink {
                entries.append(Entry(name: name, information: FileInformation(status)))
            } else if let place = SystemPath(path.bytes + [0x2F] + name),
                let information = try? FileInformation.of(place, beneath: root)
            {
                entries.append(Entry(name: name, information: information))
            }
        }
        guard errno == 0 else { throw SystemError("readdir", path.text) }
        return FolderContent(entries: entries, isWhole: true)
    }
}
