public import Pipeline
import Wire

extension WorkerStream: ResponseSink {}

/// Tells a request that is not answered completely yet what happens on its stream.
final class StreamWatch: WorkerStreamHandler {
    let request: RequestContext

    init(_ request: RequestContext) { self.request = request }

    /// No module reads bodies; what comes is let go, and what is too much comes no further.
    func receivedBody(_ bytes: Span<UInt8>, from stream: WorkerStream) {
        if request.takesBody(bytes.count) { stream.took(bytes.count) }
    }

    func receivedEnd(from stream: WorkerStream) {}

    func receivedCredit(on stream: WorkerStream) { request.resumeSending() }

    func aborted(_ stream: WorkerStream, reason: ResetReason) { request.clientGone() }
}
