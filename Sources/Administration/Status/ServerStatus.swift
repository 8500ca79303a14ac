/// What a running server does, as `hostelry status` shows it.
///
/// As JSON (the shape is stable; members may be added):
///
///     {
///       "server": {"pid", "version", "state": "starting|running|stopping", "uptime" (seconds), "memory" (bytes, private),
///                  "configuration", "stateFolder"},
///       "sharedConfiguration": null or {"folder", "state": "followed|away|rejected", "reason", "since", "copied" (both
///                  seconds since 1970)},
///       "router": {"pid", "state": "absent|starting|ready", "connections", "memory", "uptime"},
///       "sites": [{"id", "name", "state": "started|stopped|quarantined", "reasons": ["file:line: text"],
///                  "bindings": [{"protocol", "information", "endpoint", "failure"}]}],
///       "pools": [{"name", "state": "started|starting|stopping|stopped|offline|quarantined", "identity",
///                  "queued" (requests that wait for a worker), "reasons": [],
///                  "workers": [{"id", "pid", "state": "starting|ready|suspended|draining|killed", "requests", "inWork", "memory",
///                               "uptime"}]}]
///     }
///
/// `null` stands for what is not known: a process that does not answer has no counts, a binding that is open no failure,
/// and one of a protocol that is not served no endpoint.
public struct ServerStatus: Equatable, Sendable {
    public struct Process: Equatable, Sendable {
        public var pid: Int32
        /// Private bytes.
        public var memory: UInt64?
        /// Seconds.
        public var uptime: UInt64?

        public init(pid: Int32, memory: UInt64? = nil, uptime: UInt64? = nil) {
            self.pid = pid
            self.memory = memory
            self.uptime = uptime
        }
    }

    public struct Router: Equatable, Sendable {
        public var process: Process?
        public var state: String
        public var connections: UInt64?

        public init(process: Process?, state: String, connections: UInt64? = nil) {
            self.process = process
            self.state = state
            self.connections = connections
        }
    }

    public struct Binding: Equatable, Sendable {
        public var `protocol`: String
        public var information: String
        public var endpoint: String?
        /// Why nobody listens there.
        public var failure: String?

        public init(protocol name: String, information: String, endpoint: String?, failure: String?) {
            self.protocol = name
            self.information = information
            self.endpoint = endpoint
            self.failure = failure
        }
    }

    /// A folder that the configuration is read from instead of the local file.
    public struct SharedConfiguration: Equatable, Sendable {
        public var folder: String
        public var state: String
        /// What is wrong with the folder or its file; nil where it is followed.
        public var reason: String?
        /// Since when. Seconds since 1970.
        public var since: UInt64?
        /// When what is served was read from the folder. Seconds since 1970; nil where it is not the folder's.
        public var copied: UInt64?

        public init(folder: String, state: String, reason: String? = nil, since: UInt64? = nil, copied: UInt64? = nil) {
            self.folder = folder
            self.state = state
            self.reason = reason
            self.since = since
            self.copied = copied
        }
    }

    public struct Site: Equatable, Sendable {
        public var id: UInt32
        public var name: String
        public var state: String
        public var reasons: [String]
        public var bindings: [Binding]

        public init(id: UInt32, name: String, state: String, reasons: [String], bindings: [Binding]) {
            self.id = id
            self.name = name
            self.state = state
            self.reasons = reasons
            self.bindings = bindings
        }
    }

    public struct Worker: Equatable, Sendable {
        public var id: UInt64
        public var process: Process?
        public var state: String
        public var requests: UInt64?
        public var inWork: UInt64?

        public init(
            id: UInt64, process: Process?, state: String, requests: UInt64? = nil, inWork: UInt64? = nil
        ) {
            self.id = id
            self.process = process
            self.state = state
            self.requests = requests
            self.inWork = inWork
        }
    }

    public struct Pool: Equatable, Sendable {
        public var name: String
        public var state: String
        public var identity: String
        /// Requests that wait for a worker.
        public var queued: UInt64?
        public var reasons: [String]
        public var workers: [Worker]

        public init(
            name: String, state: String, identity: String, queued: UInt64? = nil, reasons: [String], workers: [Worker]
        ) {
            self.queued = queued
            self.name = name
            self.state = state
            self.identity = identity
            self.reasons = reasons
            self.workers = workers
        }
    }

    public var process: Process
    public var version: String
    public var state: String
    public var configuration: String
    public var stateFolder: String
    /// Nil where the local file is in force.
    public var sharedConfiguration: SharedConfiguration?
    public var router: Router
    public var sites: [Site]
    public var pools: [Pool]

    public init(
        process: Process, version: String, state: String, configuration: String, stateFolder: String,
        sharedConfiguration: SharedConfiguration? = nil, router: Router, sites: [Site], pools: [Pool]
    ) {
        self.sharedConfiguration = sharedConfiguration
        self.process = process
        self.version = version
        self.state = state
        self.configuration = configuration
        self.stateFolder = stateFolder
        self.router = router
        self.sites = sites
        self.pools = pools
    }
}
