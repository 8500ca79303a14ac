import EventLoop
import HTTP1
import Platform

/// Whoever uses a connection to a backend for one request.
protocol BackendConnectionUser: AnyObject {
    /// The final head of the response has come; bytes of its body may follow in the same turn.
    func receivedHead(_ bytes: Span<UInt8>, _ response: borrowing ParsedResponse) throws(ProxyFailure)
    /// Bytes of the body without its framing, or of a tunnel.
    func receivedAnswer(_ bytes: Span<UInt8>)
    /// The response is complete; of a tunnel, the backend writes no more.
    func answerEnded()
    /// All that arrived at once is told.
    func toldAll()
    /// Output that was more than should wait has gone out.
    func drained()
    /// The connection is closed. `hasAnswered` says whether anything had come.
    func failed(_ failure: ProxyFailure, hasAnswered: Bool)
    /// Nothing happened for the time that a phase may take; whether that is the backend's fault.
    func isLate() -> Bool
}

/// One connection to a backend, and the response that comes on it.
final class BackendConnection {
    private enum State {
        case idle, head, body, tunnel, closed
    }

    /// As many informational heads may come before the final one.
    private static let maximumInformational = 100
    /// How seldom at least it is looked whether the time is up. Unit: nanoseconds.
    private static let longestPause: UInt64 = 15_000_000_000

    let stream: BufferedStream
    private let pool: BackendConnections
    private var user: (any BackendConnectionUser)?
    private var state = State.idle
    /// Whether it had a request before.
    private(set) var isReused = false

    private var isHead = false
    private var parser = ResponseParser()
    private var response = ParsedResponse()
    private var informational = 0
    private var hasAnswered = false
    /// How much had been written before the request.
    private var writtenBefore: UInt64 = 0
    /// The turn in which it was used last.
    private var waitsSince: UInt64 = 0
    /// Of a tunnel: whether the backend writes no more.
    private var hasEnded = false
    /// Whether its user is through with it.
    private var isClosing = false
    /// Of a body with a length: how much is still to come.
    private var missing: UInt64 = 0
    private var decoder = ChunkedDecoder()

    private let timer = Timer()
    /// By the loop's clock.
    private var deadline = UInt64.max
    /// When the timer fires.
    private var wakesAt = UInt64.max
    private var timeout: UInt64 = 0

    init(_ descriptor: consuming FileDescriptor, of pool: BackendConnections) throws(SystemError) {
        self.pool = pool
        stream = BufferedStream(descriptor, on: pool.loop)
        // An answer that the backend wrote before it closed counts more than that it takes no more.
        stream.readsToTheEnd = true
        try stream.open(self)
    }

    /// Some hundred years. Unit: nanoseconds.
    private static let never = UInt64.max / 4

    /// Whether a waiting connection may take a request.
    ///
    /// The loop tells of what the backend says or that it ends. Where it had no time to, since the connection waits in this
    /// turn only, and for a request that cannot be sent again, the kernel is asked.
    func isUsable(isRepeatable: Bool) -> Bool {
        guard stream.isOpen, isRepeatable && waitsSince != pool.loop.now || stream.isQuiet else { return false }
        isReused = true
        return true
    }

    /// Takes a request, whose bytes `user` then appends to the stream's output.
    ///
    /// - Parameters:
    ///   - isHead: whether no body will follow the response's head.
    ///   - timeout: how long nothing may happen; 0: as long as it takes. Unit: seconds.
    func begin(_ user: any BackendConnectionUser, isHead: Bool, timeout: Int) {
        self.user = user
        self.isHead = isHead
        self.timeout = timeout == 0 ? Self.never : UInt64(timeout) * 1_000_000_000
        state = .head
        (informational, hasAnswered, writtenBefore) = (0, false, stream.sentCount)
        arm()
    }

    /// Waits for a next request.
    func wait(seconds: Int) {
        state = .idle
        waitsSince = pool.loop.now
        user = nil
        timeout = UInt64(seconds) * 1_000_000_000
        arm()
    }

    /// Closes when all output is written.
    func closeAfterOutput() {
        guard stream.isOpen else { return close() }
        isClosing = true
        stream.closeAfterOutput()
    }

    func close() {
        state = .closed
        user = nil
        pool.loop.cancel(timer)
        stream.close()
    }

    // MARK: - Time

    /// Something happened: the time begins anew.
    func arm() {
        deadline = pool.loop.now &+ timeout
        if deadline < wakesAt { wake(at: min(deadline, pool.loop.now + Self.longestPause)) }
    }

    private func wake(at time: UInt64) {
        wakesAt = time
        pool.loop.start(timer, after: time - pool.loop.now, self)
    }
}

extension BackendConnection: TimerHandler {
    func timerFired(_ timer: Timer) {
        wakesAt = .max
        let now = pool.loop.now
        if now < deadline { return wake(at: min(deadline, now + Self.longestPause)) }
        guard let user else {
            pool.remove(self)
            return close()
        }
        guard user.isLate() else { return arm() }
        // The user may have closed it just now.
        if state != .closed { fail(.timedOut) }
    }
}

extension BackendConnection: StreamHandler {
    func received(_ bytes: Span<UInt8>, from stream: BufferedStream) -> Int {
        guard let user else {
            // A backend that speaks unasked answers no next request.
            pool.remove(self)
            close()
            return bytes.count
        }
        guard !isUnasked else {
            fail(.aborted)
            return bytes.count
        }
        arm()
        var position = 0
        do throws(ProxyFailure) {
            if state == .head { try takeHead(bytes, &position, user) }
            if state == .body { try takeBody(bytes, &position, user) }
            if state == .tunnel, position < bytes.count {
                user.receivedAnswer(bytes.extracting(droppingFirst: position))
                position = bytes.count
            }
        } catch {
            fail(error)
            return bytes.count
        }
        user.toldAll()
        return position
    }

    /// Whether what comes belongs to the request before: nothing of this one is written yet. On a connection that is new a
    /// backend may say at once that it takes none.
    private var isUnasked: Bool { isReused && state == .head && !hasAnswered && stream.sentCount == writtenBefore }

    private func takeHead(
        _ bytes: Span<UInt8>, _ position: inout Int, _ user: any BackendConnectionUser
    ) throws(ProxyFailure) {
        hasAnswered = true
        repeat {
            let rest = bytes.extracting(droppingFirst: position)
            do throws(ResponseError) {
                guard try parser.parse(rest, isHead: isHead, into: &response) else { return }
            } catch {
                throw .invalidResponse
            }
            if response.status >= 200 || response.status == 101 { try begin(rest, user) }
            position += response.length
            guard state == .head else { return }
            informational += 1
            guard informational <= Self.maximumInformational else { throw .invalidResponse }
        } while position < bytes.count
    }

    private func begin(_ bytes: Span<UInt8>, _ user: any BackendConnectionUser) throws(ProxyFailure) {
        try user.receivedHead(bytes, response)
        state = response.status == 101 ? .tunnel : .body
        switch response.body {
        case .length(let length): missing = length
        case .chunked: decoder = ChunkedDecoder()
        case .none, .untilClose: break
        }
    }

    private func takeBody(
        _ bytes: Span<UInt8>, _ position: inout Int, _ user: any BackendConnectionUser
    ) throws(ProxyFailure) {
        switch response.body {
        case .none: end(isLast: position < bytes.count)
        case .length:
            let count = Int(min(missing, UInt64(bytes.count - position)))
            missing -= UInt64(count)
            user.receivedAnswer(bytes.extracting(position..<position + count))
            position += count
            if missing == 0 { end(isLast: position < bytes.count) }
        case .untilClose:
            user.receivedAnswer(bytes.extracting(droppingFirst: position))
            position = bytes.count
        case .chunked:
            while state == .body {
                do throws(RequestError) {
                    switch try decoder.next(bytes, &position) {
                    case .data(let range): user.receivedAnswer(bytes.extracting(range))
                    case .needsMore: return
                    case .end: end(isLast: position < bytes.count)
                    }
                } catch {
                    throw .invalidResponse
                }
            }
        }
    }

    /// The response is complete. `isLast`: the connection takes no further request.
    private func end(isLast: Bool) {
        let user = user
        let isKept = !isLast && response.keepsAlive && stream.outputCount == 0
        self.user = nil
        state = .idle
        user?.answerEnded()
        // The user closes a connection whose request was not sent to its end.
        guard stream.isOpen, state == .idle else { return }
        guard isKept else { return close() }
        if stream.isPaused { stream.resume() }
        pool.keep(self)
    }

    func receivedEnd(from stream: BufferedStream) {
        switch state {
        case .idle:
            pool.remove(self)
            close()
        // An end in the midst of a head is an answer that is none.
        case .head: fail(hasAnswered ? .invalidResponse : .aborted)
        case .body where response.body == .untilClose:
            let user = user
            end(isLast: true)
            user?.toldAll()
        case .body: fail(.invalidResponse)
        case .tunnel:
            hasEnded = true
            arm()
            user?.answerEnded()
            user?.toldAll()
        case .closed: break
        }
    }

    func failed(_ error: SystemError, on stream: BufferedStream) {
        guard state != .idle else { return pool.remove(self) }
        // The backend of a tunnel has closed it behind its last word. The client, whose bytes go nowhere any more, has that
        // word still to come, and then its time to end too.
        if state == .tunnel, hasEnded {
            // Nobody waits for it any more.
            if isClosing { close() }
            return
        }
        fail(ProxyFailure(error))
    }

    func drained(_ stream: BufferedStream) {
        arm()
        user?.drained()
    }

    func closed(_ stream: BufferedStream) { close() }

    private func fail(_ failure: ProxyFailure) {
        let user = user
        close()
        user?.failed(failure, hasAnswered: hasAnswered)
    }
}

extension ProxyFailure {
    init(_ error: SystemError) {
        self =
            switch error.code {
            // ENOENT, EAGAIN, EACCES, EMFILE, ENETUNREACH, ECONNREFUSED, EHOSTUNREACH
            case 2, 11, 13, 24, 101, 111, 113: .cannotConnect
            // ETIMEDOUT
            case 110: .timedOut
            default: .aborted
            }
    }
}
