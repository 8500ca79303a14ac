/// Why a request gets no backend.
public struct BackendFailure: Error, Equatable, Sendable {
    public enum Reason: Equatable, Sendable {
        /// 502.5: the process did not start, or did not listen where it was told in time.
        case startFailed
        /// 502.5: the application asks for a port that it cannot have. Not tried again.
        case badPort
        /// 502.5: too many processes of the application ended by themselves within a minute.
        case rapidFailsExceeded
        /// 503: the application is being stopped.
        case stopping
    }

    public let reason: Reason
    /// What went wrong, for the event log and for detailed error pages.
    public let text: String
    /// How often a start was tried for the request.
    public let attempts: Int
    /// What the processes of all attempts printed, as far as it was kept.
    public let output: String

    public init(_ reason: Reason, _ text: String, attempts: Int = 0, output: String = "") {
        self.reason = reason
        self.text = text
        self.attempts = attempts
        self.output = output
    }
}

/// Why one attempt to start a process came to nothing.
struct StartProblem: Error, Equatable, Sendable {
    /// As the events of IIS name them.
    enum Stage: String, Sendable {
        case commandLine = "SetupCommandLine"
        case port = "SetupListenPort"
        case process = "CreateProcess"
        case check = "PostStartCheck"
    }

    let stage: Stage
    let text: String
    /// As Windows numbers errors, which is how administrators look them up.
    let code: UInt32
    /// Trying again does not help.
    var isLasting = false
    var commandLine = ""
    var port: UInt16 = 0
}
