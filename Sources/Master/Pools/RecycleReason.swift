import Events

/// Why a worker is replaced. The raw values are the flags of `logEventOnRecycle`.
enum RecycleReason: UInt32, Equatable, Sendable, CaseIterable {
    case time = 1
    case requests = 2
    case schedule = 4
    case memory = 8
    case unhealthy = 16
    case onDemand = 32
    case configuration = 64
    case privateMemory = 128
    /// Ours, beyond the flags that IIS has.
    case upgrade = 65536

    /// Whether somebody wants it now, rather than a limit.
    var isWanted: Bool { self == .onDemand || self == .configuration || self == .upgrade }
}

extension RecycleReason {
    /// In words, for a sentence that goes on.
    var text: String {
        switch self {
        case .time: "it has run for as long as periodicRestart.time says"
        case .requests: "it has served as many requests as periodicRestart.requests says"
        case .schedule: "a time of periodicRestart.schedule has come"
        case .memory: "it uses more memory than periodicRestart.memory says"
        case .unhealthy: "it says that it is not well"
        case .onDemand: "an administrator asked for it"
        case .configuration: "the configuration that a process begins with has changed"
        case .upgrade: "the server was upgraded"
        case .privateMemory: "it uses more private memory than periodicRestart.privateMemory says"
        }
    }

    /// WAS's own numbers.
    var event: EventKind {
        switch self {
        case .time: .recycledForTime
        case .requests: .recycledForRequests
        case .schedule: .recycledForSchedule
        case .memory: .recycledForMemory
        case .unhealthy: .recycledForHealth
        case .onDemand: .recycledOnDemand
        case .configuration: .recycledForConfiguration
        case .upgrade: .recycledForUpgrade
        case .privateMemory: .recycledForPrivateMemory
        }
    }
}
