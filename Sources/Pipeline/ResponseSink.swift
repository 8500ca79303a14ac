public import Platform
public import Wire

/// Where a request's response goes: one stream of a link, or a test's double.
///
/// The order is: `begin` once, `write` as credit allows, then `end`; `fail` instead of anything further.
public protocol ResponseSink: AnyObject {
    /// How many bytes of body the other side takes now. When more are taken, the stream calls
    /// `RequestContext.resumeSending`.
    var credit: Int { get }
    func begin(_ head: ResponseHead)
    /// At most `credit` bytes.
    func write(_ bytes: Span<UInt8>)
    /// Takes over a part of an open regular file as the whole body, in place of `write(_:)` and without credit. The
    /// file comes back where its bytes must be written instead.
    func write(_ file: consuming FileDescriptor, offset: Int64, length: Int64) -> FileDescriptor?
    func end()
    /// Closes the client's connection without an answer, in place of `begin`.
    func abort()
    /// The response cannot go on; the client's connection breaks off.
    func fail()
}
