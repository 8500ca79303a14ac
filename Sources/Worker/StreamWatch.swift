public import Pipeline
import Wire

extension WorkerStream: ResponseSink {}

/// Tells a request that is not answered completely yet what happens on its stream.
final class StreamWatch: WorkerStreamHandler {
    let request: RequestContext

    init(_ request: RequestContext) { self.request = request }

    func receivedBody(_ bytes: Span<UInt8>, from stream: WorkerStream) { request.receivedBody(bytes) }

    func receivedEnd(from stream: WorkerStream) { request.receivedBodyEnd() }

    func receivedCredit(on stream: WorkerStream) { request.resumeSending() }

    func aborted(_ stream: WorkerStream, reason: ResetReason) { request.clientGone() }
}
