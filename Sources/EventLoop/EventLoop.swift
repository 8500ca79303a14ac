//  EventLoop: one thread, one epoll, everything that happens on it.
//
//  `EventLoop.run` waits for readiness (edge-triggered), timers (`TimerWheel`) and wake-ups from other threads
//  (`RemoteLoop`), tells handlers, and at the end of the turn lets everything that has output write it: one system
//  call then carries what many requests left behind. `BufferedStream` is a connection on a loop; `Listener` accepts.
//
//  Nothing here is Sendable but `RemoteLoop`: a loop and all that is registered on it live on one thread.

public import Platform

/// Something with a descriptor that wants to know when it is ready.
public protocol ReadinessHandler: AnyObject {
    func ready(_ readiness: Readiness)
}

/// Something that wants to be called once at the end of the turn.
public protocol TurnHandler: AnyObject {
    func turnEnded()
}

@safe
public final class EventLoop {
    /// Descriptor handlers by number. The generation tells a stale event from one of the number's next owner.
    private struct Slot {
        var generation: UInt32 = 0
        var handler: (any ReadinessHandler)?
    }

    private let queue: ReadinessQueue
    private var slots: [Slot] = []
    private var timers: TimerWheel
    private var endOfTurn: [any TurnHandler] = []
    private var nextTurn: [any TurnHandler] = []
    private var isRunning = true
    private let clock: @Sendable () -> UInt64
    var waitingWork = WaitingWork()
    /// What lives on this loop, for jobs that other threads gave it.
    public weak var resident: AnyObject?

    /// Gives other threads access to this loop.
    public let remote: RemoteLoop
    /// Memory for reading, shared by all streams of the loop: a read is over before the next begins.
    let scratch: UnsafeMutableRawBufferPointer
    static let scratchSize = 1 << 16
    /// The time at the beginning of this turn, from an arbitrary origin, never going back. Unit: nanoseconds.
    public private(set) var now: UInt64

    /// The time now, by the clock of `now`. Unit: nanoseconds.
    public var currentTime: UInt64 { clock() }

    /// `clock` is for tests; the system's monotonic clock otherwise.
    public init(clock: @escaping @Sendable () -> UInt64 = MonotonicClock.nanoseconds) throws(SystemError) {
        queue = try ReadinessQueue()
        unsafe scratch = .allocate(byteCount: Self.scratchSize, alignment: 16)
        self.clock = clock
        now = clock()
        timers = TimerWheel(now: now)
        remote = RemoteLoop(try WakeUp())
        try register(remote.descriptorNumber, WakeUpHandler(loop: self))
    }

    deinit { unsafe scratch.deallocate() }

    /// Runs turns until `stop`.
    public func run() {
        while isRunning { turn() }
    }

    /// Ends `run` after this turn.
    public func stop() { isRunning = false }

    /// One turn: waits at most `maximumWait` milliseconds (-1: for ever) for something to happen.
    public func turn(maximumWait: Int32 = -1) {
        let count = queue.wait(timeout: timeout(atMost: maximumWait))
        now = clock()
        for index in 0..<count {
            let event = queue.event(index)
            let number = Int(UInt32(truncatingIfNeeded: event.token))
            let slot = slots[number]
            guard slot.generation == UInt32(truncatingIfNeeded: event.token >> 32) else { continue }
            slot.handler?.ready(event.readiness)
        }
        for timer in timers.advance(to: now) { timer.callHandler() }
        let again = nextTurn
        nextTurn.removeAll(keepingCapacity: true)
        for handler in again { handler.turnEnded() }
        // What ends its turn may add to the list.
        var index = 0
        while index < endOfTurn.count {
            endOfTurn[index].turnEnded()
            index += 1
        }
        endOfTurn.removeAll(keepingCapacity: true)
    }

    private func timeout(atMost limit: Int32) -> Int32 {
        // What was listed before the loop ran, or between turns, waits for nothing either.
        guard nextTurn.isEmpty, endOfTurn.isEmpty else { return 0 }
        guard let wait = timers.wait(now: clock()) else { return limit }
        let milliseconds = Int32(clamping: (wait + 999_999) / 1_000_000)
        return limit < 0 ? milliseconds : min(limit, milliseconds)
    }

    /// Watches a descriptor for input and its end from now on; the handler is kept until `unregister`.
    public func register(_ number: Int32, _ handler: any ReadinessHandler) throws(SystemError) {
        let index = Int(number)
        while slots.count <= index { slots.append(Slot()) }
        try queue.add(number, token: token(number))
        slots[index].handler = handler
    }

    /// Reports `writable` for a registered descriptor as soon as it is, or no more.
    public func watchOutput(_ number: Int32, _ isWatched: Bool) {
        queue.watchOutput(number, token: token(number), isWatched)
    }

    private func token(_ number: Int32) -> UInt64 {
        UInt64(slots[Int(number)].generation) << 32 | UInt64(UInt32(number))
    }

    /// Ends watching; called before the descriptor is closed or given away.
    public func unregister(_ number: Int32) {
        queue.remove(number)
        slots[Int(number)].handler = nil
        slots[Int(number)].generation &+= 1
    }

    /// Calls `handler` at the end of this turn. Whoever calls sees to it that a handler is listed once.
    public func atEndOfTurn(_ handler: any TurnHandler) { endOfTurn.append(handler) }

    /// Calls `handler` in the next turn, which does not wait: for work that is divided to be fair to others.
    public func inNextTurn(_ handler: any TurnHandler) { nextTurn.append(handler) }

    /// Starts a timer, or starts it again. `delay` in nanoseconds.
    public func start(_ timer: Timer, after delay: UInt64, _ handler: any TimerHandler) {
        timers.start(timer, handler: handler, at: now + delay, now: now)
    }

    public func cancel(_ timer: Timer) { timers.cancel(timer) }
}

/// Runs the jobs that other threads gave a loop.
private final class WakeUpHandler: ReadinessHandler {
    /// The loop owns its handlers, so it is there as long as this is.
    private unowned let loop: EventLoop

    init(loop: EventLoop) { self.loop = loop }

    func ready(_ readiness: Readiness) {
        loop.remote.clearWakeUp()
        loop.remote.takeJobs { $0(loop) }
    }
}
