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
    ///
    /// - Parameter stamp: the state of a file that may be sent again; nil where it will not be.
    func write(
        _ file: consuming FileDescriptor, _ stamp: FileStamp?, offset: Int64, length: Int64
    ) -> FileDescriptor?
    /// Whether the other side still has a file in that state open.
    func keeps(_ stamp: FileStamp) -> Bool
    /// Sends a part of a file that the other side still has open in that state as the whole body, in place of the file
    /// itself; false where it has not.
    func write(_ stamp: FileStamp, offset: Int64, length: Int64) -> Bool
    func end()
    /// Closes the client's connection without an answer, in place of `begin`.
    func abort()
    /// The response cannot go on; the client's connection breaks off. Of a tunnel both halves end.
    func fail()
    /// Whether what is written still goes somewhere: false once a head could not be sent.
    var isOpen: Bool { get }
    /// Whether the response may be 101, which makes the connection a tunnel.
    var canBecomeTunnel: Bool { get }
    /// Asks a client for the request's body that waits to be asked.
    func wantBody()
    /// Lets `count` more bytes of the request's body come.
    func took(_ count: Int)
}

extension ResponseSink {
    // For sinks of requests whose body nobody brings.
    public var isOpen: Bool { true }
    public var canBecomeTunnel: Bool { false }
    public func wantBody() {}
    public func took(_ count: Int) {}

    // For sinks that keep no file.
    public func keeps(_ stamp: FileStamp) -> Bool { false }
    public func write(_ stamp: FileStamp, offset: Int64, length: Int64) -> Bool { false }
}
