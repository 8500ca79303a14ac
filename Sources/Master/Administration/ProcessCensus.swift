import Administration
import EventLoop
import Platform
import Wire

/// Asks the roles how much they have done and the system how much memory they have, for one status.
final class ProcessCensus: TimerHandler {
    /// What was learnt of a process.
    struct Entry: Sendable {
        var counts: ControlMessage.RoleCounts?
        var memory: UInt64?
        /// Seconds.
        var uptime: UInt64?
    }

    /// Whoever does not answer by then has no counts. Unit: nanoseconds.
    private static let patience: UInt64 = 1_000_000_000

    private let number: UInt64
    private let loop: EventLoop
    private let pids: [Int32]
    private var waiting: Set<Int32>
    private var counts: [Int32: ControlMessage.RoleCounts] = [:]
    private let timer = Timer()
    private var done: (([Int32: Entry]) -> Void)?

    /// `done` is called once, with what was learnt, by the process's id.
    init(
        number: UInt64, of roles: [RoleProcess], and others: [Int32], on loop: EventLoop,
        done: @escaping ([Int32: Entry]) -> Void
    ) {
        self.number = number
        self.loop = loop
        self.done = done
        pids = roles.map(\.process.pid) + others
        waiting = Set(roles.map(\.process.pid))
        for role in roles { role.send(.countsWanted(number)) }
        loop.start(timer, after: Self.patience, self)
        finishWhenComplete()
    }

    func received(_ number: UInt64, _ counts: ControlMessage.RoleCounts, from pid: Int32) {
        guard number == self.number, waiting.remove(pid) != nil else { return }
        self.counts[pid] = counts
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

    /// The system is asked on a thread: it walks all pages of a process to count them.
    private func finish() {
        guard let done else { return }
        self.done = nil
        loop.cancel(timer)
        let counts = counts
        let pids = pids
        loop.perform {
            var entries: [Int32: Entry] = [:]
            for pid in pids {
                entries[pid] = Entry(
                    counts: counts[pid], memory: ProcessMemory.of(pid)?.private,
                    uptime: RunningProcess.Identity.of(pid).map { $0.age / 1_000_000_000 })
            }
            return entries
        } then: { entries in
            done(entries)
        }
    }
}
