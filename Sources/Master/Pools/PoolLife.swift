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

    /// More processor time than `time` within `interval` ends the workers.
    struct ProcessorBudget: Equatable, Sendable {
        let time: Duration
        let interval: Duration
    }

    var maximumProcesses = 1
    /// Nil: never.
    var idleTimeout: Duration?
    /// What cannot be done; the event about an idle worker says so.
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
    var processorBudget: ProcessorBudget?
    /// `logEventOnRecycle`.
    var loggedReasons: UInt32 = 0xff

    /// Whether somebody has to look at what the workers use.
    var needsSamples: Bool { memoryLimit > 0 || privateMemoryLimit > 0 || processorBudget != nil }

    var workerLimits: ControlMessage.Limits {
        .init(idleTimeout: (idleTimeout ?? .zero).nanoseconds / 1_000_000, requests: UInt64(requestLimit))
    }

    func logs(_ reason: RecycleReason) -> Bool { loggedReasons & reason.rawValue != 0 || reason == .upgrade }
}

extension PoolLife {
    /// `machine` says what the machine has.
    init(_ pool: ApplicationPool, on machine: Machine) {
        let (model, recycling, failure) = (pool.processModel, pool.recycling, pool.failure)
        maximumProcesses = model.maxProcesses == 0 ? machine.memoryNodes : Int(clamping: model.maxProcesses)
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
        if pool.cpu.action == .killW3wp, pool.cpu.limit > 0, pool.cpu.resetInterval > .zero {
            // Thousandths of a percent of all processors.
            let time = pool.cpu.resetInterval * machine.processors / 100_000 * Int(pool.cpu.limit)
            processorBudget = ProcessorBudget(time: time, interval: pool.cpu.resetInterval)
        }
        loggedReasons = recycling.logEventOnRecycle
    }

    /// What the machine has and a plan depends on.
    struct Machine: Equatable, Sendable {
        let processors: Int
        let memoryNodes: Int

        static let this = Machine(processors: Platform.Machine.processors, memoryNodes: Platform.Machine.memoryNodes)
    }
}

extension PoolLife.Command {
    /// Nil where no program is named.
    fileprivate init?(_ executable: String, _ parameters: String) {
        guard !executable.isEmpty else { return nil }
        self.init(executable: executable, parameters: parameters)
    }
}
