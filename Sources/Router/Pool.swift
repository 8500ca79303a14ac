internal import Wire

/// An application pool as a loop of the router knows it: its workers' links and the requests that wait for one.
final class Pool {
    let id: UInt32
    private(set) var name = ""
    private unowned let router: RouterLoop
    private let queue: QueueCount
    private var queueLength = 1000
    private var state = RouteTable.PoolState.started
    /// Whether connections are reset instead of answered 503 while the pool is down.
    private(set) var closesConnections = false
    private var links: [Link] = []
    /// Which link had the last request.
    private var last = 0
    private var waiting: [Exchange] = []
    private var isActivating = false
    /// What its requests came to; nil before the first.
    private(set) var traffic: Traffic?
    /// As the master sent it last.
    private var route: RouteTable.Pool?

    /// The router loop owns its pools. `queue` counts what waits, here and on the other loops.
    init(id: UInt32, router: RouterLoop, queue: QueueCount = QueueCount()) {
        self.id = id
        self.router = router
        self.queue = queue
    }

    func apply(_ route: RouteTable.Pool) {
        if route != self.route { router.cache.remove(pool: id) }
        self.route = route
        name = route.name
        queueLength = Int(route.queueLength)
        closesConnections = route.closesConnections
        apply(route.state)
    }

    /// Where a request of the pool is counted.
    func countedTraffic() -> Traffic {
        if let traffic { return traffic }
        let new = router.traffic.make()
        traffic = new
        return new
    }

    func apply(_ state: RouteTable.PoolState) {
        if state != self.state { router.cache.remove(pool: id) }
        self.state = state
        guard let refusal else { return }
        // Nothing comes of what was asked for.
        isActivating = false
        refuseWaiting(refusal)
    }

    /// Why the pool takes no request at all.
    private var refusal: Refusal? {
        switch state {
        case .started: nil
        case .disabled: .disabled
        case .offline: .appOffline
        }
    }

    /// Passes the request to a worker, or lets it wait for one; answers why neither.
    func submit(_ exchange: Exchange) -> Refusal? {
        if let refusal { return refusal }
        if let link = next() {
            link.begin(exchange)
            return nil
        }
        guard queue.enter(limit: queueLength) else { return .queueFull }
        exchange.wait(in: self)
        waiting.append(exchange)
        activateIfNeeded()
        return nil
    }

    /// A worker has refused the request without looking at it: another one gets it where that is still possible.
    func takeBack(_ exchange: Exchange) {
        let refusal = exchange.takeBack() ? submit(exchange) : .appShutdown
        if let refusal { exchange.fail(refusal) }
    }

    /// The client of a request that waits is gone.
    func abandon(_ exchange: Exchange) {
        guard let index = waiting.firstIndex(where: { $0 === exchange }) else { return }
        waiting.remove(at: index)
        queue.leave(1)
    }

    func add(_ link: Link) {
        links.append(link)
        if !hasOneWorker { router.cache.remove(pool: id) }
    }

    var hasOneWorker: Bool { links.count { !$0.isRetired } == 1 }

    func remove(_ link: Link) {
        links.removeAll { $0 === link }
        // It may have been the one that was asked for; asking the master twice does no harm.
        isActivating = false
        activateIfNeeded()
    }

    /// A link has room for requests.
    func serve() {
        isActivating = false
        var served = 0
        while served < waiting.count, let link = next() {
            link.begin(waiting[served])
            served += 1
        }
        waiting.removeFirst(served)
        queue.leave(served)
    }

    /// The worker that was asked for did not come, or the master that was asked is gone: another one is asked for as long as somebody waits.
    func activationLapsed() {
        isActivating = false
        activateIfNeeded()
    }

    func activationFailed() {
        isActivating = false
        refuseWaiting(.appOffline)
    }

    func refuseWaiting(_ refusal: Refusal) {
        let refused = waiting
        waiting = []
        queue.leave(refused.count)
        for exchange in refused { exchange.fail(refusal) }
    }

    /// Asks for a worker where requests wait and none is there or on its way.
    private func activateIfNeeded() {
        guard !waiting.isEmpty, !isActivating, !links.contains(where: { !$0.isRetired }) else { return }
        isActivating = true
        router.activate(id)
    }

    /// The next link in turn that takes a request.
    private func next() -> Link? {
        for step in 1...max(1, links.count) where !links.isEmpty {
            let index = (last + step) % links.count
            guard links[index].takesRequests else { continue }
            last = index
            return links[index]
        }
        return nil
    }
}
