import EventLoop
import Pipeline

/// The worker's loop and its way to tell things, as modules see them.
final class WorkerServices: ModuleServices {
    private let loop: EventLoop
    private let tell: (String) -> Void

    init(on loop: EventLoop, tell: @escaping (String) -> Void) {
        self.loop = loop
        self.tell = tell
    }

    var now: UInt64 { loop.now / 1_000_000 }

    func perform<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, then completion: @escaping (Result) -> Void
    ) {
        loop.perform(work, then: completion)
    }

    func after(milliseconds: UInt64, _ action: @escaping () -> Void) {
        loop.start(Timer(), after: milliseconds * 1_000_000, Alarm(action))
    }

    func report(_ text: String) { tell(text) }
}

private final class Alarm: TimerHandler {
    private let action: () -> Void

    init(_ action: @escaping () -> Void) { self.action = action }

    func timerFired(_ timer: Timer) { action() }
}
