internal import Configuration

/// Reads application pools out of their section.
struct PoolReader {
    private var processModels = SharedReadings<ApplicationPool.ProcessModel>()
    private var recyclings = SharedReadings<ApplicationPool.Recycling>()
    private var failures = SharedReadings<ApplicationPool.Failure>()
    private var cpus = SharedReadings<ApplicationPool.CPU>()
    private var outputLogs = SharedReadings<ApplicationPool.OutputLogs>()

    mutating func read(_ pool: Element) -> ApplicationPool {
        let settings = ApplicationPool.Settings(
            name: pool.string("name"), queueLength: pool.unsigned("queueLength"), autoStart: pool.bool("autoStart"),
            enable32BitAppOnWin64: pool.bool("enable32BitAppOnWin64"),
            managedRuntimeVersion: pool.string("managedRuntimeVersion"),
            managedRuntimeLoader: pool.string("managedRuntimeLoader"), clrConfigFile: pool.string("CLRConfigFile"),
            passAnonymousToken: pool.bool("passAnonymousToken"),
            managedPipelineMode: pool.member("managedPipelineMode"),
            enableConfigurationOverride: pool.bool("enableConfigurationOverride"),
            alwaysRunning: pool.member("startMode") == "AlwaysRunning",
            processModel: processModels.value(of: pool.element("processModel"), Self.processModel),
            recycling: recyclings.value(of: pool.element("recycling"), Self.recycling),
            failure: failures.value(of: pool.element("failure"), Self.failure),
            cpu: cpus.value(of: pool.element("cpu"), Self.cpu),
            outputLogs: outputLogs.value(of: pool.element("stdoutLog"), Self.outputLogs),
            environmentVariables: pool.element("environmentVariables").items.map { variable in
                EnvironmentVariable(name: variable.string("name"), value: variable.string("value"))
            })
        return ApplicationPool(settings, line: SourceLine(pool.source.line))
    }

    private static func processModel(_ element: Element) -> ApplicationPool.ProcessModel {
        ApplicationPool.ProcessModel(
            identity: .init(rawValue: element.member("identityType")) ?? .applicationPoolIdentity,
            userName: element.string("userName"), password: element.written("password") ?? "",
            logsOnAsService: element.member("logonType") == "LogonService",
            manualGroupMembership: element.bool("manualGroupMembership"),
            requestQueueDelegatorIdentity: element.string("requestQueueDelegatorIdentity"),
            loadUserProfile: element.bool("loadUserProfile"),
            setProfileEnvironment: element.bool("setProfileEnvironment"), idleTimeout: element.span("idleTimeout"),
            suspendsWhenIdle: element.member("idleTimeoutAction") == "Suspend",
            maxProcesses: element.unsigned("maxProcesses"), shutdownTimeLimit: element.span("shutdownTimeLimit"),
            startupTimeLimit: element.span("startupTimeLimit"), pingingEnabled: element.bool("pingingEnabled"),
            pingInterval: element.span("pingInterval"), pingResponseTime: element.span("pingResponseTime"),
            logsIdleTimeout: element.flags("logEventOnProcessModel") & 1 != 0)
    }

    private static func recycling(_ element: Element) -> ApplicationPool.Recycling {
        let periodic = element.element("periodicRestart")
        return ApplicationPool.Recycling(
            disallowOverlappingRotation: element.bool("disallowOverlappingRotation"),
            disallowRotationOnConfigChange: element.bool("disallowRotationOnConfigChange"),
            logEventOnRecycle: element.flags("logEventOnRecycle"), memory: periodic.unsigned("memory"),
            privateMemory: periodic.unsigned("privateMemory"), requests: periodic.unsigned("requests"),
            time: periodic.span("time"), schedule: periodic.element("schedule").items.map { $0.span("value") })
    }

    private static func failure(_ element: Element) -> ApplicationPool.Failure {
        ApplicationPool.Failure(
            closesConnections: element.member("loadBalancerCapabilities") == "TcpLevel",
            orphanWorkerProcess: element.bool("orphanWorkerProcess"),
            orphanActionExe: element.string("orphanActionExe"),
            orphanActionParams: element.string("orphanActionParams"),
            rapidFailProtection: element.bool("rapidFailProtection"),
            rapidFailProtectionInterval: element.span("rapidFailProtectionInterval"),
            rapidFailProtectionMaxCrashes: element.unsigned("rapidFailProtectionMaxCrashes"),
            autoShutdownExe: element.string("autoShutdownExe"),
            autoShutdownParams: element.string("autoShutdownParams"))
    }

    private static func outputLogs(_ element: Element) -> ApplicationPool.OutputLogs {
        ApplicationPool.OutputLogs(
            maxFileSizeKB: element.unsigned("maxLogFileSizeKB"), maxFiles: element.unsigned("maxLogFiles"),
            maxAge: element.span("maxLogFileAge"))
    }

    private static func cpu(_ element: Element) -> ApplicationPool.CPU {
        ApplicationPool.CPU(
            limit: element.unsigned("limit"), action: .init(rawValue: element.member("action")) ?? .noAction,
            resetInterval: element.span("resetInterval"), smpAffinitized: element.bool("smpAffinitized"),
            affinityMask: UInt64(element.unsigned("smpProcessorAffinityMask2")) << 32
                | UInt64(element.unsigned("smpProcessorAffinityMask")),
            processorGroup: Int32(clamping: element.integer("processorGroup")),
            leavesNodeToScheduler: element.member("numaNodeAssignment") == "WindowsScheduling",
            isNodeAffinityHard: element.member("numaNodeAffinityMode") == "Hard")
    }
}
