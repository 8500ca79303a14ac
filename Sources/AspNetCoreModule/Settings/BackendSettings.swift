public import Configuration

/// What `system.webServer/aspNetCore` or `system.webServer/httpPlatform` says of an application: read, expanded nowhere,
/// within its limits.
public struct BackendSettings: Equatable, Sendable {
    public enum Dialect: Hashable, Sendable {
        case aspNetCore
        /// Microsoft's HTTP Platform Handler: `%HTTP_PLATFORM_PORT%` in arguments and variables.
        case httpPlatform
    }

    public enum HostingModel: Sendable {
        case outOfProcess, inProcess
    }

    public var dialect = Dialect.aspNetCore
    public var processPath: String
    public var arguments = ""
    /// Unit: seconds. Default 120, 0 to 3600.
    public var startupTimeLimit = 120
    /// Unit: seconds. Default 10, 0 to 600.
    public var shutdownTimeLimit = 10
    /// Default 10, 0 to 100.
    public var rapidFailsPerMinute = 10
    /// How often a start is tried for one request. `aspNetCore`: 2.
    public var startAttempts = 2
    /// Unit: seconds. Default 120.
    public var requestTimeout = 120
    public var stdoutLogEnabled = false
    public var stdoutLogFile = #".\aspnetcore-stdout"#
    /// Default 1, 1 to 100.
    public var processesPerApplication = 1
    public var disableStartUpErrorPage = false
    public var hostingModel = HostingModel.outOfProcess
    /// Of several of one name, in any case of letters, the last is here.
    public var environmentVariables: [EnvironmentVariable] = []
    /// `handlerSettings/handlerSetting` by name in lower case; of several of one name the first.
    public var handlerSettings: [String: String] = [:]
    /// How long requests are still taken once the worker is told to end. Unit: milliseconds. Default 1000.
    public var shutdownDelay = 1000

    public init(processPath: String) { self.processPath = processPath }
}
