public import Pipeline

/// Why an application cannot be asked: the errors that the module has pages of its own for.
public enum StartFailure: Sendable, CaseIterable {
    /// 500.0: what the section asks for cannot be set up.
    case hostingFailed
    /// 500.31: .NET, or a framework of it, is missing.
    case runtimeNotFound
    /// 500.32: built for another processor, or for another width of addresses, than the pool.
    case hostNotLoaded
    /// 500.34
    case hostingModelsMixed
    /// 500.35
    case secondInProcessApplication
    /// 500.38: no library beside the program.
    case applicationNotFound
    /// 502.5: no process that listens.
    case processNotStarted

    /// Status, sub-status and text of the refusal.
    public var refusal: Refusal {
        switch self {
        case .hostingFailed: .internalError
        case .runtimeNotFound: .runtimeNotFound
        case .hostNotLoaded: .runtimeHostNotLoaded
        case .hostingModelsMixed: .hostingModelsMixed
        case .secondInProcessApplication: .secondInProcessApplication
        case .applicationNotFound: .applicationProgramNotFound
        case .processNotStarted: .applicationNotStarted
        }
    }

    /// As administrators know it from IIS.
    var title: String {
        switch self {
        case .hostingFailed: "ASP.NET Core IIS hosting failure (out-of-process)"
        case .runtimeNotFound: "Failed to load ASP.NET Core runtime"
        case .hostNotLoaded: "Failed to load .NET Core host"
        case .hostingModelsMixed: "ASP.NET Core does not support mixing hosting models"
        case .secondInProcessApplication: "ASP.NET Core does not support multiple apps in the same app pool"
        case .applicationNotFound: "Failed to locate ASP.NET Core app"
        case .processNotStarted: "ANCM Out-Of-Process Startup Failure"
        }
    }
}
