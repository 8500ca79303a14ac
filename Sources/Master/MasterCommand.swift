import Configuration
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
    /// Whether pools may run as root.
    private let allowsLocalSystem: Bool
    private let log: any EventRecorder

    public init(
        configurationPath: String, statePath: String, version: String, allowsLocalSystem: Bool = false,
        log: any EventRecorder
    ) {
        self.configurationPath = configurationPath
        self.statePath = statePath
        self.version = version
        self.allowsLocalSystem = allowsLocalSystem
        self.log = log
    }

    /// Runs on the main thread, before any other is started; returns the exit status: 0 for an end that was asked for.
    public func run() -> Int32 {
        do {
            let folder = try StateFolder.open(statePath)
            log.record(
                Event(
                    .serverStarting, "Hostelry \(version) starts.",
                    [
                        .init("pid", CurrentProcess.pid), .init("configuration", configurationPath),
                        .init("state", folder.path),
                    ]))
            let launcher = try RoleLauncher()
            let registry = try RoleRegistry(stateFolder: folder.path)
            let orphans = try registry.endOrphans()
            if !orphans.isEmpty {
                log.record(
                    Event(
                        .orphansEnded, "An earlier master was killed; what it left running was ended.",
                        [.init("pids", orphans.map(String.init).joined(separator: " "))]))
            }
            let isolation = try Isolation(stateFolder: folder.path, allowsLocalSystem: allowsLocalSystem, log: log)
            isolation.endLeftovers(adopted: [])
            let signals = try SignalDescriptor([SIGTERM, SIGINT, SIGHUP])
            let configuration = try ConfigurationVersion.read(configurationPath, state: folder.path)
            isolation.report()
            let shell = try MasterShell(
                configuration, statePath: folder.path, launcher: launcher, registry: registry,
                isolation: isolation, signals: signals, log: log, on: try EventLoop())
            // The folder's lock is held until the end.
            return withExtendedLifetime(folder) { shell.run() }
        } catch {
            log.record(Event(.serverCannotStart, "Hostelry cannot start: \(Self.text(error))"))
            return 1
        }
    }

    private static func text(_ error: any Error) -> String {
        switch error {
        case let error as RoleLauncherError: error.reason
        case let error as ConfigurationError: error.description
        default: "\(error)"
        }
    }
}
