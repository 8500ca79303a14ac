import HostModel
import Platform
import Wire

/// What the life of a pool's workers depends on (reference §4.2, where defaults and ranges stand).
struct PoolLife: Equatable, Sendable {
    struct Ping: Equatable, Sendable {
        let interval: Duration
        let responseTime: Duration
    }

    /// A program of the administrator's and its arguments as written.
    struct Command: Equatable, Sendable {
        let executable: String
        let parameters: String
    }

    var maximumProcesses = 1
    /// Nil: never.
    var idleTimeout: Duration?
    /// An idle worker is stopped instead of ended.
    var suspendsWhenIdle = false
    var logsIdleTimeout = true
    /// Nil: not asked for a sign of life.
    var ping: Ping?
    /// Whether a worker that gives no sign of life is left to whoever wants to look at it.
    var orphansWorkers = false
    var orphanAction: Command?
    /// What runs when rapid-fail protection stops the pool.
    var autoShutdown: Command?
    /// Nil: any.
    var lifetime: Duration?
    /// Local times of day.
    var schedule: [Duration] = []
    /// 0: any number.
    var requestLimit: UInt32 = 0
    /// Unit: bytes; 0: any number.
    var memoryLimit: UInt64 = 0
    /// Unit: bytes; 0: any number.
    var privateMemoryLimit: UInt64 = 0
    /// `logEventOnRecycle`.
    var loggedReasons: UInt32 = 0xff

    /// Whether somebody has to look at what the workers use.
    var needsSamples: Bool { memoryLimit > 0 || privateMemoryLimit > 0 }

    /// - Parameter divisor: by how much the idle time-out is shortened.
    func workerLimits(idleDivisor divisor: UInt64) -> ControlMessage.Limits {
        .init(idleTimeout: (idleTimeout ?? .zero).nanoseconds / 1_000_000 / divisor, requests: UInt64(requestLimit))
    }

    func logs(_ reason: RecycleReason) -> Bool { loggedReasons & reason.rawValue != 0 || reason == .upgrade }
}

extension PoolLife {
    /// `memoryNodes` is how many workers a pool has that asks for one on each.
    init(_ pool: ApplicationPool, memoryNodes: Int) {
        let (model, recycling, failure) = (pool.processModel, pool.recycling, pool.failure)
        maximumProcesses = model.maxProcesses == 0 ? memoryNodes : Int(clamping: model.maxProcesses)
        idleTimeout = model.idleTimeout > .zero ? model.idleTimeout : nil
        suspendsWhenIdle = model.suspendsWhenIdle
        logsIdleTimeout = model.logsIdleTimeout
        ping =
            model.pingingEnabled ? Ping(interval: model.pingInterval, responseTime: model.pingResponseTime) : nil
        orphansWorkers = failure.orphanWorkerProcess
        orphanAction = Command(failure.orphanActionExe, failure.orphanActionParams)
        autoShutdown = Command(failure.autoShutdownExe, failure.autoShutdownParams)
        lifetime = recycling.time > .zero ? recycling.time : nil
        schedule = recycling.schedule
        requestLimit = recycling.requests
        memoryLimit = UInt64(recycling.memory) << 10
        privateMemoryLimit = UInt64(recycling.privateMemory) << 10
        loggedReasons = recycling.logEventOnRecycle
    }
}

extension PoolLife.Command {
    /// Nil where no program is named.
    fileprivate init?(_ executable: String, _ parameters: String) {
        guard !executable.isEmpty else { return nil }
        self.init(executable: executable, parameters: parameters)
    }
}
