import Configuration
import DotNet
public import HostModel
import Platform
public import Programs

/// Makes the plans of one application's processes from its section, its place and its files.
public struct Launcher: BackendLauncher {
    private let settings: BackendSettings
    private let place: ApplicationPlace
    private let variables: BackendVariables
    /// What stands before the paths of the system's files.
    private let system: String

    /// - Parameter environment: the worker's variables.
    public init(
        settings: BackendSettings, place: ApplicationPlace, environment: [(name: String, value: String)]
    ) {
        self.init(settings: settings, place: place, environment: environment, system: "")
    }

    init(
        settings: BackendSettings, place: ApplicationPlace, environment: [(name: String, value: String)],
        system: String
    ) {
        self.settings = settings
        self.place = place
        self.system = system
        variables = BackendVariables(settings, place, worker: environment)
    }

    public func plan(port: UInt16, socketPath: String?, token: String) throws(LaunchFailure) -> LaunchPlan {
        let port = variables.fixedPort ?? port
        let token = variables.fixedToken ?? token
        let socketPath = variables.wantsSocket ? socketPath : nil
        let own = variables.own(port: port, socketPath: socketPath)
        let command = command(own)
        let program = try find(command, refuses: true)
        var environment = variables.environment(port: port, socketPath: socketPath, token: token)
        if program.looksForRuntime, let runtime = program.runtime { Self.tell(of: runtime, &environment) }
        let shown =
            program.isAsConfigured
            ? [command.processPath, command.arguments] : [program.executable] + program.arguments
        return LaunchPlan(
            executable: program.executable, arguments: [program.executable] + program.arguments,
            environment: environment, directory: place.folder,
            commandLine: shown.filter { !$0.isEmpty }.joined(separator: " "), port: port, socketPath: socketPath,
            token: token)
    }

    /// The application's own program looks for .NET where a variable says, or else in the system's usual places: neither on
    /// the search path, which may have led to it, nor anywhere else where the variable leads nowhere.
    private static func tell(of runtime: DotNetInstallation, _ environment: inout [EnvironmentVariable]) {
        let names = DotNetInstallation.rootVariables
        guard let name = names.last, !names.contains(runtime.foundBy) else { return }
        environment.removeAll { names.contains($0.name) }
        environment.append(EnvironmentVariable(name: name, value: runtime.root))
    }

    /// What the application is to the rules of pools, by its settings and its files. Looks at files, so a thread calls it that
    /// may wait. A program that is not found is of an unknown architecture: its start says what is wrong.
    public func hostedApplication() -> HostedApplication {
        let name = place.siteName + place.path
        switch settings.dialect {
        case .httpPlatform: return HostedApplication(name: name, hosting: .none, architecture: .any)
        case .aspNetCore:
            return HostedApplication(
                name: name, hosting: settings.hostingModel == .inProcess ? .inProcess : .outOfProcess,
                program: try? find(command([:]), refuses: false), folder: place.folder)
        }
    }

    private func find(_ command: ProgramCommand, refuses: Bool) throws(LaunchFailure) -> FoundProgram {
        let table = variables.table()
        let worker = variables.expansion
        return try ProgramFinder(
            folder: place.folder, environment: worker, variables: { table[$0] ?? worker[$0] },
            installations: DotNetSearch(system: system), refuses: refuses
        ).find(command)
    }

    private func command(_ own: [String: String]) -> ProgramCommand {
        ProgramCommand(
            settings.processPath, settings.arguments,
            overriding: settings.dialect == .aspNetCore ? variables.expansion : nil,
            expansion: variables.expansion(with: own))
    }
}
