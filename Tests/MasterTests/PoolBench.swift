import Testing
import Wire

@testable import Master

/// A pool's machine with a clock, timers, and processes that do what a test says.
struct PoolBench {
    private(set) var pool: PoolSupervision
    private(set) var decision = Decision()
    private(set) var timers: [Deadline: UInt64] = [:]
    /// Every action so far.
    private(set) var actions: [Action] = []
    /// Whether workers answer pings.
    var isResponsive = true
    /// What a look at a worker finds.
    var samples: [UInt64: WorkerSample] = [:]
    /// What the local clock shows when the test begins. Unit: seconds since 1970.
    var localClock: Int64 = 1_764_288_000

    init(_ plan: HostingPlan.Pool, isOpen: Bool = true) {
        pool = PoolSupervision(plan)
        decision.now = 1_000_000_000_000
        decision.isOpen = isOpen
        decision.routers = [1]
        pool.open(&decision)
        _ = perform()
    }

    /// A bench whose worker 1 is ready.
    static func serving(_ plan: HostingPlan.Pool) -> PoolBench {
        var bench = PoolBench(plan)
        bench.act(.activationWanted(pool: 1))
        bench.act(.workerReady(1))
        return bench
    }

    static func plan(
        _ life: PoolLife = PoolLife(), _ state: RouteTable.PoolState = .started, atOnce: Bool = false,
        overlaps: Bool = true, followsChanges: Bool = true, maximumCrashes: Int? = 5
    ) -> HostingPlan.Pool {
        HostingPlan.Pool(
            id: 1, name: "pool", state: state, startsAtOnce: atOnce, startupTimeLimit: .seconds(90),
            shutdownTimeLimit: .seconds(60), overlaps: overlaps, followsChanges: followsChanges,
            rapidFailProtection: maximumCrashes.map { .init(interval: .seconds(300), maximumCrashes: $0) },
            environment: [], life: life)
    }

    // MARK: What happens

    /// Answers what follows, with what follows from the answers of processes.
    @discardableResult mutating func act(_ occurrence: Occurrence) -> [Action] {
        if case .expired(let deadline) = occurrence { timers[deadline] = nil }
        pool.handle(occurrence, &decision)
        return perform()
    }

    @discardableResult mutating func change(to plan: HostingPlan.Pool, _ change: PoolChange?) -> [Action] {
        pool.change(to: plan, change, &decision)
        return perform()
    }

    @discardableResult mutating func adopt(_ worker: Found.Worker) -> [Action] {
        pool.adopt(worker, &decision)
        return perform()
    }

    @discardableResult mutating func remove() -> [Action] {
        pool.remove(&decision)
        return perform()
    }

    @discardableResult mutating func routerGone(_ id: UInt64) -> [Action] {
        decision.routers.remove(id)
        pool.routerGone(id, &decision)
        return perform()
    }

    mutating func routerCame(_ id: UInt64) { decision.routers.insert(id) }

    /// Other pools have a worker each.
    mutating func limitDemandStarts(to limit: Int, pools: ClosedRange<UInt32>) {
        decision.demandStartThreshold = limit
        for pool in pools { decision.adopt(UInt64(pool) + 1000, of: pool) }
    }

    /// The worker of another pool has ended.
    mutating func forget(pool: UInt32) { decision.forget(UInt64(pool) + 1000) }

    mutating func open() {
        decision.isOpen = true
        pool.open(&decision)
        _ = perform()
    }

    /// Lets time go by; timers fire in their order.
    @discardableResult mutating func pass(_ duration: Duration) -> [Action] {
        let end = decision.now + duration.nanoseconds
        var happened: [Action] = []
        while let (deadline, time) = timers.min(by: { ($0.value, $0.key.rank) < ($1.value, $1.key.rank) }),
            time <= end
        {
            decision.now = max(decision.now, time)
            happened += act(.expired(deadline))
        }
        decision.now = end
        return happened
    }

    /// Does what was decided, and then tells what came of it.
    private mutating func perform() -> [Action] {
        let new = decision.take()
        actions += new
        var answers: [Occurrence] = []
        for action in new {
            switch action {
            case .start(let deadline, let delay): timers[deadline] = decision.now + delay.nanoseconds
            case .cancel(let deadline): timers[deadline] = nil
            case .readClock:
                let passed = Int64((decision.now - 1_000_000_000_000) / 1_000_000_000)
                answers.append(.clockShows(pool: 1, local: localClock + passed))
            case .sampleWorker(let id): if let sample = samples[id] { answers.append(.workerSampled(id, sample)) }
            case .pingWorker(let id, let value):
                if isResponsive { answers.append(.workerAnsweredPing(id, value: value)) }
            default: break
            }
        }
        return answers.reduce(into: new) { $0 += act($1) }
    }

    // MARK: What there is

    func ids(_ state: PoolWorker.State) -> [UInt64] { pool.workers.filter { $0.state == state }.map(\.id) }

    static func end(_ cause: ProcessEnd.Cause = .signal(11), goodbye: String? = nil) -> ProcessEnd {
        ProcessEnd(pid: 99, cause: cause, goodbye: goodbye)
    }

    static let crash = end()
    static let farewell = end(.status(0), goodbye: "drained")
}

extension [Action] {
    /// The workers that are started.
    var started: [UInt64] { compactMap { if case .startWorker(let id, _) = $0 { id } else { nil } } }

    var reports: [Report] { compactMap { if case .record(let report) = $0 { report } else { nil } } }
}
