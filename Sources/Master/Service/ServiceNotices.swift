import EventLoop
import Events
import Platform

/// What the service manager is told: ready, reloading, stopping, one line of status, and signs of life.
final class ServiceNotices: TimerHandler {
    enum State: String {
        case starting
        case running
        case stopping
    }

    private(set) var state = State.starting
    private let loop: EventLoop
    private let log: any EventRecorder
    private let timer = Timer()
    /// Half of what the service manager waits. Unit: nanoseconds.
    private let watchdogPause: UInt64?
    private let send: (String) throws(SystemError) -> Void
    private var isDeaf = false

    /// `watchdogInterval` and `send` are for tests.
    init(
        on loop: EventLoop, log: any EventRecorder, watchdogInterval: UInt64? = ServiceManager.watchdogInterval,
        send: @escaping (String) throws(SystemError) -> Void = ServiceManager.notify
    ) {
        self.loop = loop
        self.log = log
        self.send = send
        watchdogPause = watchdogInterval.map { $0 / 2 }
        if let watchdogPause { loop.start(timer, after: watchdogPause, self) }
    }

    /// Sites are served.
    func ready(_ summary: String) {
        guard state != .stopping else { return }
        state = .running
        tellReady(summary)
    }

    private func tellReady(_ summary: String) {
        notify("READY=1\nMAINPID=\(CurrentProcess.pid)\nSTATUS=\(summary)\n")
    }

    /// The configuration is read again; `reloaded` follows, whatever becomes of it.
    func reloading() {
        guard state == .running else { return }
        notify(
            "RELOADING=1\nMONOTONIC_USEC=\(MonotonicClock.nanoseconds() / 1000)\nSTATUS=Reading the configuration again.\n"
        )
    }

    func reloaded(_ summary: String) {
        if state == .running { tellReady(summary) }
    }

    func stopping() {
        state = .stopping
        notify("STOPPING=1\nSTATUS=Requests in work are being finished.\n")
    }

    /// The loop turns, so the master lives.
    func timerFired(_ timer: Timer) {
        guard let watchdogPause else { return }
        notify("WATCHDOG=1\n")
        loop.start(timer, after: watchdogPause, self)
    }

    private func notify(_ text: String) {
        do throws(SystemError) {
            try send(text)
            isDeaf = false
        } catch {
            if !isDeaf { log.record(Event(.serviceManagerDeaf, "The service manager cannot be told: \(error).")) }
            isDeaf = true
        }
    }
}
