import Wire

/// Decides what the master does: which processes run, who listens where, who is told what, and when it ends.
///
/// Pure: what happens comes in, what is to be done goes out, in order.
struct Supervision {
    private enum Phase {
        /// Until the endpoints' first opening has been tried.
        case opening(waiting: Set<Endpoint>)
        /// Until the router is ready for the first time.
        case starting
        case running
        case stopping
    }

    private enum Router: Equatable {
        case absent
        case starting
        case ready
    }

    struct Worker: Equatable {
        enum State: Equatable {
            case starting
            case ready
            /// Gets no new request and is to end.
            case draining
            /// Was killed; its end is no news.
            case killed
        }

        let id: UInt64
        let pool: UInt32
        var state: State
    }

    /// How long until a router that fails again and again is started anew.
    private static let firstRestartDelay = Duration.milliseconds(100)
    private static let longestRestartDelay = Duration.seconds(5)
    /// How long a router may take to finish its requests where no pool says otherwise.
    private static let shortestDrain = Duration.seconds(5)
    /// How long until an endpoint that could not be opened is tried again; doubled each time.
    private static let firstEndpointDelay = Duration.milliseconds(100)
    private static let longestEndpointDelay = Duration.seconds(30)

    /// How long a worker that does not answer may hold up a changed configuration.
    private static let longestWaitForWorkers = Duration.seconds(2)

    private(set) var plan = HostingPlan.empty
    /// Pools that rapid-fail protection stopped.
    private var offline: Set<UInt32> = []
    /// Pools that took too much processor time and wait for the end of their interval.
    private var resting: Set<UInt32> = []
    /// When each pool's workers crashed lately, in nanoseconds of any clock that goes forward.
    private var crashes: [UInt32: [UInt64]] = [:]
    private var now: UInt64 = 0
    private var phase = Phase.opening(waiting: [])
    private var router = Router.absent
    private var routerFailures = 0
    private var endpoints: Set<Endpoint> = []
    /// Endpoints that could not be opened, and how often it was tried.
    private var failing: [Endpoint: Int] = [:]
    private(set) var workers: [UInt64: Worker] = [:]
    /// The worker that takes a pool's requests or is to take them soon.
    private var current: [UInt32: UInt64] = [:]
    /// Workers that were told the plan and have not answered that they serve from it.
    private var uninformed: Set<UInt64> = []
    private var lastWorker: UInt64 = 0
    private var actions: [Action] = []

    init() {}

    /// Whether the pool has a worker that was told its configuration.
    func hasWorker(pool: UInt32) -> Bool { current[pool] != nil }

    /// `now` counts nanoseconds and never goes back.
    mutating func handle(_ occurrence: Occurrence, now: UInt64) -> [Action] {
        self.now = now
        switch occurrence {
        case .began(let plan): begin(plan)
        case .reconfigured(let plan, let changes): change(to: plan, changes)
        case .opened(let endpoint): opened(endpoint)
        case .openingFailed(let endpoint, let reason): openingFailed(endpoint, reason)
        case .routerReady: routerReady()
        case .routerTrouble(let text): actions.append(.record(.routerTrouble(text)))
        case .routerEnded(let end): routerEnded(.routerCrashed(end), isNews: end.goodbye == nil)
        case .routerCannotStart(let reason): routerEnded(.routerCannotStart(reason: reason), isNews: true)
        case .activationWanted(let pool): activate(pool)
        case .linkBroken(let worker, let reason): linkBroken(worker, reason)
        case .workerReady(let worker): workerReady(worker)
        case .workerTrouble(let worker, let text):
            guard let pool = workers[worker]?.pool else { break }
            actions.append(.record(.workerTrouble(worker, pool: name(pool), text)))
        case .workerEnded(let worker, let end): workerEnded(worker, end)
        case .workerCannotStart(let worker, let reason): workerCannotStart(worker, reason)
        case .poolUnusable(let worker, let reason): poolUnusable(worker, reason)
        case .cpuLimitReached(let pool, let rest): cpuLimitReached(pool, rest)
        case .expired(let deadline): expired(deadline)
        case .stopRequested: stop()
        }
        defer { actions = [] }
        return actions
    }

    // MARK: Endpoints and routes

    private mutating func begin(_ plan: HostingPlan) {
        self.plan = plan
        phase = .opening(waiting: Set(plan.endpoints))
        for endpoint in plan.endpoints { actions.append(.open(endpoint)) }
        startRouterWhenOpened()
    }

    private mutating func opened(_ endpoint: Endpoint) {
        endpoints.insert(endpoint)
        failing[endpoint] = nil
        actions.append(.record(.endpointOpened(endpoint, sites: plan.sites[endpoint] ?? [])))
        if router != .absent { actions.append(.tellRouter(.listen(endpoint))) }
        tried(endpoint)
    }

    private mutating func openingFailed(_ endpoint: Endpoint, _ reason: String) {
        let count = failing[endpoint, default: 0] + 1
        failing[endpoint] = count
        var tellsAt = 2
        if case .opening = phase { tellsAt = 1 }
        // Where a change moves a socket to another address of its port, the router closes the old one a moment later.
        if count == tellsAt {
            actions.append(.record(.endpointFailed(endpoint, sites: plan.sites[endpoint] ?? [], reason: reason)))
        }
        let delay = Self.firstEndpointDelay * (1 << min(count - 1, 10))
        actions.append(.start(.endpointRetry(endpoint), after: min(delay, Self.longestEndpointDelay)))
        tried(endpoint)
    }

    private mutating func retry(_ endpoint: Endpoint) {
        guard failing[endpoint] != nil else { return }
        actions.append(.open(endpoint))
    }

    private mutating func tried(_ endpoint: Endpoint) {
        guard case .opening(var waiting) = phase else { return }
        waiting.remove(endpoint)
        phase = .opening(waiting: waiting)
        startRouterWhenOpened()
    }

    private mutating func startRouterWhenOpened() {
        guard case .opening(let waiting) = phase, waiting.isEmpty else { return }
        guard !endpoints.isEmpty || plan.endpoints.isEmpty else {
            actions.append(.record(.cannotStart(reason: "No endpoint could be opened.")))
            return end(1)
        }
        phase = .starting
        startRouter()
    }

    private mutating func change(to next: HostingPlan, _ changes: [UInt32: PoolChange]) {
        if case .stopping = phase { return }
        plan = next
        // Whoever has the configuration read again wants to see whether it works now.
        offline = []
        crashes = [:]
        for pool in resting.sorted() { actions.append(.cancel(.poolRest(pool))) }
        resting = []
        for (pool, worker) in current.sorted(by: { $0.key < $1.key }) {
            guard let planned = next.pools[pool], planned.state == .started else { continue }
            switch changes[pool] {
            case .process where planned.followsChanges: replace(worker, planned)
            // A process that may not be replaced learns what can be told.
            case .settings, .process: configure(pool)
            case nil: break
            }
        }
        if uninformed.isEmpty {
            publish()
        } else {
            actions.append(.start(.publication, after: Self.longestWaitForWorkers))
        }
    }

    /// Lets the plan take effect: on the routes, on the endpoints, on pools that run at once. Workers know it by now, so no
    /// request is routed to one that has never heard of its site.
    private mutating func publish() {
        if case .stopping = phase { return }
        let next = plan
        if router != .absent { actions.append(.tellRouter(.routes(next.routes))) }
        let wanted = Set(next.endpoints)
        // An address and the wildcard of its port exclude each other: close first.
        for endpoint in endpoints.subtracting(wanted).sorted(by: { $0.port < $1.port }) {
            endpoints.remove(endpoint)
            if router != .absent { actions.append(.tellRouter(.unlisten(endpoint))) }
            actions += [.close(endpoint), .record(.endpointClosed(endpoint))]
        }
        forgetFailures { wanted.contains($0) }
        for endpoint in next.endpoints where !endpoints.contains(endpoint) { actions.append(.open(endpoint)) }
        actions.append(.record(.configurationApplied))
        for (pool, worker) in current.sorted(by: { $0.key < $1.key }) where next.pools[pool]?.state != .started {
            retire(worker)
        }
        startPoolsAtOnce()
    }

    /// Those that `isWanted` does not keep are not tried again.
    private mutating func forgetFailures(except isWanted: (Endpoint) -> Bool) {
        for endpoint in failing.keys.sorted(by: { $0.port < $1.port }) where !isWanted(endpoint) {
            failing[endpoint] = nil
            actions.append(.cancel(.endpointRetry(endpoint)))
        }
    }

    // MARK: The router

    private mutating func startRouter() {
        router = .starting
        actions += [.startRouter, .tellRouter(.routes(plan.routes))]
        for endpoint in endpoints.sorted(by: { $0.port < $1.port }) { actions.append(.tellRouter(.listen(endpoint))) }
        for worker in workers.values.sorted(by: { $0.id < $1.id }) where worker.state == .ready {
            actions.append(.tellRouter(.linkReady(pool: worker.pool, worker: worker.id)))
        }
    }

    private mutating func routerReady() {
        guard router == .starting else { return }
        router = .ready
        routerFailures = 0
        actions.append(.record(.routerStarted))
        guard case .starting = phase else { return }
        phase = .running
        actions.append(.record(.started(sites: plan.routes.sites.count, pools: plan.pools.count)))
        actions.append(.announce(.ready))
        startPoolsAtOnce()
    }

    private mutating func routerEnded(_ report: Report, isNews: Bool) {
        let wasReady = router == .ready
        router = .absent
        if case .stopping = phase {
            if isNews { actions.append(.record(report)) }
            actions.append(.cancel(.routerEnd))
            for worker in workers.values.sorted(by: { $0.id < $1.id }) { retire(worker.id) }
            return endWhenAlone()
        }
        actions.append(.record(report))
        routerFailures += 1
        if case .starting = phase, routerFailures >= 3 {
            actions.append(.record(.cannotStart(reason: "The router does not start.")))
            return end(1)
        }
        guard !wasReady else { return startRouter() }
        let delay = Self.firstRestartDelay * (1 << min(routerFailures - 1, 10))
        actions.append(.start(.routerRestart, after: min(delay, Self.longestRestartDelay)))
    }

    // MARK: Workers

    private mutating func startPoolsAtOnce() {
        for pool in plan.pools.values.sorted(by: { $0.id < $1.id }) where pool.startsAtOnce && pool.state == .started {
            if current[pool.id] == nil { start(pool) }
        }
    }

    private mutating func activate(_ pool: UInt32) {
        guard case .running = phase, let planned = plan.pools[pool], planned.state == .started, !offline.contains(pool),
            !resting.contains(pool)
        else {
            return actions.append(.tellRouter(.activationFailed(pool: pool)))
        }
        // A worker that is ready has its link on the way; one that starts will have it.
        if current[pool] == nil { start(planned) }
    }

    private mutating func start(_ pool: HostingPlan.Pool) {
        lastWorker += 1
        workers[lastWorker] = Worker(id: lastWorker, pool: pool.id, state: .starting)
        current[pool.id] = lastWorker
        actions += [
            .record(.workerStarted(lastWorker, pool: pool.name)), .startWorker(lastWorker, pool: pool.id),
            .start(.workerStart(lastWorker), after: pool.startupTimeLimit),
        ]
    }

    /// A new worker in place of `worker`, which goes on until the new one is ready where the pool lets them overlap.
    private mutating func replace(_ worker: UInt64, _ pool: HostingPlan.Pool) {
        guard let state = workers[worker]?.state else { return }
        if state == .ready, pool.overlaps {
            start(pool)
            // Until it is ready the old one serves, which knows nothing of the plan.
            uninformed.insert(lastWorker)
            return
        }
        // One that is still starting has read the old configuration: nobody waits for it.
        retire(worker, isReplaced: state == .starting)
        if state == .starting || pool.startsAtOnce { start(pool) }
    }

    private mutating func configure(_ pool: UInt32) {
        for worker in workers.values.sorted(by: { $0.id < $1.id })
        where worker.pool == pool && (worker.state == .ready || worker.state == .starting) {
            actions.append(.configureWorker(worker.id))
            if worker.state == .ready { uninformed.insert(worker.id) }
        }
    }

    /// The worker serves from the plan, or never will.
    private mutating func informed(_ id: UInt64) {
        guard uninformed.remove(id) != nil, uninformed.isEmpty else { return }
        actions.append(.cancel(.publication))
        publish()
    }

    private mutating func workerReady(_ id: UInt64) {
        guard let worker = workers[id], worker.state == .starting else { return informed(id) }
        workers[id]?.state = .ready
        actions += [.cancel(.workerStart(id)), .record(.workerReady(id, pool: name(worker.pool)))]
        if router != .absent { actions.append(.tellRouter(.linkReady(pool: worker.pool, worker: id))) }
        for other in workers.values.sorted(by: { $0.id < $1.id })
        where other.pool == worker.pool && other.id != id && other.state == .ready { retire(other.id) }
        informed(id)
    }

    /// No new request for the worker; it ends when what it has is done, or when its time is over.
    ///
    /// `isReplaced`: requests that wait for one that was still starting go on waiting, for its successor.
    private mutating func retire(_ id: UInt64, isReplaced: Bool = false) {
        guard let worker = workers[id], worker.state == .starting || worker.state == .ready else { return }
        if worker.state == .ready, router != .absent { actions.append(.tellRouter(.retire(worker: id))) }
        if worker.state == .starting {
            actions.append(.cancel(.workerStart(id)))
            if !isReplaced, router != .absent { actions.append(.tellRouter(.activationFailed(pool: worker.pool))) }
        }
        if current[worker.pool] == id { current[worker.pool] = nil }
        workers[id]?.state = .draining
        let limit = plan.pools[worker.pool]?.shutdownTimeLimit ?? Self.shortestDrain
        actions += [.drainWorker(id), .start(.workerEnd(id), after: limit)]
    }

    private mutating func linkBroken(_ id: UInt64, _ reason: String) {
        guard let worker = workers[id], worker.state == .ready else { return }
        guard !reason.isEmpty else { return retire(id) }
        actions.append(.record(.workerMisbehaved(id, pool: name(worker.pool), reason: reason)))
        kill(id)
    }

    private mutating func kill(_ id: UInt64) {
        guard let worker = workers[id], worker.state != .killed else { return }
        workers[id]?.state = .killed
        if current[worker.pool] == id { current[worker.pool] = nil }
        actions.append(.killWorker(id))
    }

    private mutating func workerEnded(_ id: UInt64, _ end: ProcessEnd) {
        guard let worker = workers[id] else { return }
        let pool = name(worker.pool)
        if end.goodbye != nil {
            actions.append(.record(.workerEnded(id, pool: pool, end)))
        } else if worker.state != .killed {
            actions.append(.record(.workerCrashed(id, pool: pool, end)))
            crashed(worker.pool)
        }
        gone(worker)
    }

    /// Rapid-fail protection: the crash that is one too many takes the pool offline.
    private mutating func crashed(_ pool: UInt32) {
        guard let protection = plan.pools[pool]?.rapidFailProtection else { return }
        let (seconds, attoseconds) = protection.interval.components
        let interval = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        let recent = crashes[pool, default: []].filter { now - $0 < interval } + [now]
        crashes[pool] = recent
        guard recent.count >= protection.maximumCrashes, offline.insert(pool).inserted else { return }
        actions.append(.record(.poolOffline(pool: name(pool), crashes: recent.count)))
        route(pool, as: .offline)
    }

    private mutating func route(_ pool: UInt32, as state: RouteTable.PoolState) {
        for index in plan.routes.pools.indices where plan.routes.pools[index].id == pool {
            plan.routes.pools[index].state = state
        }
        if router != .absent { actions.append(.tellRouter(.routes(plan.routes))) }
    }

    private mutating func poolUnusable(_ id: UInt64, _ reason: String) {
        guard let worker = workers[id] else { return }
        actions.append(.record(.poolUnusable(pool: name(worker.pool), reason: reason)))
        offline.insert(worker.pool)
        gone(worker)
        route(worker.pool, as: .offline)
    }

    private mutating func cpuLimitReached(_ pool: UInt32, _ rest: Duration) {
        for worker in workers.values.sorted(by: { $0.id < $1.id }) where worker.pool == pool {
            killLate(worker.id, "its pool took all the processor time that its cpu limit gives it")
        }
        guard rest > .zero, resting.insert(pool).inserted else { return }
        route(pool, as: .offline)
        actions.append(.start(.poolRest(pool), after: rest))
    }

    private mutating func rested(_ pool: UInt32) {
        guard resting.remove(pool) != nil, !offline.contains(pool), let planned = plan.pools[pool] else { return }
        route(pool, as: planned.state)
        if planned.startsAtOnce, planned.state == .started, current[pool] == nil { start(planned) }
    }

    private mutating func workerCannotStart(_ id: UInt64, _ reason: String) {
        guard let worker = workers[id] else { return }
        actions.append(.record(.workerCannotStart(pool: name(worker.pool), reason: reason)))
        gone(worker)
    }

    private mutating func gone(_ worker: Worker) {
        workers[worker.id] = nil
        informed(worker.id)
        actions += [.cancel(.workerStart(worker.id)), .cancel(.workerEnd(worker.id))]
        let wasStarting = worker.state == .starting
        if current[worker.pool] == worker.id { current[worker.pool] = nil }
        if router != .absent {
            actions.append(.tellRouter(.workerGone(worker: worker.id)))
            if current[worker.pool] == nil, let old = readyWorker(of: worker.pool) {
                // A replacement that never came up: the old worker goes on.
                current[worker.pool] = old
            } else if current[worker.pool] == nil, wasStarting || worker.state == .killed {
                actions.append(.tellRouter(.activationFailed(pool: worker.pool)))
            }
        }
        if case .stopping = phase { endWhenAlone() }
    }

    private func readyWorker(of pool: UInt32) -> UInt64? {
        workers.values.first { $0.pool == pool && $0.state == .ready }?.id
    }

    private func name(_ pool: UInt32) -> String { plan.pools[pool]?.name ?? "" }

    // MARK: Time and the end

    private mutating func expired(_ deadline: Deadline) {
        switch deadline {
        case .workerStart(let id): killLate(id, "it did not become ready within startupTimeLimit")
        case .workerEnd(let id): killLate(id, "it did not end within shutdownTimeLimit")
        case .endpointRetry(let endpoint): retry(endpoint)
        case .publication:
            uninformed = []
            publish()
        case .poolRest(let pool): rested(pool)
        case .routerRestart:
            if router == .absent { startRouter() }
        case .routerEnd:
            if router != .absent { actions.append(.killRouter) }
        }
    }

    private mutating func killLate(_ id: UInt64, _ reason: String) {
        guard let worker = workers[id], worker.state != .killed else { return }
        actions.append(.record(.workerKilled(id, pool: name(worker.pool), reason: reason)))
        kill(id)
    }

    private mutating func stop() {
        if case .stopping = phase {
            if router != .absent { actions.append(.killRouter) }
            for id in workers.keys.sorted() { kill(id) }
            return endWhenAlone()
        }
        phase = .stopping
        actions += [.announce(.stopping), .record(.stopping), .cancel(.routerRestart)]
        for endpoint in endpoints.sorted(by: { $0.port < $1.port }) { actions.append(.close(endpoint)) }
        endpoints = []
        forgetFailures { _ in false }
        guard router != .absent else {
            for id in workers.keys.sorted() { retire(id) }
            return endWhenAlone()
        }
        // The router goes first: until it has its answers, the workers are needed.
        let limit = current.keys.compactMap { plan.pools[$0]?.shutdownTimeLimit }.max() ?? Self.shortestDrain
        actions += [.tellRouter(.drain), .start(.routerEnd, after: limit)]
    }

    private mutating func endWhenAlone() {
        guard router == .absent, workers.isEmpty else { return }
        actions.append(.record(.stopped))
        end(0)
    }

    private mutating func end(_ status: Int32) {
        phase = .stopping
        actions.append(.end(status))
    }
}
