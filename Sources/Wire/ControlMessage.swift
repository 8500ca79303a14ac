/// What the master (M) says to the router (R) and to a worker (W), and they to it.
///
/// The conversation begins with `hello` of both sides. `descriptorCount` descriptors accompany a message, in order.
public enum ControlMessage: Equatable, Sendable {
    /// Both sides, first: who speaks, and which versions of this protocol.
    case hello(role: Role, versions: Versions)
    /// M → R, with the listening socket: accept at this endpoint.
    case listen(Endpoint)
    /// M → R: accept there no more; connections that are open go on.
    case unlisten(Endpoint)
    /// M → R: the routes from now on.
    case routes(RouteTable)
    /// M → R: what is different in the routes from now on.
    case routesChanged(RouteDifference)
    /// R → M: a request waits and the pool has no worker. Sent once until `linkReady` or `activationFailed`.
    case activate(pool: UInt32)
    /// M → R: no worker will come; what waits is answered 503.
    case activationFailed(pool: UInt32)
    /// M → R, with the router's end of a link: requests of the pool may go to this worker, which the master numbered.
    case linkReady(pool: UInt32, worker: UInt64)
    /// M → R: no new request to this worker; its link closes when the last one is answered.
    case retire(worker: UInt64)
    /// M → R: close the links to the worker if no request is in work on them; answered by `unlinked`.
    case unlink(worker: UInt64)
    /// R → M: there are no links to the worker any more; or, where `isQuiet` is false, they are kept, since a request is
    /// in work. Requests for the worker's pool wait, and ask for a worker, until `linkReady`.
    case unlinked(worker: UInt64, isQuiet: Bool)
    /// M → R: the process ended; what it had in work fails.
    case workerGone(worker: UInt64)
    /// R → M: a link ended without the master's doing. `reason` is empty where the worker closed it, else says how the
    /// worker broke the protocol.
    case linkBroken(worker: UInt64, reason: String)
    /// M → W, with a descriptor of memory that holds the schema files and the pool's slice of applicationHost.config.
    case configure(Slice)
    /// M → W, with the worker's end of a link. One for each event loop of the router.
    case link
    /// R → M, after `hello`: how many event loops there are. The master sends `linkReady` that often for each worker,
    /// with a link for each loop.
    case loops(UInt8)
    /// R → M: serving from now on. W → M, after each `configure`: serving from what was told.
    case ready
    /// R, W → M: something an administrator should know, in words; the sender goes on.
    case trouble(String)
    /// R → M: a log file is needed; answered by `logOpened` or `logRefused`.
    case logWanted(LogFileRequest)
    /// M → R, with the file, open for appending.
    case logOpened(LogFileAnswer)
    /// M → R: the file asked for with this number cannot be opened. The master has told why.
    case logRefused(LogID, number: UInt32)
    /// M → R: files may have been moved away: ask for each open one again.
    case reopenLogs
    /// R → M: lines of this log are lost; the reason in words. Told once until writing works again.
    case logFailed(LogID, reason: String)
    /// M → R, W: take nothing new, finish what is there, then say `goodbye` and end.
    case drain
    /// R, W → M: ends well, `reason` says why in words. No goodbye is a crash.
    case goodbye(reason: String)
    /// M → R, W: end now.
    case stop
    /// M → R, W: a sign of life is asked for; either answers `pong` with the same number.
    case ping(UInt64)
    case pong(UInt64)
    /// M → R: the pool's state from now on, whatever the routes said.
    case poolState(pool: UInt32, RouteTable.PoolState)
    /// M → R: no worker is there or on its way; where requests wait, `activate` again.
    case activationLapsed(pool: UInt32)
    /// M → R, W: how much has been done? Answered by `counts` with the same number.
    case countsWanted(UInt64)
    case counts(UInt64, RoleCounts)
    /// M → W: tell of each request from now on, when it has been answered. Sent before the first `configure`.
    case trace
    /// W → M, after `trace`.
    case traced(TracedRequest)
    /// M → W: which requests are in work? Answered by `requests` with the same number.
    case requestsWanted(UInt64)
    /// At most `RunningRequest.limit` of them.
    case requests(UInt64, [RunningRequest])
    /// R → M, to a master that found it running, with the socket that it listens at. One for each endpoint.
    case holds(Endpoint)
    /// R → M, to a master that found it running, behind every `holds`.
    case routerReport(RouterReport)
    /// W → M, to a master that found it running.
    case workerReport(WorkerReport)
    /// M → R: another router takes the connections. Accept no more, finish what is there, let each open connection have
    /// one more answer or a time of grace, then say `goodbye` and end.
    case handOver
    /// M → W, before each `configure`: when the worker is to say that it has done enough.
    case limits(Limits)
    /// W → M: no request for as long as `Limits.idleTimeout`. Told again after as long.
    case idle
    /// W → M: as many requests as `Limits.requests` have been served. Told once after each `limits`.
    case requestLimitReached
    /// M → W: tell of each web.config that you have read, and of each that you read from now on. Sent before the first
    /// `configure`, and again when what was told is lost.
    case webConfigsWanted
    /// W → M, after `webConfigsWanted`: a web.config was read for the first time or anew, or is gone.
    case webConfig(WebConfigReport)
    /// M → R: what has been counted by site and by pool? Answered by pages with the same number, one behind the other.
    /// Asked of routers that speak version 5.
    case trafficWanted(UInt64)
    case traffic(UInt64, TrafficPage)
    /// W → M: something happened to an application, for the event log. To masters that speak version 6.
    case moduleEvent(ModuleNotice)
    /// W → M: the configuration asks for another process than this one is. Nothing ends before the next one serves. To
    /// masters that speak version 7.
    case recycleWanted

    public enum Role: UInt8, Sendable {
        case master = 0
        case router = 1
        case worker = 2
    }

    /// What a role has done and does.
    public struct RoleCounts: Equatable, Sendable {
        /// Requests since the process began; of a router, those that it passed to workers.
        public var requests: UInt64
        /// Requests that have no whole answer yet.
        public var inWork: UInt64
        /// Connections of clients; none for a worker.
        public var connections: UInt64
        /// Of a router: pools in which requests wait for a worker.
        public var queues: [Queue]

        public struct Queue: Equatable, Sendable {
            /// `RouteTable.Pool.id`
            public var pool: UInt32
            public var waiting: UInt32

            public init(pool: UInt32, waiting: UInt32) {
                self.pool = pool
                self.waiting = waiting
            }
        }

        public init(requests: UInt64, inWork: UInt64, connections: UInt64 = 0, queues: [Queue] = []) {
            self.queues = queues
            self.requests = requests
            self.inWork = inWork
            self.connections = connections
        }
    }

    /// When a worker has done enough. It goes on until the master has decided what follows.
    public struct Limits: Equatable, Sendable {
        /// Unit: milliseconds. 0: never.
        public var idleTimeout: UInt64
        /// 0: any number.
        public var requests: UInt64

        public init(idleTimeout: UInt64 = 0, requests: UInt64 = 0) {
            self.idleTimeout = idleTimeout
            self.requests = requests
        }
    }

    /// What a worker is told about its configuration.
    public struct Slice: Equatable, Sendable {
        /// `RouteTable.Pool.id`
        public var pool: UInt32
        /// The pool's name.
        public var poolName: String
        /// The name of the file that the bytes come from, for errors.
        public var path: String
        /// What `%HOSTELRY_CONFIG_DIR%` stands for.
        public var folder: String
        /// Further schema files. The memory holds their bytes, in this order, before those of the slice.
        public var schemaFiles: [SchemaFile]

        public init(pool: UInt32, poolName: String, path: String, folder: String, schemaFiles: [SchemaFile] = []) {
            self.pool = pool
            self.poolName = poolName
            self.path = path
            self.folder = folder
            self.schemaFiles = schemaFiles
        }

        public struct SchemaFile: Equatable, Sendable {
            /// For errors.
            public var path: String
            /// Bytes.
            public var size: UInt32

            public init(path: String, size: UInt32) {
                self.path = path
                self.size = size
            }
        }
    }

    /// How many descriptors come with the message.
    public var descriptorCount: Int {
        switch self {
        case .listen, .linkReady, .configure, .link, .logOpened, .holds: 1
        default: 0
        }
    }
}
