public import Configuration

/// What a section starts, expanded.
public struct ProgramCommand: Equatable, Sendable {
    public let processPath: String
    public let arguments: String

    /// - Parameters:
    ///   - overriding: the worker's variables, where an administrator overrides every application's section by them
    ///     (`ANCM_LAUNCHER_PATH`, `ANCM_LAUNCHER_ARGS`); an empty one is none.
    ///   - expansion: what `%NAME%` stands for.
    public init(
        _ processPath: String, _ arguments: String, overriding: EnvironmentVariables?, expansion: EnvironmentVariables
    ) {
        func configured(_ name: String) -> String? { overriding?[name].flatMap { $0.isEmpty ? nil : $0 } }
        self.processPath = expansion.expand(configured("ANCM_LAUNCHER_PATH") ?? processPath)
        self.arguments = expansion.expand(configured("ANCM_LAUNCHER_ARGS") ?? arguments)
    }
}
