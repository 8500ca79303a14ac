import EventLoop
import Events
import HostModel
import Platform

/// Looks from time to time at how much processor time pools with a limit take, where no control group sees to it, and
/// tells of those that took too much.
final class CPUWatcher: TimerHandler {
    private struct Watched {
        let name: String
        let settings: ProcessSettings
        var watch: CPUWatch
    }

    private let loop: EventLoop
    private let log: any EventRecorder
    private let groups: CGroups
    private let timer = Timer()
    private var pools: [UInt32: Watched] = [:]
    private var table: HostingPlan.PoolTable?
    /// The process ids of a pool's workers.
    private let workers: (UInt32) -> [Int32]
    /// A pool whose workers are to end, and how long it rests.
    private let exceeded: (UInt32, Duration) -> Void

    /// Nanoseconds.
    private static let pause: UInt64 = 5_000_000_000

    init(
        groups: CGroups, on loop: EventLoop, log: any EventRecorder, workers: @escaping (UInt32) -> [Int32],
        exceeded: @escaping (UInt32, Duration) -> Void
    ) {
        self.groups = groups
        self.loop = loop
        self.log = log
        self.workers = workers
        self.exceeded = exceeded
    }

    /// From now on the limits of `plan` hold. What a pool took before counts on where they are the same.
    func use(_ plan: HostingPlan) {
        guard plan.poolTable !== table else { return }
        table = plan.poolTable
        let before = pools
        let processors = Machine.processors
        pools = [:]
        for pool in plan.pools.values {
            guard let cpu = pool.process.cpu,
                let allowance = CPULimit(cpu, processors: processors).allowance(
                    within: cpu.resetInterval, isEnforced: groups.cpu != .none)
            else { continue }
            if let same = before[pool.id], same.settings == pool.process {
                pools[pool.id] = same
            } else {
                let interval = UInt64(cpu.resetInterval.components.seconds) * 1_000_000_000
                pools[pool.id] = Watched(
                    name: pool.name, settings: pool.process, watch: CPUWatch(allowance: allowance, interval: interval))
            }
        }
        if pools.isEmpty { loop.cancel(timer) } else if !timer.isRunning { loop.start(timer, after: Self.pause, self) }
    }

    func timerFired(_ timer: Timer) {
        let now = MonotonicClock.nanoseconds()
        for (id, pool) in pools.sorted(by: { $0.key < $1.key }) {
            let total =
                groups.processorTime(pool: pool.name)
                ?? workers(id).reduce(0) { $0 + (ProcessTime.of($1) ?? 0) }
            if let rest = pools[id]?.watch.sample(total, now: now) {
                act(id, pool, .nanoseconds(Int64(clamping: rest)))
            }
        }
        if !pools.isEmpty { loop.start(timer, after: Self.pause, self) }
    }

    private func act(_ id: UInt32, _ pool: Watched, _ rest: Duration) {
        guard let cpu = pool.settings.cpu else { return }
        let consequence: String
        switch cpu.action {
        case .noAction: consequence = "Nothing is done about it (cpu action)."
        case .killW3wp:
            consequence = "Its workers are ended, and it runs again in \(rest.components.seconds + 1) s."
        case .throttle, .throttleUnderLoad:
            consequence =
                "Its workers are ended and start anew; control groups, which would slow them down, are not to be had."
        }
        log.record(
            Event(
                .cpuLimitExceeded, EventObject.pool(pool.name),
                "It took more than \(Self.percent(cpu.limit)) % of the processors within \(cpu.resetInterval.components.seconds) s. "
                    + consequence))
        switch cpu.action {
        case .noAction: break
        case .killW3wp: exceeded(id, rest)
        case .throttle, .throttleUnderLoad: exceeded(id, .zero)
        }
    }

    /// Of thousandths of a percent, for example `12.5`.
    private static func percent(_ thousandths: UInt32) -> String {
        let rest = thousandths % 1000
        guard rest > 0 else { return "\(thousandths / 1000)" }
        var digits = String(rest)
        digits = String(repeating: "0", count: 3 - digits.count) + digits
        while digits.last == "0" { digits.removeLast() }
        return "\(thousandths / 1000).\(digits)"
    }
}
