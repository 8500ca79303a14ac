import CPlatform
import Glibc

/// A name found in a folder whatever the case of its letters, as Windows finds it.
///
/// A Linux folder can hold `web.config` and `Web.config` side by side; nobody can say which one is meant, so that is an
/// error that lists them. Only ASCII letters are folded.
public struct NameLookup: Sendable, Equatable {
    /// The name as the folder spells it; nil where it holds no such name.
    public let spelling: String?
    /// The folder's state when it was looked through.
    public let folder: FileStamp
    /// Whether the same folder stamp, seen later, proves that the answer still holds.
    public let isReusable: Bool

    package init(spelling: String?, folder: FileStamp, isReusable: Bool) {
        self.spelling = spelling
        self.folder = folder
        self.isReusable = isReusable
    }

    /// Looks `name` up in the folder `path`; nil where there is no such folder, but perhaps a file.
    ///
    /// Costs one pass over the folder's names (they are not sorted by case), unless `previous`, an earlier answer for
    /// the same name and folder, still holds: then one `stat`.
    public static func find(
        _ name: String, inFolder path: String, previous: NameLookup? = nil
    ) throws(FileError) -> NameLookup? {
        let spellings: [String]
        let stamp: FileStamp
        let isReusable: Bool
        do throws(FileError) {
            guard let now = try FileStamp.of(path) else { return nil }
            if let previous, previous.isReusable, previous.folder == now { return previous }
            stamp = now
            isReusable = stamp.isSettled(at: FileStamp.now())
            spellings = try FolderNames.filter(path) { $0.equalsIgnoringCase(name.utf8) }
        } catch {
            // Not a folder, links in a circle, or a longer name than the file system has.
            guard error.cause?.reasonClass == .missing else { throw error }
            return nil
        }
        guard spellings.count < 2 else {
            throw FileError("\(path)/\(name)", .ambiguous(spellings: spellings.sorted()))
        }
        return NameLookup(spelling: spellings.first, folder: stamp, isReusable: isReusable)
    }
}

/// The names in a folder, without `.` and `..`.
package enum FolderNames {
    /// Those that `isWanted` picks by their bytes, in no order.
    package static func filter(_ path: String, _ isWanted: (Span<UInt8>) -> Bool) throws(FileError) -> [String] {
        guard let folder = unsafe opendir(path) else { throw FileError(path, SystemError("opendir", path)) }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe hostelry_next_name(folder) {
            // A C string inside the folder's buffer, which lives until the next call.
            let name = unsafe UnsafeRawBufferPointer(start: entry, count: strlen(entry))
            guard unsafe isWanted(name.bindMemory(to: UInt8.self).span) else { continue }
            let spelling = unsafe String(cString: entry)
            if spelling != ".", spelling != ".." { names.append(spelling) }
        }
        guard errno == 0 else { throw FileError(path, SystemError("readdir", path)) }
        return names
    }
}

extension Span<UInt8> {
    /// Whether the bytes are `name`, the case of ASCII letters aside.
    func equalsIgnoringCase(_ name: String.UTF8View) -> Bool {
        guard count == name.count else { return false }
        var index = 0
        for byte in name {
            guard self[index].lowercasedASCII == byte.lowercasedASCII else { return false }
            index += 1
        }
        return true
    }
}

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 { 65...90 ~= self ? self | 0x20 : self }
}
