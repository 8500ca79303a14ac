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
    private enum State {
        /// Between requests, or in a head.
        case head
        /// In the body of the request in work.
        case body
        /// The request is read; its response is awaited or under way.
        case response
        /// The response is the last one.
        case closing
    }

    /// How much of further requests is read ahead. Unit: bytes.
    private static let maximumPipelined = 1 << 16
    /// Unit: nanoseconds.
    private static let defaultTimeout: UInt64 = 120_000_000_000
    private static let grace: UInt64 = 1_000_000_000

    let router: RouterLoop
    let remote: Endpoint
    let local: Endpoint
    /// Both for the access log.
    private(set) lazy var addresses = LoggedAddresses(remote: remote, local: local)
    /// Nil before `open`.
    private var stream: BufferedStream?
    private var state = State.head
    private var parser = RequestParser()
    private(set) var request = ParsedRequest()
    private(set) var cooker = PathCooker()
    /// The head of the request in work, while it is read and waits for its worker.
    private(set) var head: [UInt8] = []
    /// What the logs will tell of it.
    var notes = RequestNotes()
    private var facts: RequestHeadWriter.Facts?
    private var body = RequestBody.none
    private var exchange: Exchange?
    private var encoder = ResponseEncoder(isHead: false, isHTTP11: true, keepsAlive: true)
    private var hasResponseHead = false
    private var clientEnded = false

    private let timer = Timer()
    private var timeout = ClientConnection.defaultTimeout
    /// Counts what moved since the connection was made, and what it was when the timer was started.
    private var progress = 0
    private var progressAtStart = -1

    init(router: RouterLoop, remote: Endpoint, local: Endpoint) {
        self.router = router
        self.remote = remote
        self.local = local
    }

    /// Takes the connection; false when it cannot be watched.
    func open(_ descriptor: consuming FileDescriptor) -> Bool {
        let stream = BufferedStream(descriptor, on: router.loop)
        guard (try? stream.open(self)) != nil else { return false }
        self.stream = stream
        startTimer()
        return true
    }

    /// No request follows the one in work.
    func drain() {
        if state == .head, !parser.isInHead { close() }
    }

    private func startTimer() { router.loop.start(timer, after: timeout, self) }

    /// Closes at once; a worker that is busy with the request is told.
    private func close() {
        stream?.close()
        ended()
    }

    /// The stream is closed.
    private func ended() {
        guard stream != nil else { return }
        if state == .body || state == .response { noteClientGone(hasAnswer: hasResponseHead) }
        stream = nil
        router.loop.cancel(timer)
        exchange?.abandon(.clientGone)
        exchange = nil
        router.closed(self)
    }
}

// MARK: - Requests

extension ClientConnection: StreamHandler {
    func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        var position = 0
        progress += 1
        loop: while position < bytes.count, self.stream != nil {
            let rest = bytes.extracting(droppingFirst: position)
            switch state {
            case .head:
                if !parser.isInHead { notes = RequestNotes(startedAt: router.loop.now) }
                do throws(RequestError) {
                    guard try parser.parse(rest, into: &request) else { break loop }
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
        timeout = site.connectionTimeout
        notes.siteID = site.id
        notes.log = site.log
        guard site.isAvailable else { return refuse(.unavailableSite, closing: true) }
        let path = cooker.path
        guard let application = site.application(path.span) else { return refuse(.notFound, closing: true) }
        notes.pool = application.pool
        facts = RequestHeadWriter.Facts(
            version: request.isHTTP11 ? .http11 : .http10, scheme: .http, body: body.announced, siteID: site.id,
            applicationPathLength: application.path.count, remote: remote, local: local)
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

    /// A worker has the request.
    func requestBegan() {
        guard let stream, state == .body else { return }
        if request.expectsContinue { stream.output.append(copying: "HTTP/1.1 100 Continue\r\n\r\n") }
        if request.expectsContinue { stream.flushLater() }
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
        if state == .body { stream?.resume() }
    }

    func receivedEnd(from stream: BufferedStream) {
        clientEnded = true
        switch state {
        case .response where stream.inputCount == 0: router.loop.start(timer, after: Self.grace, self)
        case .closing: break
        // A request that is not whole, or none at all.
        default: close()
        }
    }

    func failed(_ error: SystemError, on stream: BufferedStream) { ended() }

    func closed(_ stream: BufferedStream) { ended() }

    func drained(_ stream: BufferedStream) {
        progress += 1
        exchange?.returnCredit()
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
            guard response.status != 101 else { throw LinkError("an upgrade that nobody asked for") }
            try encoder.appendInformational(response, to: &stream.output)
        } else {
            try encoder.appendHead(response, isLast: router.isDraining, date: router.date, to: &stream.output)
            hasResponseHead = true
            notes.answer.status = response.status
            notes.answer.subStatus = response.subStatus
            notes.answer.win32Status = response.win32Status
        }
        stream.flushLater()
    }

    func receivedBody(_ bytes: Span<UInt8>) throws(LinkError) {
        guard let stream else { return }
        guard hasResponseHead else { throw LinkError("a body without a head") }
        let before = stream.output.count
        try encoder.appendBody(bytes, to: &stream.output)
        notes.answer.sent += UInt64(stream.output.count - before)
        stream.flushLater()
        if !stream.isCongested { exchange?.returnCredit() }
    }

    func receivedEnd() throws(LinkError) {
        guard let stream else { return }
        exchange = nil
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
        finish(stream)
    }

    /// The worker will send nothing more.
    func failed(_ refusal: Refusal) {
        exchange = nil
        guard let stream else { return }
        guard hasResponseHead else { return refuse(refusal, closing: true) }
        noteDrop(refusal.reason)
        breakOff(stream)
    }

    /// Ends a response that is not whole so that the client sees it: its framing stays open, and where only the
    /// connection's end would frame it the connection is reset.
    private func breakOff(_ stream: BufferedStream) {
        noteAnswer(win32Status: Self.connectionAborted)
        state = .closing
        guard encoder.framing == .close else { return stream.closeAfterOutput() }
        stream.close(resetting: true)
        ended()
    }

    /// The response is written: on to the next request, or to the end.
    private func finish(_ stream: BufferedStream) {
        stream.flushLater()
        noteAnswer()
        guard encoder.keepsAlive, state == .response, !clientEnded, !router.isDraining else {
            let isUnread = state == .body || stream.inputCount > 0
            state = .closing
            stream.closeAfterOutput(lingering: isUnread)
            return
        }
        state = .head
        notes = RequestNotes()
        facts = nil
        startTimer()
        if stream.inputCount > 0 || stream.isPaused { stream.resume() }
    }

    /// Answers in the router's own name.
    private func refuse(_ refusal: Refusal, closing: Bool) {
        guard let stream else { return }
        noteDrop(refusal.reason, status: refusal.status)
        let page = refusal.page
        var response = ResponseHead(status: refusal.status, contentLength: UInt64(page.count))
        response.headers.append("Content-Type", "text/html; charset=utf-8")
        // The texts and fields are the router's own and can stand in a response.
        try? encoder.appendHead(response, isLast: closing, date: router.date, to: &stream.output)
        try? encoder.appendBody(page.span, to: &stream.output)
        state = .closing
        stream.closeAfterOutput(lingering: true)
    }
}

extension ClientConnection: TimerHandler {
    /// Between requests and in a head the time is up; in a request only when nothing moved since the timer started.
    func timerFired(_ timer: Timer) {
        guard let stream else { return }
        let waitsForClient = state == .head || state == .closing || clientEnded
        let isStuck = progress == progressAtStart && (stream.outputCount > 0 || state == .body)
        guard !waitsForClient, !isStuck else {
            noteTimeout()
            return close()
        }
        progressAtStart = progress
        startTimer()
    }

    /// Tells whose time was up. A client that ended its half is one that left.
    private func noteTimeout() {
        switch state {
        case .head: noteDrop(parser.isInHead ? "Timer_HeaderWait" : "Timer_ConnectionIdle")
        case .body: noteDrop("Timer_EntityBody")
        case .response where !clientEnded: noteDrop("Timer_MinBytesPerSecond")
        case .response, .closing: break
        }
    }
}
