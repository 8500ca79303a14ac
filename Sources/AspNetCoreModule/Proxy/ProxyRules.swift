/// How an application's requests are passed on.
public struct ProxyRules: Equatable, Sendable {
    /// For each of connecting, sending and receiving: how long nothing may happen. Unit: seconds. Default 120
    /// (`requestTimeout`).
    public var requestTimeout = 120
    /// Whether the backend's `Connection: close` closes the client's connection (`forwardResponseConnectionHeader`).
    /// Default false.
    public var forwardsConnectionHeader = false
    /// Whether WebSockets are passed on (`system.webServer/webSocket`). Default true.
    public var offersWebSockets = true

    public init() {}
}

/// How a request to a backend ended.
public enum ProxyOutcome: Equatable, Sendable {
    /// The backend's answer is whole; of a WebSocket: both ends are through with it.
    case answered
    case failed(ProxyFailure)
    /// The client left, sent more than it may, or nobody wanted the rest of the answer.
    case clientGone
}

/// Why a backend's answer cannot be passed on, each with the code that WinHTTP has for it.
public enum ProxyFailure: Error, Equatable, Sendable, CaseIterable {
    case cannotConnect
    /// The connection was broken off, or ended before the answer.
    case aborted
    /// What came is no response of HTTP/1, or not all of it came.
    case invalidResponse
    case timedOut

    /// An HRESULT.
    public var code: UInt32 {
        switch self {
        // ERROR_WINHTTP_CANNOT_CONNECT
        case .cannotConnect: 0x8007_2efd
        // ERROR_WINHTTP_CONNECTION_ERROR
        case .aborted: 0x8007_2efe
        // ERROR_WINHTTP_INVALID_SERVER_RESPONSE
        case .invalidResponse: 0x8007_2f78
        // ERROR_WINHTTP_TIMEOUT
        case .timedOut: 0x8007_2ee2
        }
    }

    /// For the administrator: what happened, with the code.
    public var text: String {
        switch self {
        case .cannotConnect: "A connection with the application could not be made (0x80072efd)."
        case .aborted: "The connection with the application was terminated abnormally (0x80072efe)."
        case .invalidResponse: "The application returned an invalid or unrecognized response (0x80072f78)."
        case .timedOut: "The application did not answer in time (0x80072ee2)."
        }
    }
}
