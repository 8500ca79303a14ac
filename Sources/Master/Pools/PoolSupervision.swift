import Administration
import Events
import Wire

/// The life of one application pool: whether it is started, which workers it has, and when one replaces another.
///
/// Pure: what happens comes in, what is to be done goes out. Every occurrence changes what is known, and `settle` then
/// does what follows from it: ends workers that may not be, replaces those that are to be replaced, starts those that
/// are missing. How workers are watched stands in `PoolSupervision+watching`, how idle ones are suspended
/// in `PoolSupervision+suspension`.
struct PoolSupervision {
    private(set) var plan: HostingPlan.Pool
    /// In the order of their start.
    var workers: [PoolWorker] = []
    /// Workers that were told the configuration and have not answered that they serve from it.
    private(set) var uninformed: Set<UInt64> = []
    /// The configuration holds it no more; it goes when its last worker has ended.
    private(set) var isRemoved = false
    /// What an administrator said last; nil where the configuration decides.
    private var isStartedByHand: Bool?
    var failures = PoolFailures()
    var restarts = ServerMetrics.Restarts()
    /// Requests wait for a worker.
    var isDemanded = false
    /// Whether a web garden is to have all its workers.
    private var isGrowing = false
    var isStartDelayed = false
    /// Whether there was a worker that takes requests, or was about to, when things last settled.
    private var hadWorker = false
    /// What the router knows.
    private var toldState: RouteTable.PoolState
    /// It took all the processor time that it may have, and waits for the end of its interval.
    var isResting = false
    var schedule = RecycleSchedule()
    var isWatchingClock = false
    /// Whether requests are refused because enough pools are started.
    private var isRefused = false
    /// What the next master was to know when things last settled.
    private var kept: Standing.Pool?

    init(_ plan: HostingPlan.Pool) {
        self.plan = plan
        toldState = plan.state
    }

    /// With what was known of the pool when an earlier master died.
    init(_ plan: HostingPlan.Pool, _ standing: Standing.Pool) {
        self.init(plan)
        failures = standing.failures
        isStartedByHand = standing.isStartedByHand == (plan.state == .started) ? nil : standing.isStartedByHand
        toldState = state
        kept = self.standing
    }

    // MARK: What it is

    var id: UInt32 { plan.id }
    var name: String { plan.name }

    /// As the router is to know it.
    var state: RouteTable.PoolState {
        if failures.isOffline || isResting || plan.state == .offline { return .offline }
        return isStartedByHand ?? (plan.state == .started) ? .started : .disabled
    }

    /// What the next master is to know; nil where that is nothing.
    var standing: Standing.Pool? {
        guard isStartedByHand != nil || failures != PoolFailures() else { return nil }
        return Standing.Pool(name: name, isStartedByHand: isStartedByHand, failures: failures)
    }

    private var isServed: Bool { state == .started && !isRemoved }

    var status: PoolStatus {
        let state: PoolStatus.State =
            switch self.state {
            case .offline: .offline
            case .disabled: workers.isEmpty ? .stopped : .stopping
            case .started:
                workers.contains { $0.state == .starting } && !workers.contains { $0.state == .ready }
                    ? .starting : .started
            }
        return PoolStatus(state: state, workers: workers.map { .init(id: $0.id, state: $0.state) })
    }

    func index(of worker: UInt64) -> Int? { workers.firstIndex { $0.id == worker } }

    // MARK: What happens

    mutating func handle(_ occurrence: Occurrence, _ decision: inout Decision) {
        switch occurrence {
        case .activationWanted: activate(&decision)
        case .linkBroken(let worker, let reason): linkBroken(worker, reason, &decision)
        case .workerReady(let worker): ready(worker, &decision)
        case .workerTrouble(let worker, let text): decision.record(.workerTrouble(worker, pool: name, text))
        case .workerEnded(let worker, let end): ended(worker, end, &decision)
        case .workerCannotStart(let worker, let reason): cannotStart(worker, reason, &decision)
        case .poolUnusable(let worker, let reason): unusable(worker, reason, &decision)
        case .cpuLimitReached(_, let rest):
            rest > .zero ? beginRest(rest, &decision) : killAll(.cpuLimitExceeded, &decision)
        case .workerIdle(let worker): idle(worker, &decision)
        case .workerUnlinked(let worker, let router, let isQuiet):
            unlinked(worker, by: router, isQuiet: isQuiet, &decision)
        case .workerReachedRequestLimit(let worker): recycle(worker, .requests, &decision)
        case .workerWantsRecycling(let worker): recycle(worker, .configuration, &decision)
        case .workerAnsweredPing(let worker, let value): answeredPing(worker, value, &decision)
        case .workerSampled(let worker, let sample): sampled(worker, sample, &decision)
        case .clockShows(_, let local): clockShows(local, &decision)
        case .recycleRequested: recycleAll(.onDemand, &decision)
        case .poolStopRequested: stop(&decision)
        case .poolStartRequested: start(&decision)
        case .expired(let deadline): expired(deadline, &decision)
        // The server's own.
        default: break
        }
        settle(&decision)
    }

    /// What earlier masters left running, before anything else happens.
    mutating func adopt(_ found: Found.Worker, _ decision: inout Decision) {
        decision.adopt(found.id, of: id)
        var worker = PoolWorker(id: found.id, state: found.isReady ? .ready : .starting)
        if found.isReady {
            let age = found.age.nanoseconds
            worker.readyAt = decision.now > age ? decision.now - age : 0
        }
        workers.append(worker)
        guard !found.isDraining else { return retire(found.id, &decision) }
        decision.add(.configureWorker(found.id))
        if found.isReady {
            uninformed.insert(found.id)
            watch(workers.count - 1, &decision)
        } else {
            startTimer(.workerStart(found.id), of: workers.count - 1, after: plan.startupTimeLimit, &decision)
        }
    }

    /// Workers may be started from now on.
    mutating func open(_ decision: inout Decision) { settle(&decision) }

    /// A plan of the same pool; nil where nothing of it concerns running workers.
    mutating func change(to next: HostingPlan.Pool, _ change: PoolChange?, _ decision: inout Decision) {
        let previous = plan
        plan = next
        isRemoved = false
        if change != nil {
            failures = PoolFailures()
            endRest(&decision)
        }
        let isReplacing = change == .process && next.followsChanges
        if isReplacing {
            // Those that are still starting have read the old configuration: nobody waits for them.
            for worker in workers where worker.state == .starting {
                retire(worker.id, because: .recycledForConfiguration, &decision)
            }
            recycleAll(.configuration, &decision)
        } else if change != nil {
            for worker in workers where worker.isCurrent { configure(worker, &decision) }
        }
        if previous.life != next.life { watchAnew(&decision) }
        settle(&decision)
        guard isReplacing else { return }
        // The one whose turn it is serves until its successor is ready; the others are told what can be told.
        let predecessors = Set(workers.compactMap(\.predecessor))
        for worker in workers
        where worker.state == .ready && !predecessors.contains(worker.id) || worker.state == .suspending {
            configure(worker, &decision)
        }
        for worker in workers where worker.state == .starting && worker.predecessor != nil {
            uninformed.insert(worker.id)
        }
    }

    /// The configuration holds the pool no more.
    mutating func remove(_ decision: inout Decision) {
        isRemoved = true
        endRest(&decision)
        settle(&decision)
    }

    /// The server ends: nothing new, and an end to what there is.
    mutating func retireAll(_ decision: inout Decision) {
        for worker in workers { retire(worker.id, because: .serverStopping, &decision) }
    }

    mutating func killAll(_ reason: EventKind, _ decision: inout Decision) {
        for worker in workers { kill(worker.id, reason, &decision) }
    }

    /// Nobody waits for them any longer.
    mutating func stopInforming() { uninformed = [] }

    // MARK: What follows

    private mutating func settle(_ decision: inout Decision) {
        let standing = standing
        if standing != kept {
            kept = standing
            decision.changesStanding = true
        }
        if state != toldState {
            toldState = state
            decision.tellRouter(.poolState(pool: id, state))
        }
        defer { hadWorker = workers.contains(where: \.isCurrent) }
        guard isServed else { return rest(&decision) }
        guard decision.isOpen else {
            if isDemanded { decision.tellRouter(.activationFailed(pool: id)) }
            isDemanded = false
            return
        }
        watchClock(&decision)
        if plan.startsAtOnce { isGrowing = true }
        retireSurplus(&decision)
        rotate(&decision)
        let current = workers.filter { $0.isCurrent && $0.predecessor == nil }
        if current.isEmpty, !workers.contains(where: { $0.state == .starting }) {
            if isDemanded || plan.startsAtOnce { startWorker(replacing: nil, &decision) }
        } else if isGrowing, current.count < plan.life.maximumProcesses,
            !workers.contains(where: { $0.state == .starting })
        {
            startWorker(replacing: nil, &decision)
        }
        // What the router asked for may have crossed the end of the last worker: whoever waits asks again.
        if hadWorker, !isDemanded, !workers.contains(where: \.isCurrent) {
            decision.tellRouter(.activationLapsed(pool: id))
        }
    }

    /// Neither workers nor requests that wait for one.
    private mutating func rest(_ decision: inout Decision) {
        if isDemanded { decision.tellRouter(.activationFailed(pool: id)) }
        isDemanded = false
        isGrowing = false
        for worker in workers { retire(worker.id, because: whyItRests, &decision) }
        if isStartDelayed { decision.add(.cancel(.poolStart(id))) }
        isStartDelayed = false
        stopWatchingClock(&decision)
    }

    /// The event that tells why the pool has no workers.
    private var whyItRests: EventKind {
        if failures.isOffline { return .poolOffline }
        if isResting { return .cpuLimitExceeded }
        return isStartedByHand == false && !isRemoved ? .poolStopped : .configurationApplied
    }

    /// Of more workers than there may be those that are suspended end first, then those that are to be replaced, and of
    /// the others the oldest.
    private mutating func retireSurplus(_ decision: inout Decision) {
        let standing = workers.filter(\.isStanding)
        let surplus = standing.count - plan.life.maximumProcesses
        guard surplus > 0 else { return }
        let awake = standing.filter { $0.state != .suspended }
        let inOrder =
            standing.filter { $0.state == .suspended } + awake.filter { $0.recycling != nil }
            + awake.filter { $0.recycling == nil }
        for worker in inOrder.prefix(surplus) { retire(worker.id, because: .configurationApplied, &decision) }
    }

    /// Begins to replace the next worker that is to be replaced: one at a time.
    private mutating func rotate(_ decision: inout Decision) {
        guard let old = workers.first(where: { $0.state == .ready && $0.recycling != nil }) else { return }
        if plan.overlaps {
            guard !workers.contains(where: { $0.state == .starting }) else { return }
            startWorker(replacing: old.id, &decision)
        } else if workers.allSatisfy(\.isStanding) {
            retire(old.id, &decision)
        }
    }

    private mutating func startWorker(replacing predecessor: UInt64?, _ decision: inout Decision) {
        // Where they may not overlap what still ends comes first; its end leads here again.
        guard plan.overlaps || workers.allSatisfy(\.isCurrent) else { return }
        guard decision.now >= failures.earliestStart else {
            guard !isStartDelayed else { return }
            isStartDelayed = true
            return decision.add(
                .start(.poolStart(id), after: .nanoseconds(failures.earliestStart - decision.now)))
        }
        isRefused = false
        let worker = decision.numberWorker(of: id)
        workers.append(PoolWorker(id: worker, state: .starting, predecessor: predecessor))
        decision.add(.startWorker(worker, pool: id))
        restarts.started += 1
        // Told behind it, when its process is known.
        decision.record(.workerStarted(worker, pool: name))
        startTimer(.workerStart(worker), of: workers.count - 1, after: plan.startupTimeLimit, &decision)
    }

    // MARK: By hand and on demand

    private mutating func activate(_ decision: inout Decision) {
        // One that is ready has its link on the way.
        guard !workers.contains(where: { $0.state == .ready }) || !decision.isOpen else { return }
        guard !isServed || decision.allowsDemandStart(of: id) else { return refuse(&decision) }
        isDemanded = true
        isGrowing = true
        if decision.isOpen { resumeAll(&decision) }
    }

    /// As many pools are started as may be.
    private mutating func refuse(_ decision: inout Decision) {
        if !isRefused { decision.record(.demandStartRefused(pool: name, limit: decision.demandStartThreshold)) }
        isRefused = true
        decision.tellRouter(.activationFailed(pool: id))
    }

    private mutating func stop(_ decision: inout Decision) {
        if isServed { decision.record(.poolStopped(pool: name)) }
        isStartedByHand = false
        failures = PoolFailures()
        endRest(&decision)
    }

    private mutating func start(_ decision: inout Decision) {
        let wasServed = isServed
        failures = PoolFailures()
        endRest(&decision)
        isStartedByHand = plan.state == .started ? nil : true
        if isServed, !wasServed { decision.record(.poolStarted(pool: name)) }
    }

    // MARK: A worker's course

    private mutating func ready(_ id: UInt64, _ decision: inout Decision) {
        uninformed.remove(id)
        guard let index = index(of: id), workers[index].state == .starting else { return }
        cancelTimers(of: index, &decision)
        workers[index].state = .ready
        workers[index].readyAt = decision.now
        isDemanded = false
        decision.record(.workerReady(id, pool: name))
        decision.tellRouter(.linkReady(pool: self.id, worker: id))
        watch(index, &decision)
        guard let predecessor = workers[index].predecessor else { return }
        workers[index].predecessor = nil
        retire(predecessor, &decision)
    }

    private mutating func configure(_ worker: PoolWorker, _ decision: inout Decision) {
        guard worker.state != .suspended else {
            if let index = index(of: worker.id) { workers[index].isOutdated = true }
            return
        }
        decision.add(.configureWorker(worker.id))
        if worker.isStanding { uninformed.insert(worker.id) }
    }

    /// No new request for the worker; it ends when what it has is done, or when its time is over.
    ///
    /// - Parameter reason: where none is known already.
    mutating func retire(
        _ id: UInt64, because reason: EventKind? = nil, _ decision: inout Decision
    ) {
        guard let index = index(of: id), workers[index].isCurrent else { return }
        workers[index].reason = workers[index].reason ?? reason
        switch workers[index].state {
        case .ready, .suspending: decision.tellRouter(.retire(worker: id))
        case .suspended: decision.add(.resumeWorker(id))
        case .starting, .draining, .killed: break
        }
        cancelTimers(of: index, &decision)
        workers[index].state = .draining
        uninformed.remove(id)
        decision.add(.drainWorker(id))
        startTimer(.workerEnd(id), of: index, after: plan.shutdownTimeLimit, &decision)
    }

    mutating func kill(_ id: UInt64, _ reason: EventKind, _ decision: inout Decision) {
        guard let index = index(of: id), workers[index].state != .killed else { return }
        workers[index].reason = workers[index].reason ?? reason
        let worker = workers[index]
        cancelTimers(of: index, &decision)
        workers[index].state = .killed
        uninformed.remove(id)
        decision.add(.killWorker(id))
        if worker.state == .starting { missed(worker, &decision) }
    }

    private mutating func linkBroken(_ id: UInt64, _ reason: String, _ decision: inout Decision) {
        guard let index = index(of: id), workers[index].state == .ready || workers[index].state == .suspending else {
            return
        }
        guard !reason.isEmpty else { return retire(id, &decision) }
        decision.record(.workerMisbehaved(id, pool: name, reason: reason))
        failed(workers[index], &decision)
        kill(id, .workerMisbehaved, &decision)
    }

    private mutating func idle(_ id: UInt64, _ decision: inout Decision) {
        guard let index = index(of: id), workers[index].state == .ready, plan.life.idleTimeout != nil else { return }
        isGrowing = false
        if plan.life.suspendsWhenIdle, workers[index].recycling == nil {
            // One that is reading its configuration says again that it is idle.
            if !uninformed.contains(id) { suspend(index, &decision) }
            return
        }
        if plan.life.logsIdleTimeout { decision.record(.workerIdle(id, pool: name)) }
        retire(id, because: .workerIdle, &decision)
    }

    private mutating func ended(_ id: UInt64, _ end: ProcessEnd, _ decision: inout Decision) {
        guard let index = index(of: id) else { return }
        let worker = workers[index]
        var end = end
        end.reason = worker.reason
        if end.goodbye != nil {
            decision.record(.workerEnded(id, pool: name, end))
            if worker.state == .starting { failed(worker, &decision) }
        } else if worker.state != .killed {
            decision.record(.workerCrashed(id, pool: name, end))
            failed(worker, &decision)
        } else {
            decision.record(.workerKilled(id, pool: name, end))
        }
        gone(id, &decision)
    }

    private mutating func cannotStart(_ id: UInt64, _ reason: String, _ decision: inout Decision) {
        guard let index = index(of: id) else { return }
        decision.record(.workerCannotStart(id, pool: name, reason: reason))
        failed(workers[index], &decision)
        gone(id, &decision)
    }

    /// No worker can ever start with these settings.
    private mutating func unusable(_ id: UInt64, _ reason: String, _ decision: inout Decision) {
        guard index(of: id) != nil else { return }
        decision.record(.poolUnusable(id, pool: name, reason: reason))
        failures.takeOffline()
        gone(id, &decision)
    }

    private mutating func beginRest(_ time: Duration, _ decision: inout Decision) {
        killAll(.cpuLimitExceeded, &decision)
        isResting = true
        decision.add(.start(.poolRest(id), after: time))
    }

    private mutating func endRest(_ decision: inout Decision) {
        guard isResting else { return }
        isResting = false
        decision.add(.cancel(.poolRest(id)))
    }

    /// Whether the worker's predecessor serves, so that it harms nobody if it does not come up.
    private func isReplaceable(_ worker: PoolWorker) -> Bool {
        guard let predecessor = worker.predecessor, let index = index(of: predecessor) else { return false }
        return workers[index].state == .ready
    }

    /// Rapid-fail protection counts; the failure that is one too many takes the pool offline.
    mutating func failed(_ worker: PoolWorker, _ decision: inout Decision) {
        restarts.crashed += 1
        guard
            let count = failures.add(
                at: decision.now, readySince: worker.readyAt,
                limit: isReplaceable(worker) ? nil : plan.rapidFailProtection)
        else { return }
        decision.record(.poolOffline(pool: name, crashes: count))
        if let command = plan.life.autoShutdown { decision.add(.run(command, pool: id)) }
    }

    /// The process is no more, or no more the pool's.
    mutating func gone(_ id: UInt64, _ decision: inout Decision) {
        guard let index = index(of: id) else { return }
        cancelTimers(of: index, &decision)
        let worker = workers.remove(at: index)
        uninformed.remove(id)
        decision.forget(id)
        decision.tellRouter(.workerGone(worker: id))
        if worker.state == .starting { missed(worker, &decision) }
    }

    /// The worker will not become ready: its predecessor goes on, or whoever waits is to ask for another one.
    private mutating func missed(_ worker: PoolWorker, _ decision: inout Decision) {
        if let predecessor = worker.predecessor, let index = index(of: predecessor), workers[index].state == .ready {
            keep(index, &decision)
        } else if !workers.contains(where: \.isCurrent) {
            // For nobody it is not tried again.
            isDemanded = false
        }
    }
}
