internal import EventLoop
internal import HTTP1
internal import Wire

/// How long a connection waits for its client, and for what (HTTP.sys's timers).
///
/// One timer does for all of them. It is started anew between requests; while a request is in work it merely looks, now
/// and then, whether the client does its part.
struct ConnectionTimers {
    /// What the connection waits for when its timer fires.
    enum Wait: Equatable {
        /// The client is to take what is written; so many bytes it has taken in all. `isHeld`: it is the site's
        /// bandwidth that output waits for.
        case output(delivered: UInt64, isHeld: Bool)
        /// The next request.
        case request
        /// The rest of a head.
        case head
        /// The rest of a request's body, which may be sent.
        case body
        /// Nothing, with a client that has ended its half.
        case end
        /// Nothing of the client.
        case worker
    }

    enum Decision: Equatable {
        /// Look again after so many nanoseconds.
        case again(UInt64)
        /// The time is up, for HTTP.sys's reason if it has one.
        case close(String?)
    }

    /// `connectionTimeout` of the site whose request came last, or of the server. Unit: nanoseconds.
    var timeout: UInt64
    /// `headerWaitTimeout`. Unit: nanoseconds; 0: as long as a connection may be idle.
    private let headerWait: UInt64
    private let minimumRate: UInt32
    private var rate = ReceivingRate()
    private var isTakingOutput = false
    private var isTimingHead = true
    /// Counts what the client did and what it was let do.
    var progress: UInt32 = 0
    private var progressSeen = UInt32.max

    init(_ limits: RouteTable.ServerLimits) {
        timeout = UInt64(limits.connectionTimeout) * 1_000_000_000
        headerWait = UInt64(limits.headerWaitTimeout) * 1_000_000_000
        minimumRate = limits.minBytesPerSecond
    }

    /// How long the first head may take from the connection's beginning on. Unit: nanoseconds.
    var first: UInt64 { headerWait > 0 ? headerWait : timeout }

    /// The connection waits from now on for what comes next.
    mutating func restart(_ connection: ClientConnection) {
        isTimingHead = false
        connection.router.loop.start(connection.timer, after: timeout, connection)
    }

    /// A part of a head has come; answers how long the rest may take where that is not running already.
    mutating func headBegan() -> UInt64? {
        guard !isTimingHead, headerWait > 0 else { return nil }
        isTimingHead = true
        return headerWait
    }

    mutating func fired(_ wait: Wait, now: UInt64) -> Decision {
        if case .output(let delivered, let isHeld) = wait {
            isTakingOutput = true
            if isHeld { rate.reset() }
            guard isHeld || rate.isEnough(delivered, minimum: minimumRate, now: now) else {
                return .close("Timer_MinBytesPerSecond")
            }
            return .again(ReceivingRate.window)
        }
        if isTakingOutput {
            // Only now the client has what it asked for.
            isTakingOutput = false
            rate.reset()
            if wait != .end { return .again(timeout) }
        }
        switch wait {
        case .request: return .close("Timer_ConnectionIdle")
        case .head: return .close("Timer_HeaderWait")
        case .end: return .close(nil)
        case .body where progress == progressSeen: return .close("Timer_EntityBody")
        case .body, .worker, .output:
            progressSeen = progress
            return .again(timeout)
        }
    }
}

extension ClientConnection: TimerHandler {
    func timerFired(_ timer: Timer) {
        guard let stream, state != .tunnel else { return }
        switch timers.fired(wait(stream), now: router.loop.now) {
        case .again(let delay): router.loop.start(timer, after: delay, self)
        case .close(let reason):
            if let reason { noteDrop(reason) }
            close()
        }
    }

    private func wait(_ stream: BufferedStream) -> ConnectionTimers.Wait {
        // A file that is being read is not what the client is to take.
        if stream.outputCount > 0 || transfer.map({ !$0.isReading }) ?? false {
            return .output(delivered: stream.deliveredCount, isHeld: throttle?.isHolding ?? false)
        }
        switch state {
        case .head: return parser.isInHead ? .head : .request
        case .closing: return .end
        case .discarding: return .body
        case .body: return exchange?.link != nil && !stream.isPaused ? .body : .worker
        case .response: return clientEnded ? .end : .worker
        case .tunnel: return .worker
        }
    }

    /// A head has begun and is not whole.
    func headBegan() {
        guard parser.isInHead, let delay = timers.headBegan() else { return }
        router.loop.start(timer, after: delay, self)
    }
}
