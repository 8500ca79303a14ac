public import Configuration

/// An application pool with all its settings (reference §4.2, where each attribute's default and range stands).
public struct ApplicationPool: Hashable, Sendable {
    public struct ProcessModel: Hashable, Sendable {
        public enum Identity: String, Sendable {
            case localSystem = "LocalSystem"
            case localService = "LocalService"
            case networkService = "NetworkService"
            case specificUser = "SpecificUser"
            case applicationPoolIdentity = "ApplicationPoolIdentity"
        }

        public let identity: Identity
        public let userName: String
        /// As written: clear text or `[enc:…:enc]`. Never shown.
        public let password: String
        /// `LogonService` instead of `LogonBatch`.
        public let logsOnAsService: Bool
        public let manualGroupMembership: Bool
        public let requestQueueDelegatorIdentity: String
        public let loadUserProfile: Bool
        public let setProfileEnvironment: Bool
        /// Zero: never.
        public let idleTimeout: Duration
        /// `Suspend` instead of `Terminate`.
        public let suspendsWhenIdle: Bool
        /// 0: one for each memory node.
        public let maxProcesses: UInt32
        public let shutdownTimeLimit: Duration
        public let startupTimeLimit: Duration
        public let pingingEnabled: Bool
        public let pingInterval: Duration
        public let pingResponseTime: Duration
        public let logsIdleTimeout: Bool
    }

    public struct Recycling: Hashable, Sendable {
        public let disallowOverlappingRotation: Bool
        public let disallowRotationOnConfigChange: Bool
        /// Bits: 1 time, 2 requests, 4 schedule, 8 memory, 16 unhealthy, 32 on demand, 64 configuration, 128 private.
        public let logEventOnRecycle: UInt32
        /// Kilobytes of resident memory; 0: off.
        public let memory: UInt32
        /// Kilobytes; 0: off.
        public let privateMemory: UInt32
        /// 0: off.
        public let requests: UInt32
        /// Zero: off.
        public let time: Duration
        /// Local times of day.
        public let schedule: [Duration]
    }

    public struct Failure: Hashable, Sendable {
        /// `TcpLevel`: a pool that is down closes connections instead of answering 503.
        public let closesConnections: Bool
        public let orphanWorkerProcess: Bool
        public let orphanActionExe: String
        public let orphanActionParams: String
        public let rapidFailProtection: Bool
        public let rapidFailProtectionInterval: Duration
        public let rapidFailProtectionMaxCrashes: UInt32
        public let autoShutdownExe: String
        public let autoShutdownParams: String
    }

    public struct CPU: Hashable, Sendable {
        public enum Action: String, Sendable {
            case noAction = "NoAction"
            case killW3wp = "KillW3wp"
            case throttle = "Throttle"
            case throttleUnderLoad = "ThrottleUnderLoad"
        }

        /// Thousandths of a percent; 0: no limit.
        public let limit: UInt32
        public let action: Action
        public let resetInterval: Duration
        public let smpAffinitized: Bool
        public let affinityMask: UInt64
        public let processorGroup: Int32
        /// `WindowsScheduling` instead of `MostAvailableMemory`.
        public let leavesNodeToScheduler: Bool
        /// `Hard` instead of `Soft`.
        public let isNodeAffinityHard: Bool
    }

    /// How much the log files of what its applications print may take: of each application, for each `stdoutLogFile`.
    public struct OutputLogs: Hashable, Sendable {
        /// Unit: kilobytes. Default 10 MB.
        public let maxFileSizeKB: UInt32
        /// Default 10.
        public let maxFiles: UInt32
        /// Default 30 days; zero: any age.
        public let maxAge: Duration
    }

    /// What was read of its element; versions in which the element is the same share it.
    private let settings: Shared<Settings>
    public internal(set) var line: SourceLine
    /// Why the pool is not started; empty for a sound one.
    public internal(set) var quarantine: [Problem] = []

    init(_ settings: Settings, line: SourceLine) {
        self.settings = Shared(settings)
        self.line = line
    }

    public var name: String { settings.value.name }
    public var queueLength: UInt32 { settings.value.queueLength }
    public var autoStart: Bool { settings.value.autoStart }
    public var enable32BitAppOnWin64: Bool { settings.value.enable32BitAppOnWin64 }
    public var managedRuntimeVersion: String { settings.value.managedRuntimeVersion }
    public var managedRuntimeLoader: String { settings.value.managedRuntimeLoader }
    public var clrConfigFile: String { settings.value.clrConfigFile }
    public var passAnonymousToken: Bool { settings.value.passAnonymousToken }
    /// `Integrated` or `Classic`.
    public var managedPipelineMode: String { settings.value.managedPipelineMode }
    /// False: no web.config of its applications is read.
    public var enableConfigurationOverride: Bool { settings.value.enableConfigurationOverride }
    public var alwaysRunning: Bool { settings.value.alwaysRunning }
    public var processModel: ProcessModel { settings.value.processModel }
    public var recycling: Recycling { settings.value.recycling }
    public var failure: Failure { settings.value.failure }
    public var cpu: CPU { settings.value.cpu }
    public var outputLogs: OutputLogs { settings.value.outputLogs }
    public var environmentVariables: [EnvironmentVariable] { settings.value.environmentVariables }

    public var isQuarantined: Bool { !quarantine.isEmpty }

    /// Whether both were read of the same element and are equal, which costs nothing to find out.
    public func isSame(as other: ApplicationPool) -> Bool {
        settings === other.settings && quarantine == other.quarantine
    }

    var identity: ObjectIdentifier { ObjectIdentifier(settings) }

    struct Settings: Hashable {
        let name: String
        let queueLength: UInt32
        let autoStart: Bool
        let enable32BitAppOnWin64: Bool
        let managedRuntimeVersion: String
        let managedRuntimeLoader: String
        let clrConfigFile: String
        let passAnonymousToken: Bool
        let managedPipelineMode: String
        let enableConfigurationOverride: Bool
        let alwaysRunning: Bool
        let processModel: ProcessModel
        let recycling: Recycling
        let failure: Failure
        let cpu: CPU
        let outputLogs: OutputLogs
        let environmentVariables: [EnvironmentVariable]
    }
}
