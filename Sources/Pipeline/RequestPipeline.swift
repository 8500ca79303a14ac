import Configuration
import Platform
public import Wire

/// Runs requests through the stages, on one event loop's thread.
public final class RequestPipeline {
    private var resolver: PathResolver
    private let now: () -> UInt64
    private var spare: [RequestContext] = []
    private var buffer: [UInt8] = []

    /// - Parameters:
    ///   - resolver: what paths mean in the configuration to begin with.
    ///   - now: milliseconds of a clock that never goes back; the event loop's.
    public init(resolver: PathResolver, now: @escaping () -> UInt64) {
        self.resolver = resolver
        self.now = now
    }

    /// Serves from another version of the configuration; requests that are under way keep theirs.
    public func use(_ resolver: PathResolver) { self.resolver = resolver }

    /// Begins a request.
    ///
    /// Returns its context for `resumeSending` and `clientGone`, or `nil` when all of the answer was sent already.
    public func begin(_ head: RequestHead, _ sink: any ResponseSink) -> RequestContext? {
        let request: RequestContext
        if let used = spare.popLast() {
            request = used
            request.reuse(head, sink)
        } else {
            request = RequestContext(head, sink, self)
        }
        request.enter(resolver.resolve(site: head.siteID, path: head.path, now: now()))
        run(request)
        return request.sending.phase == .done ? nil : request
    }

    func resolve(_ path: [UInt8], of request: RequestContext) -> Resolution? {
        resolver.resolve(site: request.head.siteID, path: path.span, now: now())
    }

    func resume(_ request: RequestContext, _ status: NotificationStatus) {
        request.sending.isPending = false
        guard request.sink != nil else { return release(request) }
        advance(request, status)
        run(request)
    }

    func abandon(_ request: RequestContext) {
        request.sink = nil
        request.sending.phase = .done
        if !request.sending.isPending { release(request) }
    }

    /// The name of the module whose step runs now.
    func runningModule(_ request: RequestContext) -> String {
        guard let list = request.frame.resolution?.settings?.modules else { return Failure.core }
        let step = list.steps[max(0, request.frame.position - 1)]
        switch step.action {
        case .module(let name, _): return name
        case .executeHandler: return request.handler?.moduleName(request.frame.handlerPosition - 1) ?? Failure.core
        case .mapHandler, .requireUser: return Failure.core
        }
    }

    // MARK: Stages

    private func run(_ request: RequestContext) {
        while true {
            let depth = request.frames.count
            let isChild = depth > 1
            guard let list = enter(request) else {
                guard isChild else { return finish(request) }
                request.frames.removeLast()
                continue
            }
            let end = isChild ? list.closing : list.steps.count
            while request.frame.position < end {
                let step = list.steps[request.frame.position]
                request.frame.position += 1
                request.stage = step.stage
                let status = perform(step, request)
                if case .pending = status {
                    request.sending.isPending = true
                    return
                }
                if request.frames.count > depth {
                    // The module asked for a child request; its own pass ends when that one is through.
                    request.frames[depth - 1].position = max(request.frames[depth - 1].position, list.closing)
                    break
                }
                advance(request, status)
            }
            if request.frames.count > depth { continue }
            guard isChild else { return finish(request) }
            request.frames.removeLast()
        }
    }

    /// The module list of the request's current pass; `nil` where it ends before the first module.
    private func enter(_ request: RequestContext) -> ModuleList? {
        guard let resolution = request.frame.resolution else {
            request.refuse(.siteNotFound)
            return nil
        }
        switch resolution.outcome {
        case .failure(let error):
            request.refuse(.configurationInvalid, error.text, configuration: error)
            return nil
        case .success(let settings):
            guard request.frame.position == 0 else { return settings.modules }
            if let section = settings.unenforced {
                request.refuse(.sectionNotEnforced, section.explanation)
            } else if let refusal = settings.secureChannel.refusal(request.head.scheme) {
                request.refuse(refusal)
            } else {
                return settings.modules
            }
            request.frame.position = settings.modules.closing
            return settings.modules
        }
    }

    private func advance(_ request: RequestContext, _ status: NotificationStatus) {
        guard case .finishRequest = status, let list = request.frame.resolution?.settings?.modules else { return }
        request.frame.position = max(request.frame.position, list.closing)
    }

    private func perform(_ step: ModuleList.Step, _ request: RequestContext) -> NotificationStatus {
        switch step.action {
        case .module(_, let module): module.handle(step.stage, request)
        case .requireUser: requireUser(request)
        case .mapHandler: mapHandler(request)
        case .executeHandler: executeHandler(request)
        }
    }

    /// A request that no authentication module took is refused: not even an anonymous user is let in by default.
    private func requireUser(_ request: RequestContext) -> NotificationStatus {
        if case .unknown = request.user { return request.refuse(.authenticationRequired) }
        return .continue
    }

    private func mapHandler(_ request: RequestContext) -> NotificationStatus {
        guard let settings = request.resolution.settings else { return .continue }
        let candidates = request.resolution.candidates(settings.handlers, request.verb, method: request.head.method)
        for candidate in candidates where exists(candidate, request) {
            request.frame.handler = candidate.handler
            let refusal = settings.handlers.policy.refusal(candidate.handler.requirement, isLocal: request.isLocal)
            return refusal.map { request.refuse($0) } ?? .continue
        }
        return request.refuse(candidates.isEmpty ? .noHandler : .notFound)
    }

    private func exists(_ candidate: HandlerMapping.Candidate, _ request: RequestContext) -> Bool {
        let type = candidate.handler.resourceType
        guard type != .unspecified else { return true }
        var file: FileInformation?
        if let length = candidate.scriptLength {
            file = request.resolution.physicalPath(first: length).flatMap { try? FileInformation.of($0) }
        } else {
            file = request.file
        }
        return switch file?.kind {
        case .regular: type != .directory
        case .directory: type != .file
        default: false
        }
    }

    private func executeHandler(_ request: RequestContext) -> NotificationStatus {
        guard let handler = request.handler else { return .continue }
        if let missing = handler.missingModule {
            return request.refuse(
                .moduleNotRecognized, "Handler \"\(handler.name)\" has a bad module \"\(missing)\" in its module list")
        }
        let depth = request.frames.count
        while request.frames[depth - 1].handlerPosition < handler.modules.count {
            let module = handler.modules[request.frames[depth - 1].handlerPosition].module
            request.frames[depth - 1].handlerPosition += 1
            switch module.handle(Stage(.executeRequestHandler), request) {
            case .continue: continue
            case .finishRequest: return .finishRequest
            case .pending:
                // The step comes again and goes on with the next module of the handler.
                request.frames[depth - 1].position -= 1
                return .pending
            }
        }
        return request.response.status == 0 ? request.refuse(.notFound) : .continue
    }

    // MARK: Sending

    private func finish(_ request: RequestContext) {
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
        swap(&head.headers, &request.response.headers)
        if let configured = settings?.responseHeaders {
            for field in configured.custom { head.headers.append(field.name.span, field.value.span) }
            if 300..<400 ~= head.status, head.status != 304 {
                for field in configured.redirect { head.headers.append(field.name.span, field.value.span) }
            }
            head.closesConnection = !configured.allowsKeepAlive
        }
        let length = request.response.body.length
        head.contentLength = head.status == 304 || head.status == 204 ? nil : UInt64(length)
        request.sending.phase = .sending
        request.sink?.begin(head)
        swap(&head.headers, &request.response.headers)
        if request.verb == .head || head.contentLength == nil { request.sending.sent = length }
        send(request)
    }

    /// Sends as much of the body as the client takes now.
    func send(_ request: RequestContext) {
        guard request.sending.phase == .sending, let sink = request.sink else { return }
        let body = request.response.body
        let length = body.length
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
                let offset = file.offset + request.sending.sent
                let read = (try? file.descriptor.read(count, at: offset, into: &buffer)) ?? 0
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

    private func release(_ request: RequestContext) {
        request.response.body = .none
        request.frames.removeAll(keepingCapacity: true)
        if spare.count < 256 { spare.append(request) }
    }

    /// What is read and written at once. Unit: bytes.
    private static let pieceLength = 1 << 16
}
