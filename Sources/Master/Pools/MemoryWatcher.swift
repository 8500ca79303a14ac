import EventLoop
import Events
import Platform

/// Looks from time to time at how much memory is committed, where idle time-outs depend on it.
final class MemoryWatcher: TimerHandler {
    private let loop: EventLoop
    private let log: any EventRecorder
    private let changed: () -> Void
    private let timer = Timer()
    private var threshold: UInt32 = 0
    /// What idle time-outs are divided by.
    private(set) var divisor: UInt64 = 1

    /// Nanoseconds.
    private static let pause: UInt64 = 10_000_000_000

    /// `changed` is called when the divisor has.
    init(on loop: EventLoop, log: any EventRecorder, changed: @escaping () -> Void) {
        self.loop = loop
        self.log = log
        self.changed = changed
    }

    /// The percentage of memory that may be committed from now on; 0: any.
    func use(_ threshold: UInt32) {
        guard threshold != self.threshold else { return }
        self.threshold = threshold
        look()
    }

    func timerFired(_ timer: Timer) { look() }

    private func look() {
        if threshold > 0 { loop.start(timer, after: Self.pause, self) } else { loop.cancel(timer) }
        guard let memory = threshold > 0 ? Machine.memory : (0, 0) else { return }
        let next = IdleShortening.divisor(
            threshold: threshold, committed: memory.committed, physical: memory.physical)
        guard next != divisor else { return }
        divisor = next
        let text =
            next == 1
            ? "Idle workers have their whole idleTimeout again."
            : "Much of the memory is committed that webLimits.dynamicIdleThreshold allows: idle workers have 1/\(next) of "
                + "their idleTimeout."
        log.record(Event(.idleTimeoutsChanged, text, [.init("committed", memory.committed)]))
        changed()
    }
}
