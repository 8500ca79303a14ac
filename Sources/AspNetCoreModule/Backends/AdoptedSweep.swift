import EventLoop
import Pipeline
import Platform

/// Asks from time to time for the exit of processes whose parents ended before them, as the system's first process does:
/// what an application started and forgot does not fill the table of processes.
final class AdoptedSweep: TimerHandler {
    private let host: any ModuleHost
    private let isNeeded: () -> Bool
    private let timer = Timer()
    /// Unit: nanoseconds.
    private static let interval: UInt64 = 30_000_000_000

    init(_ host: any ModuleHost, while isNeeded: @escaping () -> Bool) {
        self.host = host
        self.isNeeded = isNeeded
    }

    func begin() {
        if !timer.isRunning { host.loop.start(timer, after: Self.interval, self) }
    }

    func timerFired(_ timer: Timer) {
        guard isNeeded() else { return }
        begin()
        host.services.perform {
            ProcessFamily.reapAdopted()
        } then: { _ in
        }
    }
}
