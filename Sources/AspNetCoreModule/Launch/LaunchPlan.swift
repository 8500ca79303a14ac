/// How a backend's process is started: everything is resolved and expanded.
public struct LaunchPlan: Equatable, Sendable {
    public struct Variable: Equatable, Sendable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The program's file, absolute.
    public var executable: String
    /// The arguments, the program's name (number 0) first.
    public var arguments: [String]
    public var environment: [Variable]
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
        executable: String, arguments: [String], environment: [Variable] = [], directory: String, commandLine: String,
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

/// Why a process cannot be started as it is asked for.
public struct LaunchFailure: Error, Equatable, Sendable {
    /// What is wrong and what would be right, a sentence for the event log and for detailed error pages.
    public let text: String

    public init(_ text: String) { self.text = text }
}
