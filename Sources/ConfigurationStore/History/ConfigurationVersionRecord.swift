public import Crypto

/// What the history knows of one version, without its text.
public struct ConfigurationVersionRecord: Equatable, Sendable {
    /// From 1, without gaps but for changes that failed.
    public let number: Int64
    /// Nanoseconds since 1970, as the clock was then: a later version may have an earlier time.
    public let time: Int64
    public let author: ChangeAuthor
    /// The command that made it; `file` for a file that was saved by another program.
    public let tool: String
    public let comment: String
    /// Of the server's file before; nil where none is known.
    public let oldHash: SHA256Digest?
    /// Of the server's file since; nil where there was none.
    public let newHash: SHA256Digest?
}
