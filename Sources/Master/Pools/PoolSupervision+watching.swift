import Administration
import Events

/// What ends or replaces a worker that runs: time, schedule, what it uses, and whether it answers.
extension PoolSupervision {
    /// How often what workers use is looked at where a limit depends on it.
    private static let sampleInterval = Duration.seconds(15)
    /// How long until a worker whose successor did not come up is replaced after all.
    private static let postponement = Duration.seconds(300)

    // MARK: Recycling

    mutating func recycleAll(_ reason: RecycleReason, _ decision: inout Decision) {
        for worker in workers { recycle(worker.id, reason, &decision) }
    }

    /// The worker is to be replaced, unless that is under way.
    mutating func recycle(_ id: UInt64, _ reason: RecycleReason, _ decision: inout Decision) {
        guard let index = index(of: id), workers[index].isStanding, workers[index].recycling == nil,
            reason.isWanted || workers[index].postponed == nil
        else { return }
        if plan.life.logs(reason) { decision.record(.workerRecycled(id, pool: name, reason)) }
        restarts.recycled += 1
        workers[index].recycling = reason
        workers[index].reason = reason.event
        workers[index].postponed = nil
        // Nobody needs its successor before a request comes.
        if workers[index].state == .suspended { retire(id, &decision) }
    }

    /// The successor did not come up: the worker goes on.
    mutating func keep(_ index: Int, _ decision: inout Decision) {
        let worker = workers[index]
        workers[index].recycling = nil
        workers[index].reason = nil
        decision.record(.workerKept(worker.id, pool: name))
        // What a process begins with stays old, but it learns what can be told.
        if worker.recycling == .configuration { decision.add(.configureWorker(worker.id)) }
        workers[index].postponed = worker.recycling
        startTimer(.workerLifetime(worker.id), of: index, after: Self.postponement, &decision)
    }

    // MARK: Watching

    /// Begins to watch a worker that is ready.
    mutating func watch(_ index: Int, _ decision: inout Decision) {
        let id = workers[index].id
        if let ping = plan.life.ping { startTimer(.workerPing(id), of: index, after: ping.interval, &decision) }
        watchLifetime(index, &decision)
        if plan.life.needsSamples {
            startTimer(.workerSample(id), of: index, after: Self.sampleInterval, &decision)
        }
    }

    /// A suspended worker's time goes on.
    mutating func watchLifetime(_ index: Int, _ decision: inout Decision) {
        let id = workers[index].id
        if workers[index].postponed != nil {
            startTimer(.workerLifetime(id), of: index, after: Self.postponement, &decision)
        } else if let lifetime = plan.life.lifetime {
            let passed = decision.now - (workers[index].readyAt ?? decision.now)
            let left = lifetime.nanoseconds > passed ? lifetime.nanoseconds - passed : 0
            startTimer(.workerLifetime(id), of: index, after: .nanoseconds(left), &decision)
        }
    }

    /// After a change of what is watched.
    mutating func watchAnew(_ decision: inout Decision) {
        for index in workers.indices where workers[index].isStanding {
            cancelTimers(of: index, &decision)
            workers[index].ping = nil
            if workers[index].state == .ready { watch(index, &decision) } else { watchLifetime(index, &decision) }
        }
        if !plan.life.suspendsWhenIdle {
            for worker in workers where worker.state == .suspended {
                retire(worker.id, because: .configurationApplied, &decision)
            }
        }
        if plan.life.schedule.isEmpty { stopWatchingClock(&decision) }
    }

    mutating func expired(_ deadline: Deadline, _ decision: inout Decision) {
        switch deadline {
        case .workerStart(let id): killLate(id, .workerStartedTooSlowly(id, pool: name), deadline, &decision)
        case .workerEnd(let id): killLate(id, .workerEndedTooSlowly(id, pool: name), deadline, &decision)
        case .workerPing(let id): ping(id, deadline, &decision)
        case .workerPong(let id): unresponsive(id, deadline, &decision)
        case .workerLifetime(let id): lifetimeEnded(id, &decision)
        case .workerSample(let id):
            timerEnded(deadline, id)
            if index(of: id) != nil { decision.add(.sampleWorker(id)) }
        case .poolStart: isStartDelayed = false
        case .poolRest: isResting = false
        case .poolSchedule: if isWatchingClock { decision.add(.readClock(pool: id)) }
        case .endpointRetry, .publication, .routerRestart, .routerEnd: break
        }
    }

    private mutating func killLate(
        _ id: UInt64, _ report: Report, _ deadline: Deadline, _ decision: inout Decision
    ) {
        timerEnded(deadline, id)
        guard let index = index(of: id), workers[index].state != .killed else { return }
        decision.record(report)
        if workers[index].state == .starting { failed(workers[index], &decision) }
        kill(id, report.event.kind, &decision)
    }

    private mutating func lifetimeEnded(_ id: UInt64, _ decision: inout Decision) {
        timerEnded(.workerLifetime(id), id)
        guard let index = index(of: id) else { return }
        let reason = workers[index].postponed ?? .time
        workers[index].postponed = nil
        recycle(id, reason, &decision)
    }

    // MARK: Signs of life

    private mutating func ping(_ id: UInt64, _ deadline: Deadline, _ decision: inout Decision) {
        timerEnded(deadline, id)
        guard let index = index(of: id), workers[index].state == .ready, let ping = plan.life.ping else { return }
        workers[index].ping = decision.now
        decision.add(.pingWorker(id, value: decision.now))
        startTimer(.workerPong(id), of: index, after: ping.responseTime, &decision)
    }

    mutating func answeredPing(_ id: UInt64, _ value: UInt64, _ decision: inout Decision) {
        guard let index = index(of: id), workers[index].ping == value, let ping = plan.life.ping else { return }
        workers[index].ping = nil
        cancelTimer(.workerPong(id), of: index, &decision)
        startTimer(.workerPing(id), of: index, after: ping.interval, &decision)
    }

    private mutating func unresponsive(_ id: UInt64, _ deadline: Deadline, _ decision: inout Decision) {
        timerEnded(deadline, id)
        guard let index = index(of: id), workers[index].state == .ready else { return }
        decision.record(.workerUnresponsive(id, pool: name, isOrphaned: plan.life.orphansWorkers))
        failed(workers[index], &decision)
        // Requests that it has not answered are waited for somewhere.
        isDemanded = true
        guard plan.life.orphansWorkers else { return kill(id, .workerUnresponsive, &decision) }
        cancelTimers(of: index, &decision)
        decision.add(.orphanWorker(id, plan.life.orphanAction))
        gone(id, &decision)
    }

    // MARK: What workers use

    mutating func sampled(_ id: UInt64, _ sample: WorkerSample, _ decision: inout Decision) {
        guard let index = index(of: id), workers[index].state == .ready, plan.life.needsSamples else { return }
        startTimer(.workerSample(id), of: index, after: Self.sampleInterval, &decision)
        let life = plan.life
        if life.memoryLimit > 0, sample.resident > life.memoryLimit { recycle(id, .memory, &decision) }
        if life.privateMemoryLimit > 0, sample.privateBytes > life.privateMemoryLimit {
            recycle(id, .privateMemory, &decision)
        }
    }

    // MARK: The clock

    mutating func watchClock(_ decision: inout Decision) {
        guard !plan.life.schedule.isEmpty, !isWatchingClock else { return }
        isWatchingClock = true
        decision.add(.readClock(pool: id))
    }

    mutating func stopWatchingClock(_ decision: inout Decision) {
        guard isWatchingClock else { return }
        isWatchingClock = false
        schedule = RecycleSchedule()
        decision.add(.cancel(.poolSchedule(id)))
    }

    /// `local` is in seconds since 1970.
    mutating func clockShows(_ local: Int64, _ decision: inout Decision) {
        guard isWatchingClock else { return }
        if schedule.isDue(plan.life.schedule, local: local) { recycleAll(.schedule, &decision) }
        // Times of day are whole minutes.
        decision.add(.start(.poolSchedule(id), after: .seconds(60 - local % 60)))
    }

    // MARK: Timers

    mutating func startTimer(
        _ deadline: Deadline, of index: Int, after delay: Duration, _ decision: inout Decision
    ) {
        workers[index].timers.insert(deadline)
        decision.add(.start(deadline, after: delay))
    }

    mutating func cancelTimer(_ deadline: Deadline, of index: Int, _ decision: inout Decision) {
        guard workers[index].timers.remove(deadline) != nil else { return }
        decision.add(.cancel(deadline))
    }

    mutating func cancelTimers(of index: Int, _ decision: inout Decision) {
        for deadline in workers[index].timers.sorted(by: { $0.rank < $1.rank }) {
            cancelTimer(deadline, of: index, &decision)
        }
    }

    private mutating func timerEnded(_ deadline: Deadline, _ id: UInt64) {
        guard let index = index(of: id) else { return }
        workers[index].timers.remove(deadline)
    }
}

extension PoolSupervision {
    /// Replaces one worker, as far as the pool's rules let it now.
    mutating func replace(_ id: UInt64, _ reason: RecycleReason, _ decision: inout Decision) {
        recycle(id, reason, &decision)
        open(&decision)
    }
}
