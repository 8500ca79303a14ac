/// Everything the router knows about the configuration: which request belongs to which site, application and pool.
///
/// The master makes one from its model, sends it whole once, and then what is different (`RouteDifference`). Host names and application paths are text in any case of
/// letters; the router compares them without regard to case.
public struct RouteTable: Equatable, Sendable {
    public var pools: [Pool] = []
    public var sites: [Site] = []
    /// What the sites' logs are like; most sites share one.
    public var logs: [LogSettings] = []
    public var limits = ServerLimits()

    public init(
        pools: [Pool] = [], sites: [Site] = [], logs: [LogSettings] = [], limits: ServerLimits = ServerLimits()
    ) {
        self.pools = pools
        self.sites = sites
        self.logs = logs
        self.limits = limits
    }

    /// An application pool and its request queue.
    public struct Pool: Equatable, Sendable {
        /// The master's number for the pool: the same in every table while the pool exists, never another's.
        public var id: UInt32
        public var name: String
        /// How many requests wait or run at once before further ones are answered 503 (`QueueFull`). IIS: 1000.
        public var queueLength: UInt32
        public var state: PoolState
        /// Whether connections are reset instead of answered 503 while the pool is down (`loadBalancerCapabilities`).
        public var closesConnections: Bool

        public init(id: UInt32, name: String, queueLength: UInt32, state: PoolState, closesConnections: Bool = false) {
            self.id = id
            self.name = name
            self.queueLength = queueLength
            self.state = state
            self.closesConnections = closesConnections
        }
    }

    public enum PoolState: UInt8, Sendable {
        /// Requests are taken; a worker is asked for when there is none.
        case started = 0
        /// Stopped by the administrator: 503, reason `Disabled`.
        case disabled = 1
        /// Stopped by rapid-fail protection or unable to start: 503, reason `AppOffline`.
        case offline = 2
    }

    public enum SiteState: UInt8, Sendable {
        case started = 0
        /// As if its bindings were not there: the next less specific binding takes the request.
        case stopped = 1
        /// Known and unable to serve (quarantined): 503.
        case unavailable = 2
    }

    /// Which requests a site takes: those that arrive at `address` and `port` and ask for `host`.
    public struct Binding: Equatable, Sendable {
        /// `.any` for `*`.
        public var address: IPAddress
        public var port: UInt16
        public var host: Host

        public init(address: IPAddress = .any, port: UInt16, host: Host = .any) {
            self.address = address
            self.port = port
            self.host = host
        }
    }

    public enum Host: Hashable, Sendable {
        case any
        /// `www.a.com`
        case exact(String)
        /// `a.com` for `*.a.com`: `www.a.com` and `x.y.a.com`, not `a.com`.
        case suffix(String)
    }

    public struct Application: Equatable, Sendable {
        /// `/` or `/shop`.
        public var path: String
        /// `Pool.id`; of a pool that the table holds.
        public var pool: UInt32

        public init(path: String, pool: UInt32) {
            self.path = path
            self.pool = pool
        }
    }
}
