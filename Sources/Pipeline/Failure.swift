public import Configuration

/// Why a request was refused, and all that the detailed error page tells about it.
public struct Failure {
    public let refusal: Refusal
    /// The module that refused: its name, or `IIS Web Core`.
    public let module: String
    public let stage: Stage
    /// What exactly, for the administrator: names of sections, modules, handlers. Empty where there is no more to say.
    public let detail: String
    /// The chosen handler's name, empty before one was chosen.
    public let handler: String
    /// What the URL names on disk, empty where that is not known.
    public let physicalPath: String
    /// For 500.19.
    public let configurationError: ConfigurationError?

    /// The HRESULT that whoever refused named; 0 where none was.
    let namedCode: UInt32

    /// The name under which the server itself refuses.
    static let core = "IIS Web Core"

    /// The error code of the page: an HRESULT, 0 where none is known.
    var code: UInt32 {
        if let configurationError { return configurationError.code }
        if namedCode != 0 { return namedCode }
        switch refusal {
        case .notFound: return 0x8007_0002
        case .moduleNotRecognized: return 0x8007_000d
        // ERROR_LOGON_FAILURE
        case .logonFailed: return 0x8007_052e
        case .authenticationRequired, .notPermittedByAccessControl: return 0x8007_0005
        default: return 0
        }
    }
}
