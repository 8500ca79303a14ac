public import Configuration

/// How a backend's process is started: everything is resolved and expanded.
public struct LaunchPlan: Equatable, Sendable {
    /// The program's file, absolute.
    public var executable: String
    /// The arguments, the program's name (number 0) first.
    public var arguments: [String]
    public var environment: [EnvironmentVariable]
    /// The working directory, absolute: the application's folder.
    public var directory: String
    /// As events show it: `processPath arguments`.
    public var commandLine: String
    /// The port that the process was told.
    public var port: UInt16
    /// The Unix socket that the process was offered instead.
    public var socketPath: String?
    public var token: String

    public init(
        executable: String, arguments: [String], environment: [EnvironmentVariable] = [], directory: String,
        commandLine: String,
        port: UInt16, socketPath: String? = nil, token: String
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.commandLine = commandLine
        self.port = port
        self.socketPath = socketPath
        self.token = token
    }
}
