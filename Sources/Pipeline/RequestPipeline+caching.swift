import Wire

/// Which responses the router may give in the worker's stead.
extension RequestPipeline {
    /// The mark of a response that is about to be sent; nil where the next request might get another answer.
    ///
    /// The router looks at the request's fields for itself; here is judged what it cannot know: the modules and
    /// settings that the request met.
    func mark(_ request: RequestContext, _ settings: PathSettings?) -> CacheMark? {
        guard let keeper, let response = request.response.cacheable, let settings, let handler = request.handler,
            request.response.status == 200, request.verb == .get, request.failure == nil,
            request.head.query.isEmpty, !request.hasChangedHead, settings.modules.treatEveryoneAlike,
            handler.treatsEveryoneAlike,
            settings.handlers.policy.treatsEveryoneAlike, answersHead(request, settings, handler),
            isLoggedAlike(request)
        else { return nil }
        return keeper.mark(response)
    }

    /// Whether the access log tells the same of all who ask.
    private func isLoggedAlike(_ request: RequestContext) -> Bool {
        guard let logged = request.resolution.site.loggedVariables else { return true }
        return logged.followFromPath && request.setVariables.isEmpty
    }

    /// Whether HEAD, which the router answers from a GET's response, meets the same handler.
    private func answersHead(_ request: RequestContext, _ settings: PathSettings, _ handler: Handler) -> Bool {
        let candidates = request.resolution.candidates(settings.handlers, .head, method: Self.head.span)
        return candidates.first {
            $0.handler === handler || ![.directory, .missing].contains($0.handler.resourceType)
        }?.handler === handler
    }

    private static let head = Array("HEAD".utf8)
}
