import Configuration
import Platform

/// Makes the plans of one application's processes from its section, its place and its files.
public struct Launcher: BackendLauncher {
    private let settings: BackendSettings
    private let place: ApplicationPlace
    private let variables: BackendVariables
    private let dotNet: DotNetSearch

    /// - Parameter environment: the worker's variables.
    public init(
        settings: BackendSettings, place: ApplicationPlace, environment: [(name: String, value: String)]
    ) {
        self.init(settings: settings, place: place, environment: environment, dotNet: DotNetSearch())
    }

    init(
        settings: BackendSettings, place: ApplicationPlace, environment: [(name: String, value: String)],
        dotNet: DotNetSearch
    ) {
        self.settings = settings
        self.place = place
        self.dotNet = dotNet
        variables = BackendVariables(settings, place, worker: environment)
    }

    public func plan(port: UInt16, socketPath: String?, token: String) throws(LaunchFailure) -> LaunchPlan {
        let port = variables.fixedPort ?? port
        let token = variables.fixedToken ?? token
        let socketPath = variables.wantsSocket ? socketPath : nil
        let expansion = variables.expansion(with: variables.own(port: port, socketPath: socketPath))
        let processPath = expansion.expand(configured("ANCM_LAUNCHER_PATH") ?? settings.processPath)
        let arguments = expansion.expand(configured("ANCM_LAUNCHER_ARGS") ?? settings.arguments)

        let finder = ProgramFinder(folder: place.folder, environment: variables.expansion, dotNet: dotNet)
        let program = try finder.find(processPath)
        let words = try ProgramArguments(folder: place.folder).split(arguments, forDotNet: program.isDotNet)
        let shown = program.isAsConfigured ? [processPath] : [program.executable] + program.leading
        return LaunchPlan(
            executable: program.executable, arguments: [program.executable] + program.leading + words,
            environment: variables.environment(port: port, socketPath: socketPath, token: token),
            directory: place.folder,
            commandLine: (shown + [arguments]).filter { !$0.isEmpty }.joined(separator: " "), port: port,
            socketPath: socketPath, token: token)
    }

    /// By which an administrator overrides every application's section.
    private func configured(_ name: String) -> String? {
        settings.dialect == .aspNetCore ? variables.override(name) : nil
    }
}
