import Platform
import Wire

/// The end of a request: its response, completed and sent as the client takes it.
extension RequestPipeline {
    /// Shows the response to the modules that see it leave, and begins to send it. Comes back here after a module that
    /// was pending, or whose child request is through.
    func finish(_ request: RequestContext) {
        if request.isAborted { return abort(request) }
        if request.isLaden { request.letBodyGo() }
        if let keeper, !keeper.hasTold { return wait(request, keeper) }
        let resolution = request.frames[0].resolution
        let settings = resolution?.settings
        if request.response.status == 0 { request.refuse(.notFound) }
        // It may all have come before any module said how much it may be.
        if request.hasTooLargeBody, request.failure == nil, request.sending.position == 0 {
            request.refuse(.contentTooLarge)
        }
        request.stage = Stage(.sendResponse)
        let steps = settings?.modules.sending ?? []
        while request.sending.position < steps.count {
            let position = request.sending.position
            request.sending.position += 1
            if case .pending = perform(steps, position, request) {
                return request.sending.wait(depth: request.frames.count)
            }
            if request.frames.count > 1 { return run(request) }
        }
        beginSending(request, resolution)
    }

    /// - Parameter resolution: of the client's own URL.
    private func beginSending(_ request: RequestContext, _ resolution: Resolution?) {
        let settings = resolution?.settings
        // No module has made a page: there is none that could, or nobody wants one.
        if request.isError, case .none = request.response.body, request.failure != nil {
            request.showErrorPage(details: settings == nil && request.isLocal ? "" : nil)
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
        if request.response.closesConnection { head.closesConnection = true }
        if !request.response.reason.isEmpty { swap(&head.reason, &request.response.reason) }
        head.sendsServer = request.response.sendsServer
        if case .authenticated(let user) = request.user { head.userName = Array(user.name.utf8) }
        if let logged = resolution?.site.loggedVariables {
            head.loggedVariables = logged.values(of: request)
        }
        let hasBody = head.status != 304 && head.status != 204
        head.contentLength = hasBody ? request.response.body.length.map { UInt64($0) } : nil
        if request.response.cacheable != nil { head.cache = mark(request, settings) }
        // The router keeps bytes alone; what it does not keep it sends better from a file.
        var file: FileBody?
        if head.cache == nil, hasBody, request.verb != .head, case .bytes = request.response.body {
            file = request.response.shown?.body()
        }
        request.sending.phase = .sending
        if head.status == 101 { request.beginTunnel() }
        request.sink?.begin(head)
        swap(&head.headers, &request.response.headers)
        // What was only to be described is not sent.
        if request.verb == .head || !hasBody { request.dropBody() }
        if let file, let sink = request.sink, file.handOver(to: sink, for: request) { request.response.body = .none }
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
        let isWhole =
            switch request.response.body {
            case .none: true
            case .bytes(let bytes): send(bytes, request, sink)
            case .file(let file): send(file, request, sink)
            case .stream(let source): send(source, request, sink)
            }
        guard isWhole, request.sending.phase == .sending else { return }
        sink.end()
        if request.input.isTunnel, !request.input.hasEnded {
            request.sending.phase = .listening
            return
        }
        complete(request)
    }

    /// The client has ended its half of a tunnel whose other half is over.
    func clientEnded(_ request: RequestContext) { if request.sending.phase == .listening { complete(request) } }

    func breakOff(_ request: RequestContext) {
        guard let sink = request.sink, request.sending.phase == .sending || request.sending.phase == .listening else {
            return
        }
        request.dropBody()
        fail(request, sink)
    }

    /// Whether everything is sent.
    private func send(_ bytes: [UInt8], _ request: RequestContext, _ sink: any ResponseSink) -> Bool {
        while request.sending.sent < bytes.count {
            let start = Int(request.sending.sent)
            let count = min(sink.credit, bytes.count - start)
            guard count > 0 else { return false }
            sink.write(bytes.span.extracting(start..<start + count))
            request.sending.sent += Int64(count)
        }
        return true
    }

    private func send(_ file: FileBody, _ request: RequestContext, _ sink: any ResponseSink) -> Bool {
        if file.length == 0 || file.handOver(to: sink, for: request) { return true }
        let source = PieceSource([.part(offset: file.offset, length: file.length)], of: file.file, services) {
            [unowned request] in request.resumeSending()
        }
        request.response.body = .stream(source)
        return send(source, request, sink)
    }

    private func send(_ source: any BodySource, _ request: RequestContext, _ sink: any ResponseSink) -> Bool {
        var piece: [UInt8] = []
        swap(&piece, &buffer)
        defer { swap(&piece, &buffer) }
        while true {
            // A head that could not be sent leaves nobody to send to.
            guard sink.isOpen else {
                breakOff(request)
                return false
            }
            let credit = min(sink.credit, Self.pieceLength)
            guard credit > 0 else { return false }
            piece.removeAll(keepingCapacity: true)
            let progress = source.produce(credit, into: &piece)
            request.sending.sent += Int64(piece.count)
            sink.write(piece.span)
            switch progress {
            case .more: continue
            case .waiting: return false
            case .ended:
                request.response.body = .none
                return true
            case .failed:
                request.response.body = .none
                fail(request, sink)
                return false
            }
        }
    }

    private func fail(_ request: RequestContext, _ sink: any ResponseSink) {
        sink.fail()
        complete(request)
    }

    private func abort(_ request: RequestContext) {
        request.sink?.abort()
        complete(request)
    }

    private func complete(_ request: RequestContext) {
        request.sending.phase = .done
        observer?.ended(request)
        request.sink = nil
        release(request)
    }

    /// What is read and written at once. Unit: bytes.
    private static let pieceLength = 1 << 16
}
