public import Crypto

/// One file of a change: what it held when the change was thought of, and what it is to hold.
public struct FileChange: Equatable, Sendable {
    public enum Expectation: Equatable, Sendable {
        /// There is no such file.
        case absent
        case content(SHA256Digest)

        /// What a file of these bytes is expected to be; nil: none.
        public init(_ bytes: [UInt8]?) { self = bytes.map { .content(SHA256.hash($0)) } ?? .absent }
    }

    /// Absolute.
    public let path: String
    public let expected: Expectation
    /// Nil takes the file away.
    public let content: [UInt8]?
    /// Whether it is the server's configuration, whose text the history keeps: at most one file of a change. Of the others
    /// the history knows hashes.
    public let isServerFile: Bool
    /// Of a file that is made, less the umask. Default: 0644. A file that is there keeps its owner, mode and access list.
    public let creationMode: UInt32

    public init(
        _ path: String, expected: Expectation, content: [UInt8]?, isServerFile: Bool = false,
        creationMode: UInt32 = 0o644
    ) {
        self.path = path
        self.expected = expected
        self.content = content
        self.isServerFile = isServerFile
        self.creationMode = creationMode
    }
}
