public import Pipeline

/// Why an application cannot be asked: the errors that the module has pages of its own for.
public enum StartFailure: Sendable, CaseIterable {
    /// 500.32: built for another processor, or for another width of addresses, than the pool.
    case hostNotLoaded
    /// 500.34
    case hostingModelsMixed
    /// 500.35
    case secondInProcessApplication
    /// 502.5: no process that listens.
    case processNotStarted

    /// Status, sub-status and text of the refusal.
    public var refusal: Refusal {
        switch self {
        case .hostNotLoaded: .runtimeHostNotLoaded
        case .hostingModelsMixed: .hostingModelsMixed
        case .secondInProcessApplication: .secondInProcessApplication
        case .processNotStarted: .applicationNotStarted
        }
    }

    /// As administrators know it from IIS.
    var title: String {
        switch self {
        case .hostNotLoaded: "Failed to load .NET Core host"
        case .hostingModelsMixed: "ASP.NET Core does not support mixing hosting models"
        case .secondInProcessApplication: "ASP.NET Core does not support multiple apps in the same app pool"
        case .processNotStarted: "ANCM Out-Of-Process Startup Failure"
        }
    }
}
