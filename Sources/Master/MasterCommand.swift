import Administration
import Configuration
import ConfigurationStore
import EventLoop
public import Events
import Glibc
import Platform

/// What `hostelry run` does: become the master of an instance and serve until told to end.
public struct MasterCommand: Sendable {
    /// Absolute.
    public let configurationPath: String
    /// Absolute.
    public let statePath: String
    public let version: String
    /// As the program was called, its name first.
    private let arguments: [String]
    /// Whether pools may run as root.
    private let allowsLocalSystem: Bool
    /// Nil for a server that outlives its master.
    private let session: OwnSession?
    private let log: any EventRecorder

    public init(
        configurationPath: String, statePath: String, version: String, arguments: [String],
        allowsLocalSystem: Bool = false, session: OwnSession? = nil, log: any EventRecorder
    ) {
        self.arguments = arguments
        self.configurationPath = configurationPath
        self.statePath = statePath
        self.version = version
        self.allowsLocalSystem = allowsLocalSystem
        self.session = session
        self.log = log
    }

    /// Runs on the main thread, before any other is started; returns the exit status: 0 for an end that was asked for.
    public func run() -> Int32 {
        // First of all, so that nothing else takes what was passed for its own.
        let passedSockets = PassedSockets(holding: session?.sockets ?? [])
        HeapMemory.shareAmongThreads()
        do {
            let succession = Succession.left()
            let program = try OwnProgram(arguments: arguments)
            let folder = try Self.open(statePath, succession)
            // Signals are blocked before the first thread starts, which is the history's.
            let signals = try SignalDescriptor([SIGTERM, SIGINT, SIGHUP, SIGUSR2])
            let history = EventHistory(stateFolder: folder.path, log: log, now: FileStamp.now)
            // The folder's lock is held until the last event is kept.
            defer { withExtendedLifetime(folder) { history.finish() } }
            do {
                let upgrading = Upgrading(program, lock: folder.lockDescriptor)
                let shell = try shell(in: folder.path, signals, passedSockets, upgrading, succession, history)
                return shell.run()
            } catch {
                return fail(error, log: history)
            }
        } catch {
            return fail(error, log: log)
        }
    }

    private func fail(_ error: any Error, log: any EventRecorder) -> Int32 {
        log.record(Event(.serverCannotStart, "Hostelry cannot start: \(Self.text(error))"))
        return 1
    }

    private func shell(
        in folder: String, _ signals: consuming SignalDescriptor, _ passedSockets: PassedSockets,
        _ upgrading: Upgrading, _ succession: Succession?, _ log: EventHistory
    ) throws -> MasterShell {
        log.record(
            Event(
                .serverStarting, "Hostelry \(version) starts.",
                [
                    .init("pid", CurrentProcess.pid), .init("configuration", configurationPath),
                    .init("state", folder),
                ]))
        let launcher = try RoleLauncher()
        let registry = try RoleRegistry(stateFolder: folder)
        let isolation = try Isolation(
            stateFolder: folder, allowsLocalSystem: allowsLocalSystem, isShared: session != nil, log: log)
        if session == nil { HistoryKeeper.recover(stateFolder: folder, log: log) }
        let configuration = try FirstReading.of(configurationPath, state: folder)
        isolation.report()
        let loop = try EventLoop()
        let shell = try MasterShell(
            configuration, statePath: folder, launcher: launcher, registry: registry, isolation: isolation,
            upgrading: upgrading, signals: signals, passedSockets: passedSockets, session: session, log: log,
            programVersion: version, on: loop)
        shell.begin(
            with: Inheritance(
                try Adoption(registry, on: loop, log: log).run(), sockets: succession?.takeSockets() ?? [:],
                isUpgrade: succession != nil))
        return shell
    }

    private static func open(_ path: String, _ succession: Succession?) throws -> StateFolder {
        guard let succession, let lock = CurrentProcess.kept(succession.lock) else { return try StateFolder.open(path) }
        return try StateFolder.open(path, over: lock)
    }

    private static func text(_ error: any Error) -> String {
        switch error {
        case let error as RoleLauncherError: error.reason
        case let error as ConfigurationError: error.description
        default: "\(error)"
        }
    }
}
