public import Configuration

/// What appcmd asks of the world: the configuration's files, the running server, backups and standard input.
public protocol Instance {
    /// The server's configuration as it is now.
    func server() throws(ConfigurationError) -> ServerConfiguration
    /// What the file at `path` holds; nil where there is none.
    func bytes(of path: String) throws(ConfigurationError) -> [UInt8]?
    /// What the server does; nil where none runs.
    func live() throws(InstanceFailure) -> LiveState?
    /// The requests in work; nil where no server runs.
    func requests() throws(InstanceFailure) -> [LiveRequest]?
    /// - Parameter timeout: milliseconds to wait until it is so; nil: no waiting.
    func order(_ order: LiveOrder, timeout: UInt32?) throws(InstanceFailure)
    /// Whether a folder lies at `path`.
    func isFolder(_ path: String) -> Bool
    /// Replaces files as a whole or not at all.
    func submit(_ files: [ChangedFile], comment: String) throws(InstanceFailure)
    /// Seals a value that is kept encrypted.
    func seal(_ text: String) throws(InstanceFailure) -> String
    /// Standard input to its end.
    func input() throws(InstanceFailure) -> [UInt8]

    func backups() -> [String]
    /// Answers the name: the one given, else one of the time.
    func addBackup(_ name: String?) throws(InstanceFailure) -> String
    func deleteBackup(_ name: String) throws(InstanceFailure)
    func restoreBackup(_ name: String) throws(InstanceFailure)
}

/// A file with other bytes than those that were read.
public struct ChangedFile: Equatable, Sendable {
    public let path: String
    /// Nil: there was none.
    public let old: [UInt8]?
    public let new: [UInt8]
    public let isServerFile: Bool

    public init(path: String, old: [UInt8]?, new: [UInt8], isServerFile: Bool) {
        self.path = path
        self.old = old
        self.new = new
        self.isServerFile = isServerFile
    }
}

/// Why the world does not do it.
public struct InstanceFailure: Error, Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case notRunning
        case denied
        /// Somebody else saved the file meanwhile, or is about to: it may go well on what the file holds then.
        case conflict
        /// Nobody answered: it may be done or not.
        case uncertain
        /// It is done, and the server does not serve by it.
        case written
        case exists
        case missing
        /// The server does not want to.
        case refused
        /// What was asked for makes no sense.
        case invalid
        case failed
    }

    public let kind: Kind
    /// A sentence for people.
    public let text: String

    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

/// What is to happen to an object of the running server.
public enum LiveOrder: Equatable, Sendable {
    case startSite(String)
    case stopSite(String)
    case startPool(String)
    case stopPool(String)
    case recycle(pool: String)
}

/// What the running server says of its objects.
public struct LiveState: Equatable, Sendable {
    public struct Worker: Equatable, Sendable {
        public let pid: Int32
        public let pool: String

        public init(pid: Int32, pool: String) {
            self.pid = pid
            self.pool = pool
        }
    }

    /// By the name in lower case: `Starting`, `Started`, `Stopping`, `Stopped`.
    public let sites: [String: String]
    public let pools: [String: String]
    public let workers: [Worker]

    public init(sites: [String: String], pools: [String: String], workers: [Worker]) {
        self.sites = sites
        self.pools = pools
        self.workers = workers
    }
}

/// A request in work.
public struct LiveRequest: Equatable, Sendable {
    /// The server's own number of it, the same as long as it is in work.
    public let name: String
    public let site: String
    public let pool: String
    /// The worker's process; nil where it is not known.
    public let pid: Int32?
    public let verb: String
    public let url: String
    public let client: String
    public let stage: String
    public let module: String
    public let milliseconds: UInt64

    public init(
        name: String, site: String, pool: String, pid: Int32?, verb: String, url: String, client: String,
        stage: String, module: String, milliseconds: UInt64
    ) {
        self.name = name
        self.site = site
        self.pool = pool
        self.pid = pid
        self.verb = verb
        self.url = url
        self.client = client
        self.stage = stage
        self.module = module
        self.milliseconds = milliseconds
    }
}
