/// Whoever reads a request's body: a module that answered `pending`.
///
///     func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
///         request.read(reader)     // hears at once what has come already
///         return .pending
///     }
///
/// Bytes are the reader's business until it says `RequestContext.took(count)`; as many more may then come. Where the
/// response is 101 with a `BodySource`, the connection is a tunnel from then on: the source's bytes go to the client as they
/// are, the client's come here, and each half ends by itself.
public protocol RequestBodyReader: AnyObject {
    func received(_ bytes: Span<UInt8>)
    /// The body is complete; of a tunnel: the client writes no more. Not called for a request without a body.
    func receivedEnd()
    /// Nobody wants an answer any more: the client is gone, or it sends more than it may. A reader whose module has not
    /// answered lets go of the request with `resume`.
    func stopped()
}

/// What has come of a request's body, and who reads it.
struct RequestInput {
    var reader: (any RequestBodyReader)?
    /// What came before a module read or none wanted to, at most the link's window.
    var held: [UInt8] = []
    var hasEnded = false
    /// The client's half goes on behind the request.
    var isTunnel = false
}
