import EventLoop
import Wire

/// Counts what a worker serves, and says when it has had no request for long or has served enough.
final class WorkerUse: TimerHandler {
    enum Finding: Equatable {
        case idle
        case requestLimitReached
    }

    private let loop: EventLoop
    private let isBusy: () -> Bool
    private let tell: (Finding) -> Void
    private let timer = Timer()
    private var limits = ControlMessage.Limits()
    private var served: UInt64 = 0
    private var tellsAt = UInt64.max
    /// What had been served, and whether a request was in work, when it was last looked.
    private var servedBefore: UInt64 = 0
    private var wasBusy = false
    /// When it was last looked.
    private var lookedAt: UInt64
    /// When something was last found to have happened since the look before.
    private var activeAt: UInt64

    /// How long at most until it is looked again. Unit: nanoseconds. IIS: 60 s.
    private static let longestPause: UInt64 = 60_000_000_000

    /// `isBusy` says whether a request is in work.
    init(on loop: EventLoop, isBusy: @escaping () -> Bool, tell: @escaping (Finding) -> Void) {
        self.loop = loop
        self.isBusy = isBusy
        self.tell = tell
        activeAt = loop.now
        lookedAt = loop.now
    }

    func apply(_ new: ControlMessage.Limits) {
        if new.idleTimeout != limits.idleTimeout {
            if limits.idleTimeout == 0 { activeAt = loop.now }
            if new.idleTimeout > 0 { startTimer(new) } else { loop.cancel(timer) }
        }
        limits = new
        // Told again where the master that heard it may be gone.
        tellsAt = new.requests == 0 ? .max : max(new.requests, served + 1)
    }

    /// A request came.
    func count() {
        served += 1
        guard served >= tellsAt else { return }
        tellsAt = .max
        tell(.requestLimitReached)
    }

    /// A few looks in each time-out tell closely enough when it is over, and cost a request nothing.
    private func startTimer(_ limits: ControlMessage.Limits) {
        lookedAt = loop.now
        loop.start(timer, after: Self.pause(limits), self)
    }

    private static func pause(_ limits: ControlMessage.Limits) -> UInt64 {
        min(nanoseconds(limits.idleTimeout) / 4, longestPause)
    }

    func timerFired(_ timer: Timer) {
        // This process was suspended meanwhile, and runs again because it is needed.
        let wasStopped = loop.now - lookedAt > 2 * Self.pause(limits)
        startTimer(limits)
        let isBusy = isBusy()
        defer { (servedBefore, wasBusy) = (served, isBusy) }
        if served != servedBefore || isBusy || wasBusy || wasStopped {
            activeAt = loop.now
        } else if loop.now - activeAt >= Self.nanoseconds(limits.idleTimeout) {
            activeAt = loop.now
            tell(.idle)
        }
    }

    private static func nanoseconds(_ milliseconds: UInt64) -> UInt64 {
        let (product, isTooLarge) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return isTooLarge ? .max : product
    }
}
