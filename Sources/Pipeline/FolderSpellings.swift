public import Platform
import Synchronization

/// How folders spell what requests name in any case of letters, for virtual directories with `caseSensitive="false"`.
///
/// A name that is there as it was asked for is that one. Else the folder's names are read, once for each state of the
/// folder; of several that differ only in case the first in byte order is meant. As in a file system of Windows letters
/// are compared one by one: a name never matches one of another length.
final class FolderSpellings: Sendable {
    /// Names of folders larger than this are found only as they are written.
    static let maximumNames = 65_536
    /// How many names are kept of all folders; beyond it they are read anew.
    private static let maximumKept = 262_144

    private struct Folder: Sendable {
        let stamp: FileStamp
        /// Whether the same stamp, seen later, proves that the names are the same.
        let isReusable: Bool
        /// By what they are in small letters.
        let names: [[UInt8]: [UInt8]]
    }

    private struct Kept {
        var folders: [SystemPath: Folder] = [:]
        var count = 0
        var readings = 0
    }

    private let kept = Mutex(Kept())
    /// How often a folder's names were read.
    var readings: Int { kept.withLock(\.readings) }
    private let clock: @Sendable () -> Int64

    /// - Parameter clock: nanoseconds since 1970, the clock of the file system's stamps.
    init(clock: @escaping @Sendable () -> Int64 = FileStamp.now) { self.clock = clock }

    /// `path` as the folders below `root` spell it, of the same length; what is nowhere stays as it is.
    ///
    /// - Parameter path: relative, not empty, its text safe (`UnsafePath`).
    func spelling(of path: [UInt8], beneath root: SystemPath) -> [UInt8] {
        guard !Self.exists(path, beneath: root) else { return path }
        var spelled = path
        var start = 0
        while start < path.count {
            let end = path[start...].firstIndex(of: 0x2F) ?? path.count
            // Two slashes in a row are one.
            if end > start, !Self.exists(Array(spelled[..<end]), beneath: root) {
                guard let name = find(path[start..<end], in: spelled[..<start], beneath: root) else { return spelled }
                spelled.replaceSubrange(start..<end, with: name)
            }
            start = end + 1
        }
        return spelled
    }

    /// Whether it is there, though it may lead out of `root`: another spelling does not answer for it.
    private static func exists(_ path: [UInt8], beneath root: SystemPath) -> Bool {
        guard let path = SystemPath(path) else { return false }
        do throws(SystemError) {
            _ = try FileInformation.of(path, beneath: root)
            return true
        } catch {
            return !error.isAbsence
        }
    }

    /// - Parameter folder: relative to `root`; empty for itself.
    private func find(_ name: ArraySlice<UInt8>, in folder: ArraySlice<UInt8>, beneath root: SystemPath) -> [UInt8]? {
        guard let relative = SystemPath(folder.isEmpty ? [0x2E] : Array(folder)),
            let whole = SystemPath(root.bytes + [0x2F] + folder)
        else { return nil }
        return names(relative, whole, beneath: root)?[Self.inSmallLetters(Array(name))]
    }

    private func names(
        _ relative: SystemPath, _ whole: SystemPath, beneath root: SystemPath
    ) -> [[UInt8]: [UInt8]]? {
        guard let stamp = try? FileInformation.of(relative, beneath: root).stamp else { return nil }
        let known = kept.withLock { $0.folders[whole] }
        if let known, known.isReusable, known.stamp == stamp { return known.names }
        let isReusable = stamp.isSettled(at: clock())
        let read = (try? FolderContent.names(in: relative, beneath: root, limit: Self.maximumNames)) ?? []
        let names = Dictionary(read.map { (Self.inSmallLetters($0), $0) }) { one, other in
            one.lexicographicallyPrecedes(other) ? one : other
        }
        keep(Folder(stamp: stamp, isReusable: isReusable, names: names), whole)
        return names
    }

    private func keep(_ folder: Folder, _ path: SystemPath) {
        kept.withLock { kept in
            kept.readings += 1
            kept.count += folder.names.count - (kept.folders[path]?.names.count ?? 0)
            if kept.count > Self.maximumKept {
                kept.folders.removeAll()
                kept.count = folder.names.count
            }
            kept.folders[path] = folder
        }
    }

    /// The name itself where its small letters take more or fewer bytes.
    private static func inSmallLetters(_ name: [UInt8]) -> [UInt8] {
        if name.allSatisfy({ $0 < 0x80 }) { return name.map { (65...90).contains($0) ? $0 | 0x20 : $0 } }
        guard let text = String(validating: name, as: UTF8.self) else { return name }
        let small = Array(text.lowercased().utf8)
        return small.count == name.count ? small : name
    }
}

extension Resolution {
    /// Whether the folders on the way still spell the path as they did when it was resolved.
    var isSpelledAsBefore: Bool {
        guard let spellings, let relativePath, relativePath.bytes != [0x2E] else { return true }
        let asked = Array(path.suffix(relativePath.bytes.count))
        return spellings.spelling(of: asked, beneath: root) == Array(relativePath.bytes)
    }

    /// Where names lie in the folder that the path names; nil where that must not be looked at.
    public var places: FolderPlaces? {
        guard let physicalPath, let relativePath else { return nil }
        return FolderPlaces(folder: physicalPath, relative: relativePath, root: root, spellings: spellings)
    }
}

/// Where names lie in a folder of a virtual directory; for any thread.
public struct FolderPlaces: Sendable {
    fileprivate let folder: SystemPath
    fileprivate let relative: SystemPath
    fileprivate let root: SystemPath
    fileprivate let spellings: FolderSpellings?

    /// Whether the folder is looked at to find a place.
    public var mustLook: Bool { spellings != nil }

    /// - Parameter name: may hold slashes; its text is safe (`UnsafePath`).
    public func place(of name: [UInt8]) -> SystemPath? {
        guard let spellings else { return SystemPath(folder.bytes + name) }
        let below = relative.bytes == [0x2E] ? [] : Array(relative.bytes)
        let above = folder.bytes.dropLast(below.count)
        return SystemPath(above + spellings.spelling(of: below + name, beneath: root))
    }
}
