internal import EventLoop
internal import HTTP1
internal import Platform
internal import Wire

/// A client's connection: reads its requests one after the other and writes their responses.
///
/// While a request is in work, bytes of the next one stay where they are, up to `maximumPipelined`; reading goes on so
/// that the client's end is noticed. A client that ends its half while it waits for an answer gets a second of grace
/// (it may merely have nothing more to say), then the worker is told that it is gone.
final class ClientConnection {
    enum State {
        /// Between requests, or in a head.
        case head
        /// In the body of the request in work.
        case body
        /// The request is read; its response is awaited or under way.
        case response
        /// The response is given, and what is left of its request's body is read and dropped.
        case discarding
        /// Raw bytes go both ways.
        case tunnel
        /// The response is the last one.
        case closing
    }

    /// How much of further requests is read ahead. Unit: bytes.
    private static let maximumPipelined = 1 << 16
    /// How much of a body that nobody wanted is read so that the connection can go on. Unit: bytes.
    private static let maximumDiscarded = 1 << 16
    /// Unit: nanoseconds.
    private static let grace: UInt64 = 1_000_000_000

    let router: RouterLoop
    let remote: Endpoint
    let local: Endpoint
    /// Both for the access log.
    private(set) lazy var addresses = LoggedAddresses(remote: remote, local: local)
    /// Nil before `open`.
    private(set) var stream: BufferedStream?
    var state = State.head
    private(set) var parser = RequestParser()
    private(set) var request = ParsedRequest()
    private(set) var cooker = PathCooker()
    /// The head of the request in work, while it is read and waits for its worker.
    private(set) var head: [UInt8] = []
    /// What the logs will tell of it.
    var notes = RequestNotes()
    /// Gathers a response that the cache may keep.
    var fill: CacheFill?
    private var facts: RequestHeadWriter.Facts?
    private(set) var body = RequestBody.none
    var exchange: Exchange?
    /// Sends the response's body from where it lies.
    var transfer: (any BodyTransfer)?
    var encoder = ResponseEncoder(isHead: false, isHTTP11: true, keepsAlive: true)
    var hasResponseHead = false
    private(set) var clientEnded = false
    /// The client need not be asked for the body: it was, or sends it anyway.
    private var isAsked = false
    /// How many bytes of the body may still be dropped.
    private var discardable = 0

    let timer = Timer()
    var timers: ConnectionTimers
    /// The site that counts this connection.
    var countedBy: SiteLimits?
    /// Nil while nothing limits the site's bandwidth.
    var throttle: Throttle?

    init(router: RouterLoop, remote: Endpoint, local: Endpoint) {
        self.router = router
        self.remote = remote
        self.local = local
        timers = ConnectionTimers(router.routes.limits)
    }

    /// Takes the connection; false when it cannot be watched.
    func open(_ descriptor: consuming FileDescriptor) -> Bool {
        let stream = BufferedStream(descriptor, on: router.loop)
        guard (try? stream.open(self)) != nil else { return false }
        self.stream = stream
        router.loop.start(timer, after: timers.first, self)
        return true
    }

    /// No request follows the one in work.
    func drain() {
        if state == .head, !parser.isInHead { close() }
    }

    /// See `RequestHead.applicationPathLength`; nil while no request has been routed.
    var applicationPathLength: Int? { facts?.applicationPathLength }

    /// Closes at once; a worker that is busy with the request is told.
    func close() {
        stream?.close()
        ended()
    }

    /// The stream is closed.
    private func ended() {
        guard stream != nil else { return }
        switch state {
        case .body, .response, .tunnel: noteClientGone(hasAnswer: hasResponseHead)
        case .head, .discarding, .closing: break
        }
        stream = nil
        router.loop.cancel(timer)
        transfer?.cancel()
        transfer = nil
        leaveSite()
        exchange?.abandon(.clientGone)
        exchange = nil
        router.closed(self)
    }
}

// MARK: - Requests

extension ClientConnection: StreamHandler {
    func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        var position = 0
        timers.progress &+= 1
        loop: while position < bytes.count, self.stream != nil {
            let rest = bytes.extracting(droppingFirst: position)
            switch state {
            case .head:
                // No further request is begun than the client reads answers.
                guard !stream.isCongested else {
                    stream.pause()
                    break loop
                }
                if !parser.isInHead { notes = RequestNotes(startedAt: router.loop.now) }
                do throws(RequestError) {
                    guard try parser.parse(rest, into: &request) else {
                        headBegan()
                        break loop
                    }
                    position += request.length
                    try begin(rest.extracting(first: request.length))
                } catch {
                    if !notes.isParsed { notes.guessedLine = .init(guessing: rest) }
                    refuse(Refusal(error), closing: true)
                }
            case .body:
                let taken = forwardBody(rest)
                guard taken > 0 else { break loop }
                position += taken
            case .discarding:
                let taken = discardBody(rest)
                guard taken > 0 else { break loop }
                position += taken
            case .tunnel:
                let taken = forwardRaw(rest)
                guard taken > 0 else { break loop }
                position += taken
            case .response:
                if rest.count > Self.maximumPipelined { stream.pause() }
                break loop
            case .closing: return bytes.count
            }
        }
        return position
    }

    /// A request's head is there: routes it and passes it on.
    private func begin(_ bytes: Span<UInt8>) throws(RequestError) {
        head.removeAll(keepingCapacity: true)
        head.append(copying: bytes)
        notes.isParsed = true
        notes.answer.received = UInt64(bytes.count)
        try cooker.cook(bytes, request.path)
        startRequest()
        let routes = router.routes
        guard let number = routes.site(host: bytes.extracting(request.host), local: local) else {
            return refuse(.hostname, closing: true)
        }
        let site = routes.sites[number]
        timers.timeout = site.connectionTimeout
        notes.siteID = site.id
        notes.log = site.log
        notes.traffic = router.traffic.site(site.id, at: number)
        if let refusal = enter(site.limits) { return refuse(refusal, closing: true) }
        guard site.isAvailable else { return refuse(.unavailableSite, closing: true) }
        let path = cooker.path
        guard let application = site.application(path.span) else { return refuse(.notFound, closing: true) }
        notes.pool = application.pool
        if answerFromCache(bytes, site: site.id, application) { return }
        facts = RequestHeadWriter.Facts(
            version: request.isHTTP11 ? .http11 : .http10, scheme: .http, body: body.announced, siteID: site.id,
            applicationPathLength: application.path.count, remote: remote, local: local,
            traits: traits)
        let exchange = Exchange(client: self)
        self.exchange = exchange
        if let refusal = application.pool.submit(exchange) {
            self.exchange = nil
            return refuse(refusal, closing: true)
        }
        if body.isOver { endRequest() }
    }

    private func startRequest() {
        body = RequestBody(request.body)
        state = .body
        hasResponseHead = false
        fill = nil
        isAsked = !request.expectsContinue
        encoder = ResponseEncoder(
            isHead: request.isHead, isHTTP11: request.isHTTP11, keepsAlive: request.keepsAlive)
    }

    /// The exchange asks for the head, now that it knows where its frames go.
    func writeHead(of exchange: Exchange) {
        guard let facts else { return }
        let (head, path, request) = (head, cooker.path, request)
        exchange.write { output, stream in
            var writer = RequestHeadWriter(
                into: &output, stream: stream, facts, method: request.method, target: request.target,
                query: request.query, textLength: head.count, pathLength: path.count)
            for field in request.fields { writer.field(into: &output, name: field.name, value: field.value) }
            writer.end(into: &output, text: head.span, path: path.span)
        }
    }

    private var traits: RequestTraits {
        var traits: RequestTraits = []
        if request.asksForUpgrade { traits.insert(.canBecomeTunnel) }
        if request.expectsContinue { traits.insert(.waitsToBeAsked) }
        return traits
    }

    /// Whether the worker must ask before the client sends the body.
    var waitsToBeAsked: Bool { request.expectsContinue }

    /// A worker has the request.
    func requestBegan() {
        guard let stream, state == .body else { return }
        timers.progress &+= 1
        if stream.inputCount > 0 { stream.resume() }
    }

    /// Passes on what the worker has credit for; answers how many bytes are done with.
    private func forwardBody(_ bytes: Span<UInt8>) -> Int {
        guard let stream, let exchange, exchange.link != nil, exchange.credit > 0 else {
            self.stream?.pause()
            return 0
        }
        do throws(RequestError) {
            let (taken, data) = try body.take(bytes, limit: exchange.credit)
            if !data.isEmpty { exchange.sendBody(bytes.extracting(data)) }
            isAsked = true
            notes.answer.received += UInt64(taken)
            if body.isOver { endRequest() }
            return taken
        } catch {
            exchange.abandon(.badRequestBody)
            self.exchange = nil
            if hasResponseHead { breakOff(stream) } else { refuse(Refusal(error), closing: true) }
            return bytes.count
        }
    }

    private func endRequest() {
        state = .response
        exchange?.endRequest()
    }

    func receivedCredit() {
        guard let stream, state == .body || state == .tunnel else { return }
        if !isAsked, !hasResponseHead, stream.inputCount == 0 {
            stream.output.append(copying: "HTTP/1.1 100 Continue\r\n\r\n")
            stream.flushLater()
        }
        isAsked = true
        timers.progress &+= 1
        stream.resume()
    }

    /// Drops what comes of a body that nobody wants; answers how many bytes are done with.
    private func discardBody(_ bytes: Span<UInt8>) -> Int {
        guard let stream, let (taken, _) = try? body.take(bytes, limit: discardable) else {
            endAfterOutput(lingering: true)
            return bytes.count
        }
        discardable -= taken
        if body.isOver, !router.isDraining {
            awaitRequest(stream)
        } else if body.isOver || discardable <= 0 {
            endAfterOutput(lingering: !body.isOver)
        }
        return taken
    }

    func receivedEnd(from stream: BufferedStream) {
        clientEnded = true
        switch state {
        case .response where stream.inputCount == 0: router.loop.start(timer, after: Self.grace, self)
        case .tunnel: exchange?.endRequest()
        case .closing: break
        // What is answered is still to go out.
        case .discarding where stream.outputCount > 0, .head where stream.outputCount > 0: endAfterOutput()
        // A request that is not whole, or none at all.
        default: close()
        }
    }

    func failed(_ error: SystemError, on stream: BufferedStream) { ended() }

    func closed(_ stream: BufferedStream) { ended() }

    func drained(_ stream: BufferedStream) {
        exchange?.returnCredit()
        if state == .head, stream.isPaused { stream.resume() }
    }
}

// MARK: - Responses

extension ClientConnection {
    func receivedHead(_ response: ResponseHead) throws(LinkError) {
        guard let stream else { return }
        guard !hasResponseHead else { throw LinkError("a second response head") }
        let before = stream.output.count
        defer { notes.answer.sent += UInt64(stream.output.count - before) }
        if response.status < 200 {
            guard response.status != 101 else { return try becomeTunnel(response) }
            try encoder.appendInformational(response, to: &stream.output)
        } else {
            // A client that was not asked for the body may send it or not: nobody could tell it from a request.
            let isLast = router.isDraining || (state == .body && !isAsked)
            try encoder.appendHead(response, isLast: isLast, date: router.date, to: &stream.output)
            hasResponseHead = true
            noteHead(from: before, response.loggedVariables)
            notes.answer.status = response.status
            notes.answer.subStatus = response.subStatus
            notes.answer.win32Status = response.win32Status
            if !response.userName.isEmpty { notes.answer.userName = response.userName }
            if response.cache != nil { try beginFill(response) }
        }
        stream.flushLater()
    }

    func receivedBody(_ bytes: Span<UInt8>) throws(LinkError) {
        guard let stream else { return }
        guard hasResponseHead, transfer == nil else { throw LinkError("a body without a head of its own") }
        let before = stream.output.count
        try encoder.appendBody(bytes, to: &stream.output)
        fill?.append(bytes)
        notes.answer.sent += UInt64(stream.output.count - before)
        stream.flushLater()
        if !stream.isCongested { exchange?.returnCredit() }
    }

    func receivedEnd() throws(LinkError) {
        guard let stream else { return }
        exchange = nil
        guard state != .tunnel else { return tunnelEnded() }
        guard hasResponseHead else {
            refuse(.workerFailed, closing: true)
            throw LinkError("a response without a head")
        }
        let before = stream.output.count
        guard encoder.appendEnd(to: &stream.output) else {
            breakOff(stream)
            throw LinkError("a body shorter than its length")
        }
        notes.answer.sent += UInt64(stream.output.count - before)
        endFill()
        if transfer == nil { finish(stream) }
    }

    /// The worker will send nothing more.
    func failed(_ refusal: Refusal) {
        exchange = nil
        guard let stream else { return }
        guard hasResponseHead else { return refuse(refusal, closing: true) }
        // A file that is the rest of the response needs no worker any more.
        guard transfer == nil || encoder.framing != .length(0) else { return }
        noteDrop(refusal.reason)
        breakOff(stream)
    }

    /// The worker will not answer: the connection ends behind what earlier requests were answered.
    func aborted() {
        exchange = nil
        guard let stream else { return }
        guard !hasResponseHead else { return breakOff(stream) }
        noteDrop("Connection_Dropped")
        tally()
        endAfterOutput()
    }

    /// Ends a response that is not whole so that the client sees it: its framing stays open, and where only the
    /// connection's end would frame it the connection is reset.
    func breakOff(_ stream: BufferedStream) {
        noteAnswer(win32Status: Self.connectionAborted)
        state = .closing
        stream.source = nil
        transfer?.cancel()
        transfer = nil
        guard encoder.framing == .close else { return stream.closeAfterOutput() }
        stream.close(resetting: true)
        ended()
    }

    /// The response is written: on to the next request, or to the end.
    func finish(_ stream: BufferedStream) {
        stream.flushLater()
        noteAnswer()
        guard encoder.keepsAlive, !clientEnded, !router.closesIdle else {
            return endAfterOutput(lingering: state == .body || stream.inputCount > 0)
        }
        guard state == .body else { return awaitRequest(stream) }
        if case .length(let missing) = body, missing > UInt64(Self.maximumDiscarded) {
            return endAfterOutput(lingering: true)
        }
        state = .discarding
        discardable = Self.maximumDiscarded
        timers.restart(self)
        stream.resume()
    }

    private func awaitRequest(_ stream: BufferedStream) {
        state = .head
        notes = RequestNotes()
        facts = nil
        timers.restart(self)
        if stream.inputCount > 0 || stream.isPaused { stream.resume() }
    }

    /// Nothing follows what is written.
    func endAfterOutput(lingering: Bool = false) {
        state = .closing
        stream?.closeAfterOutput(lingering: lingering)
    }

    /// Answers in the router's own name.
    private func refuse(_ refusal: Refusal, closing: Bool) {
        guard let stream else { return }
        if refusal.isOfPoolDown, notes.pool?.closesConnections == true {
            noteDrop(refusal.reason)
            tally()
            state = .closing
            stream.close(resetting: true)
            return ended()
        }
        noteDrop(refusal.reason, status: refusal.status)
        let before = stream.output.count
        let page = refusal.page
        var response = ResponseHead(status: refusal.status, contentLength: UInt64(page.count))
        response.headers.append("Content-Type", "text/html; charset=utf-8")
        // The texts and fields are the router's own and can stand in a response.
        try? encoder.appendHead(response, isLast: closing, date: router.date, to: &stream.output)
        try? encoder.appendBody(page.span, to: &stream.output)
        notes.answer.sent += UInt64(stream.output.count - before)
        tally(refusal.status)
        state = .closing
        stream.closeAfterOutput(lingering: true)
    }
}
