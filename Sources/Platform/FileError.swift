import Glibc

/// A file that could not be read or written: which, why in a word that code can decide on, and the system's own error.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        /// Nothing of that name.
        case missing
        /// A folder, pipe, socket or device where a file was expected.
        case notRegular
        /// More bytes than the reader takes.
        case tooLarge(limit: Int)
        /// It changed each time while it was read.
        case unsettled
        /// One name in several spellings, in one folder.
        case ambiguous(spellings: [String])
        /// Not what the writer had read: somebody else wrote in between, and nothing of theirs is touched.
        case changed
        /// Another writer held the lock longer than this one would wait.
        case locked
        /// The disk or the quota is full.
        case noSpace
        /// The file system is mounted read-only.
        case readOnly
        /// No permission.
        case denied
        /// The new file could not be given the owner, mode or access list of the old one.
        case identityLost
        /// Another user's, where only one's own will do.
        case foreign(owner: UInt32)
        /// Others may write it, where nobody else should.
        case writableByOthers
        /// It does not answer within this time, as on a network that is away.
        case silent(Duration)
        /// Anything else; `cause` says what.
        case system
    }

    public let path: String
    public let kind: Kind
    public let cause: SystemError?

    public init(_ path: String, _ kind: Kind, cause: SystemError? = nil) {
        self.path = path
        self.kind = kind
        self.cause = cause
    }

    /// The kind that errno means.
    public init(_ path: String, _ cause: SystemError) {
        let kind: Kind =
            switch cause.code {
            case ENOENT, ENOTDIR: .missing
            case EISDIR: .notRegular
            case EACCES, EPERM: .denied
            case ENOSPC, EDQUOT: .noSpace
            case EROFS: .readOnly
            default: .system
            }
        self.init(path, kind, cause: cause)
    }

    public var description: String { "\(path): \(reason)" }

    /// What went wrong, without the path.
    public var reason: String {
        switch kind {
        case .missing: "no such file"
        case .notRegular: "not a regular file"
        case .tooLarge(let limit): "larger than \(limit) bytes"
        case .unsettled: "another program keeps changing it"
        case .ambiguous(let spellings):
            "several spellings of one name: \(spellings.joined(separator: ", "))"
        case .changed: "changed by another program since it was read"
        case .locked: "locked by another program for too long"
        case .noSpace: "no space left"
        case .readOnly: "the file system is read-only"
        case .denied: "permission denied"
        case .identityLost: "its owner, mode or access list cannot be kept\(because)"
        case .foreign(let owner): "it belongs to another user (\(owner))"
        case .writableByOthers: "other users may write it"
        case .silent(let limit): "no answer within \(limit.components.seconds) s"
        case .system: cause?.description ?? "failed"
        }
    }

    private var because: String { cause.map { " (\($0.reason))" } ?? "" }
}
