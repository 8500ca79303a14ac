import Platform
import Wire

/// The server's own part in the stages: who may pass, which handler it is, and running it.
extension RequestPipeline {
    func perform(_ steps: [ModuleList.Step], _ position: Int, _ request: RequestContext) -> NotificationStatus {
        switch steps[position].action {
        // Whose steps have one.
        case .module: call(steps[position].module!, steps[position].stage, request)
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
        let resolution = request.resolution
        guard let settings = resolution.settings else { return .continue }
        let candidates = resolution.candidates(settings.handlers, request.verb, method: request.head.method)
        for index in candidates.indices where exists(candidates[index], request) {
            request.frame.candidate = candidates[index]
            let policy = settings.handlers.policy
            let refusal = policy.refusal(
                candidates[index].handler.requirement, isLocal: policy.treatsEveryoneAlike || request.isLocal)
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
        case .regular: type == .file || type == .either
        case .directory: type == .directory || type == .either
        default: type == .missing
        }
    }

    private func executeHandler(_ request: RequestContext) -> NotificationStatus {
        guard let handler = request.handler else { return .continue }
        if let missing = handler.missingModule {
            return request.refuse(
                .moduleNotRecognized, "Handler \"\(handler.name)\" has a bad module \"\(missing)\" in its module list")
        }
        let depth = request.frames.count
        // A module that has answered lets the later stages see it, not the handler's other modules.
        while request.response.status == 0, request.frames[depth - 1].handlerPosition < handler.modules.count {
            let module = handler.modules[request.frames[depth - 1].handlerPosition].module
            request.frames[depth - 1].handlerPosition += 1
            switch call(module, Stage(.executeRequestHandler), request) {
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
}
