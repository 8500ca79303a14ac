import DotNet

/// What a section's `processPath` and `arguments` come to on this machine.
struct FoundProgram: Equatable {
    /// The program's file, absolute.
    var executable: String
    /// All that it is given, its own name apart.
    var arguments: [String] = []
    /// The file with the application's own code: the library that `dotnet` runs, else the program.
    var code: String
    /// The .NET that the application runs on, where it is one that is installed.
    var runtime: DotNetInstallation?
    /// Whether the application's own program looks for that .NET, which needs to be told where it is.
    var looksForRuntime = false
    /// Whether the configured path is what is run, so that events show it.
    var isAsConfigured = true
}
