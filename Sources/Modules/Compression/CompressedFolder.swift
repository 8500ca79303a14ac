import Compression
import HTTP1
import Platform
import Synchronization

/// Which form of a file it is.
struct CompressedFileKey: Hashable, Sendable {
    let path: SystemPath
    let coding: ContentCoding
    /// As the configuration states it; -1 for a file that somebody else has compressed, which `path` names then.
    let level: Int
}

/// Compressed files on disk: what IIS keeps in "IIS Temporary Compressed Files".
///
/// A file begins with what it was made of (path, state, coding, level), so that one of an older state is never taken for
/// a newer one's. Workers of one pool share the folder; each name is put in place whole. Opening may wait for the disk.
final class CompressedFolder: Sendable {
    private enum Place {
        case unopened
        case open(CacheFolder)
        /// No folder can be had.
        case none
    }

    private static let magic = Array("HOSTELRY COMPRESSED 1\n".utf8)
    /// What is left when files had to go, of the limit. Unit: percent.
    private static let remainder: Int64 = 90

    private let places: [String]
    private let limit: Int64?
    private let place = Mutex(Place.unopened)
    /// What all files take, as far as this process knows; nil until they were counted.
    private let used = Mutex<Int64?>(nil)
    private let troubles = Mutex<[String]>([])

    /// - Parameters:
    ///   - places: paths, the first that can be used counts.
    ///   - limit: what all files may take; unit: bytes.
    init(_ places: [String], limit: Int64?) {
        self.places = places
        self.limit = limit
    }

    /// What an administrator should know, once.
    func takeTroubles() -> [String] {
        troubles.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }

    private func note(_ error: FileError) {
        troubles.withLock { $0.append("Compressed files cannot be kept: \(error)") }
    }

    private func folder() -> CacheFolder? {
        place.withLock { place in
            switch place {
            case .open(let folder): return folder
            case .none: return nil
            case .unopened: break
            }
            for path in places {
                do throws(FileError) {
                    let folder = try CacheFolder(path)
                    place = .open(folder)
                    return folder
                } catch {
                    note(error)
                }
            }
            place = .none
            return nil
        }
    }

    /// A compressed file, ready to be sent.
    struct Stored: ~Copyable {
        let descriptor: FileDescriptor
        let offset: Int64
        /// Unit: bytes.
        let length: Int64
    }

    /// The compressed file of that state, if it is there.
    func open(_ key: CompressedFileKey, _ stamp: FileStamp) -> Stored? {
        guard let file = folder()?.open(Self.name(key)) else { return nil }
        let expected = Self.preamble(key, stamp)
        var found: [UInt8] = []
        guard (try? file.read(expected.count, at: 0, into: &found)) == expected.count, found == expected,
            let size = (try? FileInformation.of(file))?.stamp.size, size > Int64(expected.count)
        else { return nil }
        return Stored(descriptor: file, offset: Int64(expected.count), length: size - Int64(expected.count))
    }

    /// Notes that a file is still of use.
    func touch(_ key: CompressedFileKey) { folder()?.touch(Self.name(key)) }

    /// Begins a compressed file; nil where none can be kept.
    func draft(_ key: CompressedFileKey, _ stamp: FileStamp) -> CacheFolder.Draft? {
        guard let folder = folder() else { return nil }
        do throws(FileError) {
            let draft = try folder.draft()
            try draft.append(Self.preamble(key, stamp))
            return draft
        } catch {
            note(error)
            return nil
        }
    }

    /// Puts a finished file in place, of `length` compressed bytes, and removes the longest unused ones where there are
    /// too many.
    func commit(_ draft: consuming CacheFolder.Draft, _ key: CompressedFileKey, length: Int64) -> Bool {
        do throws(FileError) {
            try draft.commit(as: Self.name(key))
        } catch {
            note(error)
            return false
        }
        limitSpace(adding: length)
        return true
    }

    /// Whether a file of so many bytes can be kept at all.
    func hasRoom(for length: Int64) -> Bool { limit.map { length <= $0 } ?? true }

    private func limitSpace(adding length: Int64) {
        guard let limit, let folder = folder() else { return }
        used.withLock { used in
            if let known = used, known + length <= limit {
                used = known + length
                return
            }
            guard let entries = try? folder.entries() else { return }
            var total = entries.reduce(0) { $0 + $1.size }
            if total > limit {
                for entry in entries.sorted(by: { $0.modified < $1.modified })
                where total > limit / 100 * Self.remainder {
                    folder.remove(entry.name)
                    total -= entry.size
                }
            }
            used = total
        }
    }

    /// By what the form is found: two forms of one name would only take each other's place.
    private static func name(_ key: CompressedFileKey) -> String {
        // FNV-1a
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key.path.terminated + [UInt8(truncatingIfNeeded: key.level)] {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return "\(String(hash, radix: 16)).\(key.coding.token)"
    }

    private static func preamble(_ key: CompressedFileKey, _ stamp: FileStamp) -> [UInt8] {
        let facts: [Int64] = [
            Int64(bitPattern: stamp.device), Int64(bitPattern: stamp.inode), stamp.size, stamp.modified, stamp.changed,
            Int64(key.level),
        ]
        return magic + Array("\(key.coding.token) \(facts.map(String.init).joined(separator: " "))\n".utf8)
            + key.path.terminated
    }
}
