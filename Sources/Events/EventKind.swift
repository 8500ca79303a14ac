/// One row of the table of events: an id for programs, a level, a name for people who filter, and its source.
public struct EventKind: Equatable, Sendable {
    /// Never given another meaning.
    public let id: UInt32
    public let level: EventLevel
    /// Words joined by hyphens, for example `worker-crashed`.
    public let name: String
    /// Whose number `id` is.
    public let source: EventSource

    init(_ id: UInt32, _ level: EventLevel, _ name: String, source: EventSource = .server) {
        self.id = id
        self.level = level
        self.name = name
        self.source = source
    }

    /// Of an event that was written down, perhaps by another version with other rows.
    package static func recorded(
        id: UInt32, level: EventLevel, name: String, source: EventSource = .server
    ) -> EventKind {
        EventKind(id, level, name, source: source)
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
    public static let rolesAdopted = EventKind(1050, .information, "roles-adopted")
    public static let roleNotAdopted = EventKind(1051, .warning, "role-not-adopted")
    public static let roleLost = EventKind(1052, .warning, "role-lost")
    public static let upgradeStarted = EventKind(1053, .information, "upgrade-started")
    public static let upgradeRefused = EventKind(1054, .error, "upgrade-refused")
    public static let upgradeFinished = EventKind(1055, .information, "upgrade-finished")
    public static let limitMechanism = EventKind(1010, .information, "limit-mechanism")
    public static let metricsOpened = EventKind(1070, .information, "metrics-opened")
    public static let metricsUnavailable = EventKind(1071, .error, "metrics-unavailable")
    public static let serviceManagerDeaf = EventKind(1007, .warning, "service-manager-deaf")
}

/// Administration: who asks for what, and what is kept.
extension EventKind {
    public static let operationRequested = EventKind(1020, .information, "operation-requested")
    public static let controlUnavailable = EventKind(1021, .error, "control-unavailable")
    public static let eventsNotKept = EventKind(1022, .error, "events-not-kept")
    public static let eventsLost = EventKind(1023, .warning, "events-lost")
    public static let operationRefused = EventKind(1025, .warning, "operation-refused")
    public static let delegationDoubt = EventKind(1026, .warning, "delegation-doubt")
    public static let passedSocketUnused = EventKind(1024, .warning, "passed-socket-unused")
}

/// The configuration.
extension EventKind {
    public static let configurationApplied = EventKind(1100, .information, "configuration-applied")
    public static let configurationRejected = EventKind(1102, .error, "configuration-rejected")
    public static let configurationProblem = EventKind(1103, .error, "configuration-problem")
    public static let configurationDoubt = EventKind(1104, .warning, "configuration-doubt")
    public static let configurationPolled = EventKind(1105, .warning, "configuration-polled")
    public static let historyUnavailable = EventKind(1120, .error, "history-unavailable")
    public static let historySetAside = EventKind(1121, .error, "history-set-aside")
    public static let historyRestored = EventKind(1125, .warning, "history-restored")
    public static let changeFinished = EventKind(1122, .warning, "change-finished")
    public static let historyCaughtUp = EventKind(1130, .information, "history-caught-up")
    public static let historyEventsMissing = EventKind(1131, .warning, "history-events-missing")
    public static let changeUndone = EventKind(1123, .warning, "change-undone")
    public static let configurationChanged = EventKind(1124, .information, "configuration-changed")
    public static let webConfigChanged = EventKind(1126, .information, "web-config-changed")
    public static let mirrorUnavailable = EventKind(1110, .warning, "mirror-unavailable")
    public static let mirrorRebuilt = EventKind(1111, .warning, "mirror-rebuilt")
    public static let mirrorBack = EventKind(1112, .information, "mirror-back")
    public static let reportRefused = EventKind(1113, .warning, "web-config-report-refused")
}

/// Shared configuration.
extension EventKind {
    public static let sharingFollowed = EventKind(1150, .information, "shared-configuration-followed")
    public static let sharingEnded = EventKind(1151, .information, "shared-configuration-ended")
    public static let sharedConfigurationAway = EventKind(1152, .error, "shared-configuration-away")
    public static let sharedConfigurationBack = EventKind(1153, .information, "shared-configuration-back")
    public static let sharedCopyNotKept = EventKind(1154, .warning, "shared-copy-not-kept")
    public static let sharingPolled = EventKind(1155, .information, "shared-configuration-polled")
}

/// Sites and their endpoints.
extension EventKind {
    public static let endpointOpened = EventKind(1200, .information, "endpoint-opened")
    public static let endpointClosed = EventKind(1201, .information, "endpoint-closed")
    public static let endpointFailed = EventKind(1202, .error, "endpoint-failed")
    public static let siteStopped = EventKind(1220, .information, "site-stopped")
    public static let siteStarted = EventKind(1221, .information, "site-started")
    public static let logFailed = EventKind(1210, .error, "log-failed")
    public static let logOpened = EventKind(1211, .information, "log-opened")
}

/// The router.
extension EventKind {
    public static let routerStarted = EventKind(1300, .information, "router-started")
    public static let routerCrashed = EventKind(1301, .error, "router-crashed")
    public static let routerReplaced = EventKind(1350, .information, "router-replaced")
    public static let routerLeft = EventKind(1351, .information, "router-left")
    public static let routerTrouble = EventKind(1303, .warning, "router-trouble")
    public static let routerCannotStart = EventKind(1302, .error, "router-cannot-start")
}

/// Application pools and their workers. Numbers from 5000 on are WAS's own.
extension EventKind {
    public static let workerStarted = EventKind(1400, .information, "worker-started")
    public static let workerReady = EventKind(1401, .information, "worker-ready")
    public static let workerEnded = EventKind(1402, .information, "worker-ended")
    public static let workerCannotStart = EventKind(1403, .error, "worker-cannot-start")
    public static let workerMisbehaved = EventKind(1404, .error, "worker-misbehaved")
    /// A pool's settings leave it without a user, a home or a processor.
    public static let poolUnusable = EventKind(5057, .error, "pool-unusable")
    public static let poolWithout32Bit = EventKind(1420, .warning, "pool-without-32-bit")
    public static let cpuLimitExceeded = EventKind(1421, .warning, "cpu-limit-exceeded")
    public static let workerTrouble = EventKind(1406, .warning, "worker-trouble")
    public static let workerKept = EventKind(1407, .error, "worker-kept")
    public static let workerSuspended = EventKind(1408, .information, "worker-suspended")
    public static let workerResumed = EventKind(1409, .information, "worker-resumed")
    public static let poolStopped = EventKind(1410, .information, "pool-stopped")
    public static let poolStarted = EventKind(1411, .information, "pool-started")
    public static let commandFailed = EventKind(1412, .error, "command-failed")
    public static let demandStartRefused = EventKind(1413, .warning, "demand-start-refused")
    /// Applications tell more than is kept of one pool.
    public static let applicationEventsLost = EventKind(1430, .warning, "application-events-lost")
    public static let idleTimeoutsChanged = EventKind(1414, .information, "idle-timeouts-changed")
    /// The end of a worker that the server killed; why stands in an event of its own.
    public static let workerKilled = EventKind(1416, .information, "worker-killed")
    public static let poolOffline = EventKind(5002, .error, "pool-offline")
    public static let workerUnresponsive = EventKind(5010, .error, "worker-unresponsive")
    public static let workerCrashed = EventKind(5011, .error, "worker-crashed")
    public static let workerStartedTooSlowly = EventKind(5012, .error, "worker-started-too-slowly")
    public static let workerEndedTooSlowly = EventKind(5013, .warning, "worker-ended-too-slowly")
    public static let recycledForTime = EventKind(5074, .information, "recycled-for-time")
    public static let recycledForRequests = EventKind(5075, .information, "recycled-for-requests")
    public static let recycledForSchedule = EventKind(5076, .information, "recycled-for-schedule")
    public static let recycledForMemory = EventKind(5077, .information, "recycled-for-memory")
    public static let recycledForHealth = EventKind(5078, .warning, "recycled-for-health")
    public static let recycledOnDemand = EventKind(5079, .information, "recycled-on-demand")
    public static let recycledForConfiguration = EventKind(5080, .information, "recycled-for-configuration")
    public static let recycledForPrivateMemory = EventKind(5117, .information, "recycled-for-private-memory")
    public static let recycledForUpgrade = EventKind(1450, .information, "recycled-for-upgrade")
    public static let workerIdle = EventKind(5186, .information, "worker-idle")
}
