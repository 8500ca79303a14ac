import Administration
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
    private let log: any EventRecorder

    public init(configurationPath: String, statePath: String, version: String, log: any EventRecorder) {
        self.configurationPath = configurationPath
        self.statePath = statePath
        self.version = version
        self.log = log
    }

    /// Runs on the main thread, before any other is started; returns the exit status: 0 for an end that was asked for.
    public func run() -> Int32 {
        // First of all, so that nothing else takes what was passed for its own.
        let passedSockets = PassedSockets()
        HeapMemory.shareAmongThreads()
        do {
            let folder = try StateFolder.open(statePath)
            // Signals are blocked before the first thread starts, which is the history's.
            let signals = try SignalDescriptor([SIGTERM, SIGINT, SIGHUP])
            let history = EventHistory(stateFolder: folder.path, log: log, now: FileStamp.now)
            // The folder's lock is held until the last event is kept.
            defer { withExtendedLifetime(folder) { history.finish() } }
            do {
                return try shell(in: folder, signals, passedSockets, history).run()
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
        in folder: borrowing StateFolder, _ signals: consuming SignalDescriptor, _ passedSockets: PassedSockets,
        _ log: EventHistory
    ) throws -> MasterShell {
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
        let configuration = try ConfigurationVersion.read(configurationPath, state: folder.path)
        log.record(
            Event(.serverNotIsolated, "Pools are not isolated: every process runs as user \(CurrentProcess.user)."))
        return try MasterShell(
            configuration, statePath: folder.path, launcher: launcher, registry: registry, signals: signals,
            passedSockets: passedSockets, log: log, programVersion: version, on: try EventLoop())
    }

    private static func text(_ error: any Error) -> String {
        switch error {
        case let error as RoleLauncherError: error.reason
        case let error as ConfigurationError: error.description
        default: "\(error)"
        }
    }
}
