import Wire

/// Stops idle workers without ending them, and lets them run again (`idleTimeoutAction`).
///
/// Nothing may be in a stopped process's hands, so the routers give back their links first, which they do only while
/// nothing is in work on them. To a router a stopped worker is none: requests wait and ask for one, and the worker gets
/// new links when it runs again.
extension PoolSupervision {
    /// Begins to suspend a worker that is ready.
    mutating func suspend(_ index: Int, _ decision: inout Decision) {
        cancelTimers(of: index, &decision)
        workers[index].ping = nil
        workers[index].state = .suspending
        workers[index].returning = LinkReturn(awaited: decision.routers)
        watchLifetime(index, &decision)
        decision.tellRouter(.unlink(worker: workers[index].id))
        advanceSuspension(of: index, &decision)
    }

    /// A router has given back its links to the worker; or has not, where `isQuiet` is false.
    mutating func unlinked(_ id: UInt64, by router: UInt64, isQuiet: Bool, _ decision: inout Decision) {
        guard let index = index(of: id), workers[index].returning.awaited.remove(router) != nil else { return }
        if !isQuiet { workers[index].returning.kept.insert(router) }
        advanceSuspension(of: index, &decision)
    }

    /// What a router had in work ended with it.
    mutating func routerGone(_ router: UInt64, _ decision: inout Decision) {
        guard workers.contains(where: { $0.state == .suspending }) else { return }
        for index in workers.indices where workers[index].state == .suspending {
            workers[index].returning.awaited.remove(router)
            workers[index].returning.kept.remove(router)
            advanceSuspension(of: index, &decision)
        }
        open(&decision)
    }

    private mutating func advanceSuspension(of index: Int, _ decision: inout Decision) {
        let worker = workers[index]
        guard worker.state == .suspending, worker.returning.awaited.isEmpty else { return }
        let isWanted = isDemanded || worker.recycling != nil || uninformed.contains(worker.id)
        guard worker.returning.kept.isEmpty, !isWanted else { return goOn(index, &decision) }
        workers[index].state = .suspended
        if plan.life.logsIdleTimeout { decision.record(.workerSuspended(worker.id, pool: name)) }
        decision.add(.suspendWorker(worker.id))
    }

    /// The worker is needed after all.
    private mutating func goOn(_ index: Int, _ decision: inout Decision) {
        let worker = workers[index]
        for router in decision.routers.subtracting(worker.returning.kept).sorted() {
            decision.add(.tellOneRouter(router, .linkReady(pool: id, worker: worker.id)))
        }
        takeRequests(index, &decision)
    }

    /// Lets every suspended worker of the pool run again.
    mutating func resumeAll(_ decision: inout Decision) {
        for index in workers.indices where workers[index].state == .suspended {
            let id = workers[index].id
            decision.add(.resumeWorker(id))
            if plan.life.logsIdleTimeout { decision.record(.workerResumed(id, pool: name)) }
            // What it learns before its new links it knows before their requests.
            if workers[index].isOutdated { decision.add(.configureWorker(id)) }
            workers[index].isOutdated = false
            decision.tellRouter(.linkReady(pool: self.id, worker: id))
            takeRequests(index, &decision)
        }
    }

    private mutating func takeRequests(_ index: Int, _ decision: inout Decision) {
        workers[index].state = .ready
        workers[index].returning = LinkReturn()
        isDemanded = false
        cancelTimers(of: index, &decision)
        watch(index, &decision)
    }
}
