public import Wire

/// What a running server has counted since it began, and how its pools are now: what `hostelry top` and metrics show.
///
/// Only sites that had a request are listed, and pools that had one, have a worker or had one.
public struct ServerMetrics: Equatable, Sendable {
    /// What was counted, and since when: from a site's first request to this router on.
    public struct Traffic: Equatable, Sendable {
        public var counts: TrafficCounts
        /// Seconds since 1970, UTC.
        public var since: Int64

        public init(_ counts: TrafficCounts = TrafficCounts(), since: Int64) {
            self.counts = counts
            self.since = since
        }
    }

    public struct Site: Equatable, Sendable {
        public var id: UInt32
        public var name: String
        /// The names of its applications' pools.
        public var pools: [String]
        public var traffic: Traffic

        public init(id: UInt32, name: String, pools: [String], traffic: Traffic) {
            self.id = id
            self.name = name
            self.pools = pools
            self.traffic = traffic
        }
    }

    /// How often workers came and went since the master began to look after the pool.
    public struct Restarts: Equatable, Sendable {
        /// Workers that were started.
        public var started: UInt64
        /// Workers that were to be replaced, for whatever reason.
        public var recycled: UInt64
        /// Failures: workers that ended without a goodbye, did not come up, hung or broke the protocol.
        public var crashed: UInt64

        public init(started: UInt64 = 0, recycled: UInt64 = 0, crashed: UInt64 = 0) {
            self.started = started
            self.recycled = recycled
            self.crashed = crashed
        }
    }

    public struct Pool: Equatable, Sendable {
        public var name: String
        /// As in `ServerStatus.Pool`.
        public var state: String
        public var workers: UInt64
        /// Requests that wait for a worker; nil where the router does not say.
        public var queued: UInt64?
        /// Requests that workers have; nil where none of them says.
        public var inWork: UInt64?
        /// Private bytes of all workers.
        public var memory: UInt64?
        /// Of the worker that has run longest. Seconds.
        public var uptime: UInt64?
        public var restarts: Restarts
        /// When the restarts began to be counted. Seconds since 1970, UTC.
        public var restartsSince: Int64
        /// Nil where it had no request.
        public var traffic: Traffic?

        public init(
            name: String, state: String, workers: UInt64 = 0, queued: UInt64? = nil, inWork: UInt64? = nil,
            memory: UInt64? = nil, uptime: UInt64? = nil, restarts: Restarts = Restarts(), restartsSince: Int64,
            traffic: Traffic? = nil
        ) {
            self.name = name
            self.state = state
            self.workers = workers
            self.queued = queued
            self.inWork = inWork
            self.memory = memory
            self.uptime = uptime
            self.restarts = restarts
            self.restartsSince = restartsSince
            self.traffic = traffic
        }
    }

    /// When it was put together. Nanoseconds since 1970, UTC.
    public var time: Int64
    public var version: String
    public var master: ServerStatus.Process
    /// Nil while there is none.
    public var router: ServerStatus.Process?
    /// Of clients; nil where the router does not say.
    public var connections: UInt64?
    /// Requests that were refused before a site was found for them. Nil where the router does not say what it counted:
    /// it starts, or is of a version that does not count. Sites are then missing, and pools have no traffic.
    public var unrouted: Traffic?
    public var sites: [Site]
    public var pools: [Pool]

    public init(
        time: Int64, version: String, master: ServerStatus.Process, router: ServerStatus.Process? = nil,
        connections: UInt64? = nil, unrouted: Traffic? = nil, sites: [Site] = [], pools: [Pool] = []
    ) {
        self.time = time
        self.version = version
        self.master = master
        self.router = router
        self.connections = connections
        self.unrouted = unrouted
        self.sites = sites
        self.pools = pools
    }
}
