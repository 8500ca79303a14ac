public import DotNet

/// What a section's `processPath` and `arguments` come to on this machine.
public struct FoundProgram: Equatable {
    /// The program's file, absolute.
    public internal(set) var executable: String
    /// All that it is given, its own name apart.
    public internal(set) var arguments: [String] = []
    /// The file with the application's own code: the library that `dotnet` runs, else the program.
    public internal(set) var code: String
    /// The .NET that the application runs on, where it is one that is installed.
    public internal(set) var runtime: DotNetInstallation?
    /// Whether the application's own program looks for that .NET, which needs to be told where it is.
    public internal(set) var looksForRuntime = false
    /// Whether the configured path is what is run, so that events show it.
    public internal(set) var isAsConfigured = true
}
