internal import Wire

/// An application pool as the router knows it: its workers' links and the requests that wait for one.
final class Pool {
    let id: UInt32
    private(set) var name = ""
    private unowned let router: Router
    private var queueLength = 1000
    private var state = RouteTable.PoolState.started
    private var links: [Link] = []
    /// Which link had the last request.
    private var last = 0
    private var waiting: [Exchange] = []
    private var isActivating = false

    /// The router owns its pools.
    init(id: UInt32, router: Router) {
        self.id = id
        self.router = router
    }

    func apply(_ route: RouteTable.Pool) {
        name = route.name
        queueLength = Int(route.queueLength)
        apply(route.state)
    }

    func apply(_ state: RouteTable.PoolState) {
        self.state = state
        if let refusal { refuseWaiting(refusal) }
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
        guard waiting.count < queueLength else { return .queueFull }
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
    func abandon(_ exchange: Exchange) { waiting.removeAll { $0 === exchange } }

    func add(_ link: Link) { links.append(link) }

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
    }

    /// The worker that was asked for did not come: another one is asked for as long as somebody waits.
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
