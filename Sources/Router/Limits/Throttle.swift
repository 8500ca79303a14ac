internal import EventLoop

/// Holds one connection's output to its site's bandwidth and to everybody's.
final class Throttle: OutputPacer, TimerHandler {
    private struct Promise {
        let count: Int
        let due: UInt64
        let versions: (UInt32, UInt32)
    }

    /// How long a promise is waited for before it is asked whether it still holds. Unit: nanoseconds.
    private static let longestWait: UInt64 = 1_000_000_000

    let site: Bandwidth
    private let server: Bandwidth
    private let loop: EventLoop
    private weak var stream: BufferedStream?
    private let timer = Timer()
    /// Bytes whose time has come.
    private var granted = 0
    private var promise: Promise?

    init(site: Bandwidth, server: Bandwidth, _ stream: BufferedStream) {
        self.site = site
        self.server = server
        self.stream = stream
        loop = stream.loop
    }

    /// Whether it is this that output waits for, and not the client.
    var isHolding: Bool { promise != nil }

    func allowance(_ count: Int) -> Int {
        if granted > 0 { return granted }
        let versions = (site.version, server.version)
        if let promise, promise.versions == versions {
            guard promise.due <= loop.now else { return wait(until: promise.due) }
            granted = promise.count
            self.promise = nil
            return granted
        }
        let count = min(count, site.quantum, server.quantum)
        let due = max(site.promise(count, now: loop.now), server.promise(count, now: loop.now))
        guard due <= loop.now else {
            promise = Promise(count: count, due: due, versions: versions)
            return wait(until: due)
        }
        granted = count
        return count
    }

    func wrote(_ count: Int) { granted -= min(granted, count) }

    /// The connection is over, or turns to another site: what it did not use is others'.
    func end() {
        loop.cancel(timer)
        let isValid = promise.map { $0.versions == (site.version, server.version) } ?? false
        let unused = granted + (isValid ? promise?.count ?? 0 : 0)
        (granted, promise) = (0, nil)
        guard unused > 0 else { return }
        site.giveBack(unused)
        server.giveBack(unused)
    }

    private func wait(until due: UInt64) -> Int {
        if !timer.isRunning { loop.start(timer, after: min(due - loop.now, Self.longestWait), self) }
        return 0
    }

    func timerFired(_ timer: Timer) { stream?.flushLater() }
}
