public import EventLoop
import HTTP1
public import Pipeline
import Platform
import Wire

/// Whoever has requests passed on.
public protocol ProxyOwner: AnyObject {
    /// Called once for each request, when the backend has nothing to do with it any more.
    func ended(_ outcome: ProxyOutcome, at backend: Backend)
    /// Takes a request back that could not be sent, since the backend takes no connections, as long as nothing of its body
    /// is taken, and resumes it in its time; answers false where it is refused.
    func takeBack(_ request: RequestContext, from backend: Backend, tries: Int) -> Bool
}

/// One request passed on to a backend, and its answer passed back.
///
/// It is the reader of the request's body and, where the answer does not come whole at once, the source of the
/// response's. Both ways no more waits here than the other side has not taken yet: the client's credit comes back as
/// the backend takes bytes, and the backend is not read while `highWater` bytes wait for the client.
public final class ProxyExchange {
    /// Unit: bytes.
    private static let highWater = 1 << 17
    /// Below it the backend is read again, and as many bytes of the client are worth telling it. Unit: bytes.
    private static let lowWater = 1 << 15

    /// Its context is another request's as soon as the exchange is over.
    private let request: RequestContext
    private let backend: Backend
    private let rules: ProxyRules
    private let owner: any ProxyOwner
    private let tries: Int
    private var connection: BackendConnection?
    /// Since when it waits for room among the backend's connections, by the loop's clock.
    private var seekingSince: UInt64 = 0

    /// Whether the request waits for the answer's head.
    private var isPending = true
    private var isOver = false
    /// What went wrong, for when that may be told.
    private var failure: ProxyFailure?
    private var wasRepeated = false

    /// How the request's body is framed; nil once all of it is written.
    private var sending: RequestHead.Body?
    /// Bytes of the client whose credit was not given back.
    private var untaken = 0
    /// Whether something of the body has come here, so that nobody else gets it any more.
    private var hasTaken = false

    private var hasHead = false
    private var contentLength: UInt64?
    /// What came of the answer, from `taken` on not taken yet.
    private var buffer: [UInt8] = []
    private var taken = 0
    private var hasAll = false
    /// Whether the pipeline waits for more.
    private var isWaiting = false

    private let asksForWebSocket: Bool
    private var isTunnel = false
    private var clientEnded = false

    /// Passes the request on. Its module answers `pending`, and may call this before that; the exchange resumes it.
    ///
    /// - Parameter tries: how often it was taken back before.
    public static func begin(
        _ request: RequestContext, to backend: Backend, _ rules: ProxyRules, for owner: any ProxyOwner, tries: Int = 0
    ) {
        ProxyExchange(request, backend, rules, owner, tries).begin()
    }

    private init(
        _ request: RequestContext, _ backend: Backend, _ rules: ProxyRules, _ owner: any ProxyOwner, _ tries: Int
    ) {
        self.request = request
        self.backend = backend
        self.rules = rules
        self.owner = owner
        self.tries = tries
        let body = request.head.body
        sending = body == .none ? nil : body
        asksForWebSocket = rules.offersWebSockets && request.canBecomeTunnel && request.asksForWebSocket
    }

    private func begin() {
        // Whoever called has not answered `pending` yet, maybe.
        guard request.hasClient else { return backend.connections.loop.atEndOfTurn(self) }
        do throws(SystemError) {
            try connect()
        } catch {
            failure = ProxyFailure(error)
            backend.connections.loop.atEndOfTurn(self)
        }
    }

    /// Sends the request on a connection, now or when it is its turn.
    private func connect() throws(SystemError) {
        let connections = backend.connections
        if !connections.isCrowded, try sendNow() { return }
        seekingSince = connections.loop.now
        connections.wait(self)
    }

    /// Answers false where the backend lets no more connections wait to be accepted.
    private func sendNow() throws(SystemError) -> Bool {
        do throws(SystemError) {
            let connections = backend.connections
            let connection =
                wasRepeated ? try connections.connect() : try connections.take(isRepeatable: isRepeatable)
            send(on: connection)
            // Whether a new connection comes to be is known when the head is written, before anything of the body is read.
            if sending != nil, !connection.isReused {
                backend.connections.loop.atEndOfTurn(self)
            } else if !wasRepeated {
                request.read(self)
            }
        } catch {
            guard error.code == 11 else { throw error }  // EAGAIN
            return false
        }
        return true
    }

    private func send(on connection: BackendConnection) {
        self.connection = connection
        connection.begin(self, isHead: request.verb == .head, timeout: rules.requestTimeout)
        BackendRequestWriter.append(
            request.head, path: request.isOwnURL ? nil : request.resolution.path, token: backend.token,
            address: backend.address, upgrades: asksForWebSocket,
            to: &connection.stream.output)
        connection.stream.flushLater()
    }

    /// Whether the backend may get the request twice: it changes nothing, or nothing more (RFC 9110 §9.2.2), and all of
    /// it is still here.
    private var isRepeatable: Bool {
        guard request.head.body == .none else { return false }
        switch request.verb {
        case .get, .head, .options, .trace: return true
        case .post: return false
        case .other:
            return request.head.method.equalsIgnoringCase("put") || request.head.method.equalsIgnoringCase("delete")
        }
    }

    /// The backend has nothing to do with the request any more.
    private func finish(_ outcome: ProxyOutcome) {
        guard !isOver else { return }
        isOver = true
        connection?.close()
        connection = nil
        owner.ended(outcome, at: backend)
    }

    /// Lets the pipeline go on with the request.
    private func resume(_ status: NotificationStatus) {
        isPending = false
        request.resume(status)
    }

    /// The answer's head has not gone to the client: it gets an error of ours.
    private func refuse(_ failure: ProxyFailure) {
        finish(.failed(failure))
        request.stopReading()
        if failure == .cannotConnect, !hasTaken {
            isPending = false
            if owner.takeBack(request, from: backend, tries: tries) { return }
        }
        resume(request.refuse(.badGateway, failure.text, code: failure.code))
    }
}

extension ProxyExchange: TurnHandler {
    /// It could not begin, or its body is to be read now.
    public func turnEnded() {
        guard isPending, !isOver else { return }
        guard request.hasClient else { return leave() }
        if let failure { return refuse(failure) }
        // Of more than may come, nobody gets a part that looks whole.
        guard request.takesBody(0) else { return stopped() }
        request.read(self)
    }

    /// The client is gone before its request.
    private func leave() {
        finish(.clientGone)
        resume(.finishRequest)
    }
}

extension ProxyExchange: ConnectionSeeker {
    func hasLeft() -> Bool {
        guard isPending, !isOver else { return true }
        guard !request.hasClient else { return false }
        leave()
        return true
    }

    func seek() -> Bool {
        guard request.takesBody(0) else {
            stopped()
            return true
        }
        do throws(SystemError) {
            if try sendNow() { return true }
        } catch {
            refuse(ProxyFailure(error))
            return true
        }
        let time = backend.connections.loop.now &- seekingSince
        guard rules.requestTimeout > 0, time >= UInt64(rules.requestTimeout) * 1_000_000_000 else { return false }
        refuse(.timedOut)
        return true
    }
}

// MARK: - The request

extension ProxyExchange: RequestBodyReader {
    public func received(_ bytes: Span<UInt8>) {
        hasTaken = true
        guard let connection, connection.stream.isOpen, isTunnel || sending != nil else {
            return request.took(bytes.count)
        }
        let stream = connection.stream
        if !isTunnel, sending == .chunked {
            ResponseWriter.appendChunkSize(bytes.count, to: &stream.output)
            stream.output.append(copying: bytes)
            ResponseWriter.appendLineEnd(to: &stream.output)
        } else {
            stream.output.append(copying: bytes)
        }
        stream.flushLater()
        connection.arm()
        untaken += bytes.count
        if untaken >= Self.lowWater, !stream.isCongested { giveCredit() }
    }

    private func giveCredit() {
        request.took(untaken)
        untaken = 0
    }

    public func receivedEnd() {
        if isTunnel {
            clientEnded = true
            guard hasAll else {
                connection?.arm()
                connection?.stream.endAfterOutput()
                return
            }
            connection?.closeAfterOutput()
            connection = nil
            return finish(.answered)
        }
        guard let connection, sending != nil else { return }
        if sending == .chunked { ResponseWriter.appendLastChunk(to: &connection.stream.output) }
        sending = nil
        connection.arm()
        connection.stream.flushLater()
    }

    public func stopped() {
        guard !isOver else { return }
        finish(.clientGone)
        if isPending { resume(.finishRequest) }
    }
}

// MARK: - The answer

extension ProxyExchange: BackendConnectionUser {
    func receivedHead(_ bytes: Span<UInt8>, _ response: borrowing ParsedResponse) throws(ProxyFailure) {
        isTunnel = response.status == 101
        guard !isTunnel || asksForWebSocket else { throw .invalidResponse }
        hasHead = true
        contentLength = response.contentLength
        BackendResponseReader.apply(bytes, response, rules, to: request)
    }

    func receivedAnswer(_ bytes: Span<UInt8>) {
        buffer.append(copying: bytes)
        if buffer.count - taken > Self.highWater { connection?.stream.pause() }
    }

    func answerEnded() {
        hasAll = true
        guard !isTunnel else { return }
        // A backend that answered before it had the whole request would take the rest for another one.
        if sending != nil { connection?.close() }
        connection = nil
        request.stopReading()
        finish(.answered)
    }

    func toldAll() {
        guard hasHead else { return }
        if isPending {
            if request.verb == .head {
                request.response.body = .stream(AnnouncedBody(length: contentLength))
            } else {
                request.response.body = hasAll && !isTunnel ? .bytes(buffer) : .stream(self)
            }
            resume(.continue)
        } else {
            sendMore()
        }
    }

    private func sendMore() {
        guard isWaiting else { return }
        isWaiting = false
        request.resumeSending()
    }

    func drained() { if !isOver, untaken > 0 { giveCredit() } }

    func failed(_ failure: ProxyFailure, hasAnswered: Bool) {
        // Of a tunnel that was through, whose context is another request's by now.
        guard !isOver else { return }
        let wasReused = connection?.isReused == true
        connection = nil
        guard isPending else { return breakOff(failure) }
        if failure == .aborted, wasReused, !hasAnswered, !wasRepeated, isRepeatable { return sendAgain() }
        if hasHead { request.response.clear() }
        refuse(failure)
    }

    /// The backend had closed a connection that waited, as it may at any time.
    private func sendAgain() {
        wasRepeated = true
        do throws(SystemError) {
            try connect()
        } catch {
            refuse(ProxyFailure(error))
        }
    }

    /// The client has the head already, so that all that is left is to let it see that the answer is not whole.
    private func breakOff(_ failure: ProxyFailure) {
        self.failure = failure
        finish(.failed(failure))
        if isTunnel { request.breakOff() } else { sendMore() }
    }

    func isLate() -> Bool {
        if isTunnel { return hasAll || clientEnded }
        guard let stream = connection?.stream else { return true }
        // The client takes its time: to send, or to take what came.
        let waitsForClient = sending != nil && !hasHead && !stream.isCongested
        return !waitsForClient && !stream.isPaused
    }
}

extension ProxyExchange: BodySource {
    public var length: Int64? { isTunnel ? nil : contentLength.map { Int64(clamping: $0) } }

    public func produce(_ limit: Int, into bytes: inout [UInt8]) -> BodyProgress {
        let count = min(limit, buffer.count - taken)
        bytes.append(contentsOf: buffer[taken..<taken + count])
        taken += count
        let waiting = buffer.count - taken
        if waiting == 0 {
            buffer.removeAll(keepingCapacity: true)
            taken = 0
        } else if taken >= Self.highWater {
            buffer.removeFirst(taken)
            taken = 0
        }
        if let connection, connection.stream.isPaused, waiting < Self.lowWater {
            connection.arm()
            connection.stream.resume()
        }
        guard waiting == 0 else { return .more }
        if failure != nil { return .failed }
        guard hasAll else {
            isWaiting = true
            return .waiting
        }
        if isTunnel, clientEnded {
            connection?.closeAfterOutput()
            connection = nil
            finish(.answered)
        }
        return .ended
    }

    public func cancel() {
        request.stopReading()
        finish(.clientGone)
    }
}

extension RequestContext {
    /// `Upgrade: websocket` of a GET (RFC 6455 §4.1).
    fileprivate var asksForWebSocket: Bool {
        guard verb == .get, let field = head.field("upgrade") else { return false }
        return head.value(ofField: field).equalsIgnoringCase("websocket")
    }
}
