internal import EventLoop
internal import HTTP1
internal import Wire

/// Responses out of the cache, and into it.
extension ClientConnection {
    /// Answers the request, whose head is `bytes`, from the cache; false where a worker must.
    func answerFromCache(_ bytes: Span<UInt8>, site: UInt32, _ application: SiteRoutes.Application) -> Bool {
        let cache = router.cache
        guard !cache.isEmpty, CacheRules.concernsCache(bytes, request), let stream,
            let first = cache.find(
                site: site, host: bytes.extracting(request.host), target: bytes.extracting(request.target)),
            let known = form(of: first, bytes), known.pool == application.pool.id,
            known.applicationPathLength == application.path.count
        else { return false }
        let answer = CacheRules.answer(bytes, request, known)
        if case .worker = answer { return false }
        let isWhole = if case .whole = answer { true } else { false }
        let before = stream.output.count
        let hasBody = encoder.append(
            known, isWhole: isWhole, isLast: router.isDraining, date: router.date, to: &stream.output)
        notes.answer.status = isWhole ? 200 : 304
        noteHead(from: before, known.loggedVariables)
        notes.answer.sent += UInt64(stream.output.count - before)
        hasResponseHead = true
        state = .response
        guard hasBody else {
            finish(stream)
            return true
        }
        let transfer = CachedBody(known, to: self)
        self.transfer = transfer
        stream.source = transfer
        stream.flushLater()
        return true
    }

    /// What is kept of the URL for a client that accepts what this one does.
    private func form(of first: CachedResponse, _ bytes: Span<UInt8>) -> CachedResponse? {
        guard first.form != nil else { return first }
        return CacheRules.form(bytes, request).flatMap { router.cache.form($0, of: first) }
    }

    /// A final head has come: what follows may be kept where the worker says so and everything else allows it.
    func beginFill(_ response: ResponseHead) throws(LinkError) {
        guard let mark = response.cache, let link = exchange?.link, let length = applicationPathLength else { return }
        let head = head
        let bytes = head.span
        guard CacheRules.concernsCache(bytes, request), CacheRules.isGet(bytes, request),
            CacheRules.mayKeep(bytes, request),
            let key = CacheKey(
                site: notes.siteID, host: bytes.extracting(request.host), target: bytes.extracting(request.target))
        else { return }
        fill = try CacheFill(
            response, mark, from: link, key, form: CacheRules.form(bytes, request), applicationPathLength: length)
    }

    /// The response is complete.
    func endFill() {
        guard let fill else { return }
        self.fill = nil
        if fill.holds { router.cache.insert(CachedResponse(fill, now: router.loop.now)) }
    }
}
