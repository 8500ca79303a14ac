public import Pipeline
public import Wire

extension WorkerStream: ResponseSink {}

/// A request that is not answered completely yet hears what happens on its stream.
extension RequestContext: WorkerStreamHandler {
    public func receivedBody(_ bytes: Span<UInt8>, from stream: WorkerStream) { receivedBody(bytes) }

    public func receivedEnd(from stream: WorkerStream) { receivedBodyEnd() }

    public func receivedCredit(on stream: WorkerStream) { resumeSending() }

    public func aborted(_ stream: WorkerStream, reason: ResetReason) { clientGone() }
}
