/// A body that is made while it is sent: a backend's answer, or another body compressed.
///
/// The pipeline pulls as the client takes it, so that a slow client costs what the source itself holds and no more.
public protocol BodySource: AnyObject {
    /// All bytes that will come, nil where only the end tells. Asked once, before the first piece.
    var length: Int64? { get }
    /// Appends at most `limit` bytes, at least one, to `bytes`. A source that answers `waiting` calls
    /// `RequestContext.resumeSending` when there is more, never from within `produce`.
    func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress
    /// Nobody wants the rest: the client is gone, or it asked with HEAD. Not called after `ended` or `failed`. The source
    /// calls `resumeSending` no more.
    func cancel()
}

/// What comes behind the piece that a source has made.
public enum BodyProgress: Sendable {
    case more
    /// More will come; the source says when.
    case waiting
    case ended
    /// The body cannot be made to its end: the client's connection breaks off.
    case failed
}
