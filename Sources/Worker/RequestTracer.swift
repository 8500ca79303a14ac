import Pipeline
import Platform
import Wire

/// Tells of each request which module answered it, how, and how long it took.
final class RequestTracer: RequestObserver {
    private struct Trace {
        let start: UInt64
        var module = ""
        var stage = ""
    }

    private let tell: (TracedRequest) -> Void
    /// Requests in work by their contexts, which are no other's meanwhile.
    private var traces: [ObjectIdentifier: Trace] = [:]

    init(tell: @escaping (TracedRequest) -> Void) { self.tell = tell }

    func began(_ request: RequestContext) {
        traces[ObjectIdentifier(request)] = Trace(start: MonotonicClock.nanoseconds())
    }

    /// Of several that finish a request, as a child request's and its parent's do, the one that answered counts.
    func called(_ module: String, _ status: NotificationStatus, _ request: RequestContext) {
        guard request.stage.notification != .sendResponse else { return }
        switch status {
        // It goes on with the request later, and answers then, or another module does.
        case .pending: break
        case .finishRequest: guard request.response.status != 0 else { return }
        case .continue:
            guard request.response.status != 0, request.stage == Stage(.executeRequestHandler) else { return }
        }
        traces[ObjectIdentifier(request)]?.module = module
        traces[ObjectIdentifier(request)]?.stage = request.stage.name
    }

    func ended(_ request: RequestContext) {
        guard let trace = traces.removeValue(forKey: ObjectIdentifier(request)) else { return }
        let head = request.head
        tell(
            TracedRequest(
                siteID: head.siteID, method: String(decoding: [UInt8](copying: head.method), as: UTF8.self),
                target: String(decoding: [UInt8](copying: head.target), as: UTF8.self),
                status: request.response.status, subStatus: request.response.subStatus,
                module: request.failure?.module ?? trace.module, stage: request.failure?.stage.name ?? trace.stage,
                microseconds: (MonotonicClock.nanoseconds() - trace.start) / 1000))
    }
}
