internal import EventLoop
internal import Platform
internal import Wire

/// The router on one event loop: connections, links, queues and routes that only the loop's thread knows.
///
/// It knows no other loop. What all of them must agree about goes through the shell.
final class RouterLoop {
    let loop: EventLoop
    let shell: ShellPort
    let date: DateLine
    let logs: LoopLogs
    let files: FileThreads
    let cache: ResponseCache
    let traffic: TrafficLedger
    private(set) var routes = Routes(RouteTable(), pools: [:])
    /// The same for every loop.
    private(set) var limits = Limits()
    private var pools: [UInt32: Pool] = [:]
    private var links: [UInt64: Link] = [:]
    private var requestsOfEndedLinks: UInt64 = 0
    private var connections: [ObjectIdentifier: ClientConnection] = [:]
    /// Every answer is the last of its connection.
    private(set) var isDraining = false
    /// Connections without a request in work are closed.
    private(set) var closesIdle = false
    private var hasDrained = false

    init(on loop: EventLoop, shell: ShellPort, wallClock: @escaping @Sendable () -> Int64 = WallClock.seconds) {
        self.loop = loop
        files = FileThreads(loop)
        cache = ResponseCache(loop)
        self.shell = shell
        let time = WallTime(loop, wallClock)
        date = DateLine(time)
        logs = LoopLogs(on: loop, time: time, shell: shell)
        traffic = TrafficLedger(time)
    }

    /// Starts a thread with an event loop and a router loop on it, and answers how to reach it.
    static func start(
        shell: RemoteLoop, wallClock: @escaping @Sendable () -> Int64
    ) throws(SystemError) -> RemoteLoop {
        let loop = try EventLoop()
        let remote = loop.remote
        try Thread.start {
            let own = RouterLoop(on: loop, shell: .other(shell), wallClock: wallClock)
            loop.resident = own
            withExtendedLifetime(own) { loop.run() }
        }
        return remote
    }

    // MARK: Told by the shell

    /// `limits` have taken the table over already.
    func apply(_ table: RouteTable, queues: [UInt32: QueueCount], limits: Limits) {
        self.limits = limits
        var kept: [UInt32: Pool] = [:]
        for route in table.pools {
            guard let queue = queues[route.id] else { continue }
            let pool = pools.removeValue(forKey: route.id) ?? Pool(id: route.id, router: self, queue: queue)
            pool.apply(route)
            kept[route.id] = pool
        }
        for pool in pools.values {
            pool.refuseWaiting(.disabled)
            cache.remove(pool: pool.id)
        }
        pools = kept
        routes = Routes(table, pools: kept, logs: logs.apply(table), limits: limits)
        traffic.apply(table)
        shell.tell { $0.applied() }
    }

    /// `queues` are those of the pools that the difference brings.
    func apply(_ difference: RouteDifference, queues: [UInt32: QueueCount]) {
        for route in difference.pools {
            guard let queue = queues[route.id] else { continue }
            let pool = pools[route.id] ?? Pool(id: route.id, router: self, queue: queue)
            pool.apply(route)
            pools[route.id] = pool
        }
        // What answers in a site's name may be another application now.
        for id in difference.removedSites { cache.remove(site: id) }
        for site in difference.sites { cache.remove(site: site.id) }
        routes.apply(difference, pools: pools, logs: logs.apply(difference), limits: limits)
        traffic.apply(difference)
        for id in difference.removedPools {
            pools.removeValue(forKey: id)?.refuseWaiting(.disabled)
            cache.remove(pool: id)
        }
        shell.tell { $0.applied() }
    }

    func open(_ descriptor: consuming FileDescriptor, to worker: UInt64, of number: UInt32) {
        guard let pool = pools[number], links[worker] == nil,
            let link = try? Link(descriptor, worker: worker, pool: pool, router: self)
        else { return shell.tell { $0.linkEnded(worker, reason: "the link cannot be watched") } }
        links[worker] = link
        pool.add(link)
    }

    func activationFailed(_ pool: UInt32) { pools[pool]?.activationFailed() }

    func activationLapsed(_ pool: UInt32) { pools[pool]?.activationLapsed() }

    func apply(_ state: RouteTable.PoolState, to pool: UInt32) { pools[pool]?.apply(state) }

    func masterCame() { for pool in pools.values { pool.activationLapsed() } }

    func retire(_ worker: UInt64) { links[worker]?.retire() }

    /// Answers whether no request is in work on the worker's link.
    func pause(_ worker: UInt64) -> Bool { links[worker]?.pause() ?? true }

    func resume(_ worker: UInt64) { links[worker]?.resume() }

    func workerGone(_ worker: UInt64) { links[worker]?.workerGone() }

    /// Every connection has one more answer.
    func handOver() {
        isDraining = true
        endWhenDrained()
    }

    func drain() {
        isDraining = true
        closesIdle = true
        for connection in connections.values { connection.drain() }
        endWhenDrained()
    }

    func finishLogs() {
        logs.handOver()
        shell.tell { $0.finished() }
    }

    func stop() { loop.stop() }

    var counts: ControlMessage.RoleCounts {
        .init(
            requests: links.values.reduce(requestsOfEndedLinks) { $0 + $1.begun },
            inWork: links.values.reduce(0) { $0 + UInt64($1.inWork) }, connections: UInt64(connections.count))
    }

    /// Tells the shell, page by page, what has been counted; one turn does no more than one page.
    func tellTraffic(_ number: UInt64) {
        let pools = pools.values.compactMap { pool in pool.traffic.map { (pool.id, $0) } }
        TrafficTelling(traffic, pools: pools, number, to: shell, on: loop).begin()
    }

    // MARK: Told by what lives here

    /// Asks for a worker.
    func activate(_ pool: UInt32) { shell.tell { $0.activate(pool) } }

    func ended(_ link: Link, reason: String) {
        guard links.removeValue(forKey: link.worker) != nil else { return }
        requestsOfEndedLinks += link.begun
        cache.flush(0, of: link.worker)
        // First, since the pool may ask for another worker.
        let worker = link.worker
        shell.tell { $0.linkEnded(worker, reason: reason) }
        link.pool.remove(link)
    }

    // MARK: Connections

    func accept(_ connection: consuming FileDescriptor, from remote: SocketAddress) {
        // Without an address of its own it cannot be routed; the client is gone already.
        guard let local = try? connection.localAddress() else { return }
        let client = ClientConnection(router: self, remote: Endpoint(remote), local: Endpoint(local))
        guard client.open(connection) else { return }
        connections[ObjectIdentifier(client)] = client
    }

    func closed(_ connection: ClientConnection) {
        connections[ObjectIdentifier(connection)] = nil
        endWhenDrained()
    }

    private func endWhenDrained() {
        guard isDraining, connections.isEmpty, !hasDrained else { return }
        hasDrained = true
        logs.handOver()
        shell.tell { $0.drained() }
    }
}
