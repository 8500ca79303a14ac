/// One row of the table of events: an id for programs, a level, and a name for people who filter.
public struct EventKind: Equatable, Sendable {
    /// Never given another meaning.
    public let id: UInt32
    public let level: EventLevel
    /// Words joined by hyphens, for example `worker-crashed`.
    public let name: String

    private init(_ id: UInt32, _ level: EventLevel, _ name: String) {
        self.id = id
        self.level = level
        self.name = name
    }
}

/// The server.
extension EventKind {
    public static let serverStarting = EventKind(1000, .information, "server-starting")
    public static let serverStarted = EventKind(1001, .information, "server-started")
    public static let serverStopping = EventKind(1002, .information, "server-stopping")
    public static let serverStopped = EventKind(1003, .information, "server-stopped")
    public static let serverNotIsolated = EventKind(1004, .warning, "pools-not-isolated")
    public static let serverCannotStart = EventKind(1005, .error, "server-cannot-start")
    public static let serverOutOfDescriptors = EventKind(1006, .error, "server-out-of-descriptors")
    public static let registryNotWritten = EventKind(1008, .warning, "registry-not-written")
    public static let orphansEnded = EventKind(1009, .warning, "orphans-ended")
    public static let limitMechanism = EventKind(1010, .information, "limit-mechanism")
    public static let serviceManagerDeaf = EventKind(1007, .warning, "service-manager-deaf")
}

/// The configuration.
extension EventKind {
    public static let configurationApplied = EventKind(1100, .information, "configuration-applied")
    public static let configurationRejected = EventKind(1102, .error, "configuration-rejected")
    public static let configurationProblem = EventKind(1103, .error, "configuration-problem")
    public static let configurationDoubt = EventKind(1104, .warning, "configuration-doubt")
}

/// Sites and their endpoints.
extension EventKind {
    public static let endpointOpened = EventKind(1200, .information, "endpoint-opened")
    public static let endpointClosed = EventKind(1201, .information, "endpoint-closed")
    public static let endpointFailed = EventKind(1202, .error, "endpoint-failed")
    public static let logFailed = EventKind(1210, .error, "log-failed")
    public static let logOpened = EventKind(1211, .information, "log-opened")
}

/// The router.
extension EventKind {
    public static let routerStarted = EventKind(1300, .information, "router-started")
    public static let routerCrashed = EventKind(1301, .error, "router-crashed")
    public static let routerTrouble = EventKind(1303, .warning, "router-trouble")
    public static let routerCannotStart = EventKind(1302, .error, "router-cannot-start")
}

/// Application pools and their workers. 5002, 5011 and 5057 are WAS's own numbers.
extension EventKind {
    public static let workerStarted = EventKind(1400, .information, "worker-started")
    public static let workerReady = EventKind(1401, .information, "worker-ready")
    public static let workerEnded = EventKind(1402, .information, "worker-ended")
    public static let workerCannotStart = EventKind(1403, .error, "worker-cannot-start")
    public static let workerMisbehaved = EventKind(1404, .error, "worker-misbehaved")
    public static let workerKilled = EventKind(1405, .warning, "worker-killed")
    /// A pool's settings leave it without a user, a home or a processor.
    public static let poolUnusable = EventKind(5057, .error, "pool-unusable")
    public static let poolWithout32Bit = EventKind(1420, .warning, "pool-without-32-bit")
    public static let cpuLimitExceeded = EventKind(1421, .warning, "cpu-limit-exceeded")
    public static let poolOffline = EventKind(5002, .error, "pool-offline")
    public static let workerTrouble = EventKind(1406, .warning, "worker-trouble")
    public static let workerCrashed = EventKind(5011, .error, "worker-crashed")
}
