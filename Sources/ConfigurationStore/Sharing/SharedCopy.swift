internal import Configuration
internal import Crypto
public import Platform

/// The last good copy of a shared folder's files, for the time when the folder is away.
///
///     STATE/shared-copy/copy                          what the copy is of, since when, and which files make it
///     STATE/shared-copy/applicationHost-HASH.sealed   the exact bytes, under the first digits of their hash
///     STATE/shared-copy/administration-HASH.sealed
///
/// The bytes are sealed with STATE/history.key (context: "hostelry shared copy NAME"), as passwords may stand in them.
/// `copy` is written last and in one step, so that a crash at any moment leaves the copy before or this one. Everything
/// here may wait for the disk.
public struct SharedCopy: Sendable {
    private static let recordName = "copy"
    private static let format = "hostelry-shared-copy 2"
    /// As long as a configuration file may be, sealed. Unit: bytes.
    private static let sizeLimit = FileReader.usualLimit + AES256GCM.nonceSize + AES256GCM.tagSize

    /// What was kept.
    public struct Kept: Equatable, Sendable {
        public let files: SharedFiles
        /// When it was read from the folder. Nanoseconds since 1970.
        public let time: Int64
        /// SHA-256 of applicationHost.config, in hexadecimal digits.
        public let hash: String
    }

    /// Why there is nothing to serve from.
    public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        case none
        /// The copy is of another folder.
        case other(folder: String)
        case damaged(String)
        case unreadable(FileError)

        public var description: String {
            switch self {
            case .none: "there is no copy of it"
            case .other(let folder): "the copy that there is comes from \(folder)"
            case .damaged(let what): "its copy is damaged: \(what)"
            case .unreadable(let error): "its copy cannot be read: \(error)"
            }
        }
    }

    /// `STATE/shared-copy`.
    public let path: String
    private let state: String

    public init(stateFolder: String) {
        state = stateFolder
        path = "\(stateFolder)/shared-copy"
    }

    /// Keeps the files in place of what was kept. `time`: nanoseconds since 1970.
    @discardableResult
    public func keep(_ files: SharedFiles, of shared: SharedFolder, time: Int64) throws(FileError) -> Kept {
        let folder = try CacheFolder(path)
        let entries =
            [Entry("applicationHost", files.server)]
            + (files.administration.map { [Entry("administration", $0)] } ?? [])
        let key = try HistoryKey.opened(state)
        for entry in entries {
            try write(key.seal(entry.bytes, as: Self.purpose(entry.name)), as: entry.name, in: folder)
        }
        let lines =
            ["folder \(shared.path)", "time \(time)"] + entries.map { "file \($0.name) \($0.bytes.count) \($0.hash)" }
        try write(Array(([Self.format] + lines).map { $0 + "\n" }.joined().utf8), as: Self.recordName, in: folder)
        let names = Set(entries.map(\.name) + [Self.recordName])
        for old in try folder.entries() where !names.contains(old.name) { folder.remove(old.name) }
        return Kept(files: files, time: time, hash: entries[0].hash)
    }

    private static func purpose(_ name: String) -> String { "hostelry shared copy \(name)" }

    private func write(_ bytes: [UInt8], as name: String, in folder: CacheFolder) throws(FileError) {
        let draft = try folder.draft()
        try draft.append(bytes)
        try draft.commit(as: name)
    }

    /// What was kept of this folder, whole and unchanged since.
    public func read(of shared: SharedFolder) throws(Failure) -> Kept {
        let record = try record()
        guard record.folder == shared.path else { throw .other(folder: record.folder) }
        guard let server = record.files["applicationHost"] else { throw .damaged("it says nothing of a file") }
        return Kept(
            files: SharedFiles(
                server: try bytes(server), administration: try record.files["administration"].map(bytes)),
            time: record.time, hash: server.hash)
    }

    private struct Entry {
        let bytes: [UInt8]
        let hash: String
        let name: String

        init(_ role: String, _ bytes: [UInt8]) {
            self.bytes = bytes
            hash = SHA256.hash(bytes).description
            name = "\(role)-\(hash.prefix(16)).sealed"
        }
    }

    /// What `copy` says.
    private struct Record {
        var folder = ""
        var time: Int64 = 0
        /// By what they stand for.
        var files: [String: File] = [:]

        struct File {
            let name: String
            let size: Int
            let hash: String
        }

        init?(_ text: String) {
            let lines = text.split(separator: "\n")
            guard lines.first == SharedCopy.format[...] else { return nil }
            for line in lines.dropFirst() {
                let words = line.split(separator: " ", maxSplits: 1)
                guard words.count == 2 else { return nil }
                switch words[0] {
                case "folder": folder = String(words[1])
                case "time": time = Int64(words[1]) ?? 0
                case "file":
                    let parts = words[1].split(separator: " ")
                    guard parts.count == 3, let size = Int(parts[1]), let dash = parts[0].lastIndex(of: "-"),
                        !parts[0].contains("/")
                    else { return nil }
                    files[String(parts[0][..<dash])] = File(
                        name: String(parts[0]), size: size, hash: String(parts[2]))
                default: return nil
                }
            }
            guard !folder.isEmpty else { return nil }
        }
    }

    private func record() throws(Failure) -> Record {
        let text = String(decoding: try contents(of: Self.recordName), as: UTF8.self)
        guard let record = Record(text) else { throw .damaged("its record makes no sense") }
        return record
    }

    private func bytes(_ file: Record.File) throws(Failure) -> [UInt8] {
        let sealed: [UInt8]
        do throws(Failure) {
            sealed = try contents(of: file.name)
        } catch {
            throw error == .none ? .damaged("\(file.name) is missing") : error
        }
        let key: HistoryKey?
        do throws(FileError) {
            key = try HistoryKey.existing(state)
        } catch {
            throw .unreadable(error)
        }
        guard let key else { throw .damaged("the key that it is sealed with is missing") }
        guard let bytes = key.open(sealed, as: Self.purpose(file.name)), bytes.count == file.size,
            SHA256.hash(bytes).description == file.hash
        else {
            throw .damaged("\(file.name) is not what was written")
        }
        return bytes
    }

    private func contents(of name: String) throws(Failure) -> [UInt8] {
        do throws(FileError) {
            return try FileReader(limit: Self.sizeLimit).read("\(path)/\(name)").bytes
        } catch {
            throw error.kind == .missing ? .none : .unreadable(error)
        }
    }
}
