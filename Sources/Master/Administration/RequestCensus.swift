import Administration
import EventLoop
import Platform
import Wire

/// Asks workers which requests they have in work.
final class RequestCensus: TimerHandler {
    /// Of whoever does not answer by then (one that is suspended cannot) nothing is known. Unit: nanoseconds.
    private static let patience: UInt64 = 1_000_000_000

    private let number: UInt64
    private let workers: [RoleProcess]
    private let loop: EventLoop
    private var waiting: Set<Int32>
    private var found: [Int32: [RunningRequest]] = [:]
    private let timer = Timer()
    private var done: (([Int32: [RunningRequest]]) -> Void)?

    /// `done` is called once, with the requests by their workers' process ids.
    init(
        number: UInt64, of workers: [RoleProcess], on loop: EventLoop,
        done: @escaping ([Int32: [RunningRequest]]) -> Void
    ) {
        self.number = number
        self.workers = workers
        self.loop = loop
        self.done = done
        waiting = Set(workers.map(\.process.pid))
    }

    func begin() {
        for worker in workers { worker.send(.requestsWanted(number)) }
        loop.start(timer, after: Self.patience, self)
        finishWhenComplete()
    }

    func received(_ requests: [RunningRequest], from pid: Int32) {
        guard waiting.remove(pid) != nil else { return }
        found[pid] = requests
        finishWhenComplete()
    }

    /// The process has ended.
    func ended(_ pid: Int32) {
        guard waiting.remove(pid) != nil else { return }
        finishWhenComplete()
    }

    func timerFired(_ timer: Timer) { finish() }

    private func finishWhenComplete() {
        if waiting.isEmpty { finish() }
    }

    private func finish() {
        guard let done else { return }
        self.done = nil
        loop.cancel(timer)
        done(found)
    }
}

extension RunningRequest {
    func json(site: String, worker: UInt64, pool: String) -> JSONValue {
        .object([
            "site": .text(site), "pool": .text(pool), "worker": .integer(worker), "verb": .text(method),
            "url": .text(target), "client": .text(client.text), "stage": .text(stage), "module": .text(module),
            "milliseconds": .integer(milliseconds),
        ])
    }
}
