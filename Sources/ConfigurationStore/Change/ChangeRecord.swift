internal import Crypto
internal import Platform

/// A change as it is written down before anything is touched, and as a command hands it to the master.
///
///     hostelry-change 1 LENGTH SHA-256     one line; what follows is whole only if both are right
///     …                                    fields and contents, each with its length before it
///
/// The old contents stand in it only where several files change: one file alone is always wholly old or new.
struct ChangeRecord: Equatable {
    struct File: Equatable {
        let path: String
        /// Nil: there was no file.
        let oldHash: SHA256Digest?
        /// Nil: there is to be none.
        let newHash: SHA256Digest?
        let isServerFile: Bool
        let creationMode: UInt32
        var old: [UInt8]?
        var new: [UInt8]?
    }

    /// A larger one is neither handed over nor begun: two files of the largest size, old and new. Unit: bytes.
    static let sizeLimit = 4 * FileReader.usualLimit
    /// So many files a change has at most: web.config files of a large server among them.
    private static let fileLimit: Int64 = 100_000
    static let version = 1
    private static let title = "hostelry-change"

    /// The version's number in the history; 0 where it has none yet.
    var number: Int64
    let author: ChangeAuthor
    let tool: String
    let comment: String
    var files: [File]

    enum Unreadable: Error, Equatable {
        /// Not all of it was written.
        case torn
        /// By a newer program.
        case newer(version: Int)
    }

    // MARK: Bytes

    var bytes: [UInt8] {
        var writer = FieldWriter()
        writer.number(number)
        writer.number(author.user.map(Int64.init) ?? -1)
        writer.text(author.name)
        writer.text(tool)
        writer.text(comment)
        writer.number(Int64(files.count))
        for file in files {
            writer.text(file.path)
            writer.optional(file.oldHash?.bytes)
            writer.optional(file.newHash?.bytes)
            writer.number(file.isServerFile ? 1 : 0)
            writer.number(Int64(file.creationMode))
            writer.optional(file.old)
            writer.optional(file.new)
        }
        let body = writer.bytes
        let head = "\(Self.title) \(Self.version) \(body.count) \(SHA256.hash(body).description)\n"
        return Array(head.utf8) + body
    }

    /// `bytes` for the file at `path`. Throws `tooLarge` for what nobody would read again.
    func bytes(for path: String) throws(FileError) -> [UInt8] {
        let bytes = bytes
        guard bytes.count <= Self.sizeLimit else { throw FileError(path, .tooLarge(limit: Self.sizeLimit)) }
        return bytes
    }

    init(number: Int64 = 0, author: ChangeAuthor, tool: String, comment: String, files: [File]) {
        self.number = number
        self.author = author
        self.tool = tool
        self.comment = comment
        self.files = files
    }

    init(bytes: [UInt8]) throws(Unreadable) {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw .torn }
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        guard head.count >= 2, head[0] == Self.title, let version = Int(head[1]) else { throw .torn }
        guard version == Self.version else { throw .newer(version: version) }
        let body = Array(bytes[(end + 1)...])
        guard head.count == 4, Int(head[2]) == body.count, SHA256.hash(body).description == head[3] else { throw .torn }
        var reader = FieldReader(body)
        do throws(FieldReader.Short) {
            number = try reader.number()
            let user = try reader.number()
            author = ChangeAuthor(user: UInt32(exactly: user), name: try reader.text())
            tool = try reader.text()
            comment = try reader.text()
            files = []
            let count = try reader.number()
            guard (0...Self.fileLimit).contains(count) else { throw FieldReader.Short() }
            for _ in 0..<count {
                files.append(
                    File(
                        path: try reader.text(), oldHash: try reader.optional().flatMap(SHA256Digest.init(bytes:)),
                        newHash: try reader.optional().flatMap(SHA256Digest.init(bytes:)),
                        isServerFile: try reader.number() == 1,
                        creationMode: UInt32(truncatingIfNeeded: try reader.number()),
                        old: try reader.optional(), new: try reader.optional()))
            }
        } catch {
            throw .torn
        }
    }
}

extension ChangeRecord {
    /// As it is told to others: without the files' old contents, which whoever commits reads anew.
    init(_ change: ConfigurationChange) {
        self.init(
            author: change.author, tool: change.tool, comment: change.comment,
            files: change.files.map { file in
                let old: SHA256Digest? = if case .content(let hash) = file.expected { hash } else { nil }
                return File(
                    path: file.path, oldHash: old, newHash: file.content.map { SHA256.hash($0) },
                    isServerFile: file.isServerFile, creationMode: file.creationMode, old: nil, new: file.content)
            })
    }

    /// The change that was told, made by `author`.
    func change(by author: ChangeAuthor) -> ConfigurationChange {
        ConfigurationChange(
            files: files.map { file in
                FileChange(
                    file.path, expected: file.oldHash.map { .content($0) } ?? .absent, content: file.new,
                    isServerFile: file.isServerFile, creationMode: file.creationMode)
            }, author: author, tool: tool, comment: comment)
    }
}
