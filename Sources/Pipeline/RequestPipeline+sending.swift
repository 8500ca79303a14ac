import Platform
import Wire

/// The end of a request: its response, completed and sent as the client takes it.
extension RequestPipeline {
    func finish(_ request: RequestContext) {
        if let keeper, !keeper.hasTold { return wait(request, keeper) }
        let settings = request.frames[0].resolution?.settings
        if request.response.status == 0 { request.refuse(.notFound) }
        request.stage = Stage(.sendResponse)
        for step in settings?.modules.sending ?? [] {
            if case .module(_, let module) = step.action { _ = module.handle(step.stage, request) }
        }
        if request.response.status >= 400, case .none = request.response.body, let failure = request.failure {
            let page = ErrorPage(failure, request, isDetailed: settings == nil && request.isLocal)
            request.response.headers.append("Content-Type", "text/html; charset=utf-8")
            request.response.body = .bytes(page.html)
        }
        var head = ResponseHead(status: request.response.status)
        head.subStatus = request.response.subStatus
        // An HRESULT's low word is the Windows error code it was made of.
        if let failure = request.failure { head.win32Status = failure.code & 0xffff }
        swap(&head.headers, &request.response.headers)
        if let configured = settings?.responseHeaders {
            for field in configured.custom { head.headers.append(field.name.span, field.value.span) }
            if 300..<400 ~= head.status, head.status != 304 {
                for field in configured.redirect { head.headers.append(field.name.span, field.value.span) }
            }
            head.closesConnection = !configured.allowsKeepAlive
        }
        let length = request.response.body.length
        head.sendsServer = request.response.sendsServer
        head.contentLength = head.status == 304 || head.status == 204 ? nil : UInt64(length)
        if request.response.cacheable != nil { head.cache = mark(request, settings) }
        request.sending.phase = .sending
        request.sink?.begin(head)
        swap(&head.headers, &request.response.headers)
        if request.verb == .head || head.contentLength == nil { request.sending.sent = length }
        send(request)
    }

    /// Holds the answer back until the router has heard what it may give no longer.
    private func wait(_ request: RequestContext, _ keeper: any CacheKeeper) {
        request.sending.isPending = true
        keeper.whenTold { [self] in
            request.sending.isPending = false
            guard request.sink != nil else { return release(request) }
            finish(request)
        }
    }

    /// Sends as much of the body as the client takes now.
    func send(_ request: RequestContext) {
        guard request.sending.phase == .sending, let sink = request.sink else { return }
        let body = request.response.body
        let length = body.length
        if case .file(let file) = body, request.sending.sent == 0, length > 0, file.handOver(to: sink) {
            request.sending.sent = length
        }
        while request.sending.sent < length {
            let count = Int(min(Int64(sink.credit), length - request.sending.sent, Int64(Self.pieceLength)))
            guard count > 0 else { return }
            switch body {
            case .none: break
            case .bytes(let bytes):
                let start = Int(request.sending.sent)
                sink.write(bytes.span.extracting(start..<start + count))
            case .file(let file):
                buffer.removeAll(keepingCapacity: true)
                let read = file.read(count, at: request.sending.sent, into: &buffer)
                // The file shrank or cannot be read: its length was promised, so the connection breaks off.
                guard read == count else {
                    sink.fail()
                    return complete(request)
                }
                sink.write(buffer.span)
            }
            request.sending.sent += Int64(count)
        }
        sink.end()
        complete(request)
    }

    private func complete(_ request: RequestContext) {
        request.sending.phase = .done
        request.sink = nil
        release(request)
    }

    /// What is read and written at once. Unit: bytes.
    private static let pieceLength = 1 << 16
}
