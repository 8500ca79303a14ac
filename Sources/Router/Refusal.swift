internal import HTTP1

/// Every way the router itself answers a request: status, texts (HTTP.sys's) and the name for the error log.
struct Refusal: Equatable, Sendable {
    let status: UInt16
    /// The page's heading.
    let heading: String
    let text: String
    /// HTTP.sys's `s-reason`.
    let reason: String

    private static func bad(_ what: String, _ text: String, _ reason: String) -> Refusal {
        Refusal(status: 400, heading: "Bad Request - \(what)", text: text, reason: reason)
    }

    private static func unavailable(_ reason: String) -> Refusal {
        Refusal(status: 503, heading: "Service Unavailable", text: "The service is unavailable.", reason: reason)
    }

    static let badRequest = Refusal(
        status: 400, heading: "Bad Request", text: "The request is badly formed.", reason: "BadRequest")
    static let verb = bad("Invalid Verb", "The request verb is invalid.", "Verb")
    static let url = bad("Invalid URL", "The request URL is invalid.", "URL")
    static let header = bad("Invalid Header", "The request has an invalid header name.", "Header")
    static let lineEnding = bad("Invalid Header", "The request has an invalid header name.", "Invalid_CR/LF")
    static let number = bad("Invalid Header", "The request has an invalid header value.", "Number")
    static let hostname = bad("Invalid Hostname", "The request hostname is invalid.", "Hostname")
    static let requestLength = bad(
        "Request Too Long", "The size of the request headers is too long.", "RequestLength")
    static let notFound = Refusal(
        status: 404, heading: "Not Found", text: "The requested resource is not found.", reason: "N/A")
    static let lengthRequired = Refusal(
        status: 411, heading: "Length Required", text: "The request must be chunked or have a content length.",
        reason: "LengthRequired")
    static let urlLength = Refusal(
        status: 414, heading: "Request URI Too Long", text: "The request URL is too long.", reason: "URL_Length")
    static let expectation = Refusal(
        status: 417, heading: "Expectation Failed", text: "The expectation of the request cannot be met.",
        reason: "Precondition")
    static let notImplemented = Refusal(
        status: 501, heading: "Not Implemented", text: "The transfer coding of the request is not supported.",
        reason: "N/I")
    static let version = Refusal(
        status: 505, heading: "HTTP Version Not Supported", text: "The HTTP version of the request is not supported.",
        reason: "Version_N/S")
    /// The worker went away, or answered what is no response, before anything of it was passed on.
    static let workerFailed = Refusal(
        status: 502, heading: "Bad Gateway", text: "The worker process ended before it answered.",
        reason: "Connection_Abandoned_By_ReqQueue")
    static let unavailableSite = unavailable("N/A")
    static let disabled = unavailable("Disabled")
    static let appOffline = unavailable("AppOffline")
    /// The site has as many connections as it may have.
    static let connectionLimit = unavailable("ConnLimit")
    static let queueFull = unavailable("QueueFull")
    /// The worker takes no request any more.
    static let appShutdown = unavailable("AppShutdown")

    /// Whether it says that the pool is down.
    var isOfPoolDown: Bool { self == .disabled || self == .appOffline }

    init(status: UInt16, heading: String, text: String, reason: String) {
        self.status = status
        self.heading = heading
        self.text = text
        self.reason = reason
    }

    /// How a request that the parser refuses is answered.
    init(_ error: RequestError) {
        switch error {
        case .verb: self = .verb
        case .url: self = .url
        case .urlLength: self = .urlLength
        case .header: self = .header
        case .requestLength: self = .requestLength
        case .hostname: self = .hostname
        case .lineEnding: self = .lineEnding
        case .number: self = .number
        case .lengthRequired: self = .lengthRequired
        case .version: self = .version
        case .notImplemented: self = .notImplemented
        case .expectation: self = .expectation
        case .badRequest: self = .badRequest
        }
    }

    /// The page.
    var page: [UInt8] {
        Array(
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(heading)</title></head>
            <body><h1>\(heading)</h1><hr><p>HTTP Error \(status). \(text)</p></body></html>

            """.utf8)
    }
}
