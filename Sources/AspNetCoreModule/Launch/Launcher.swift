import Configuration
import DotNet
public import HostModel
import Platform

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
        let (processPath, arguments) = command(own)
        let program = try find(processPath, arguments, refuses: true)
        var environment = variables.environment(port: port, socketPath: socketPath, token: token)
        // The search path may be what led to it, which the application's program does not look at.
        if program.looksForRuntime, let runtime = program.runtime,
            !environment.contains(where: { $0.name.hasPrefix(Self.rootVariable) })
        {
            environment.append(LaunchPlan.Variable(name: Self.rootVariable, value: runtime.root))
        }
        let shown = program.isAsConfigured ? [processPath, arguments] : [program.executable] + program.arguments
        return LaunchPlan(
            executable: program.executable, arguments: [program.executable] + program.arguments,
            environment: environment, directory: place.folder,
            commandLine: shown.filter { !$0.isEmpty }.joined(separator: " "), port: port, socketPath: socketPath,
            token: token)
    }

    /// `DOTNET_ROOT`, or with the machine's name behind it.
    private static let rootVariable = "DOTNET_ROOT"

    /// What the application is to the rules of pools, by its settings and its files. Looks at files, so a thread calls it that
    /// may wait. A program that is not found is of an unknown architecture: its start says what is wrong.
    public func hostedApplication() -> HostedApplication {
        let (processPath, arguments) = command([:])
        let program = try? find(processPath, arguments, refuses: false)
        // A program of the system's (Node, Python) says nothing of what the application is made for.
        let code = program.flatMap { FilePath.isInside($0.code, place.folder) ? $0.code : nil }
        let architecture = code.flatMap { try? ExecutableImage.read($0).architecture }
        return HostedApplication(
            name: place.siteName + place.path,
            hosting: settings.hostingModel == .inProcess ? .inProcess : .outOfProcess,
            architecture: architecture ?? .unknown,
            runtime: program?.runtime.map {
                HostedApplication.Runtime(program: $0.program, architecture: $0.architecture)
            })
    }

    private func find(
        _ processPath: String, _ arguments: String, refuses: Bool
    ) throws(LaunchFailure) -> FoundProgram {
        let table = variables.table()
        let worker = variables.expansion
        let runtimes = RuntimeFinder({ table[$0] ?? worker[$0] }, system: system, refuses: refuses)
        return try ProgramFinder(folder: place.folder, environment: worker, runtimes: runtimes)
            .find(processPath, arguments)
    }

    /// `processPath` and `arguments`, expanded.
    private func command(_ own: [String: String]) -> (processPath: String, arguments: String) {
        let expansion = variables.expansion(with: own)
        return (
            expansion.expand(configured("ANCM_LAUNCHER_PATH") ?? settings.processPath),
            expansion.expand(configured("ANCM_LAUNCHER_ARGS") ?? settings.arguments)
        )
    }

    /// By which an administrator overrides every application's section.
    private func configured(_ name: String) -> String? {
        settings.dialect == .aspNetCore ? variables.override(name) : nil
    }
}
