internal import HTTP1

/// Every way the router itself answers a request: status, texts (HTTP.sys's) and the name for the error log.
struct Refusal: Equatable, Sendable {
    let status: UInt16
    /// The page's heading.
    let heading: String
    let text: String
    /// HTTP.sys's `s-reason`.
    let reason: String

    private static func unavailable(_ reason: String) -> Refusal {
        Refusal(status: 503, heading: "Service Unavailable", text: "The service is unavailable.", reason: reason)
    }

    static let hostname = Refusal(.hostname)
    static let notFound = Refusal(
        status: 404, heading: "Not Found", text: "The requested resource is not found.", reason: "N/A")
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
        let answer = error.answer
        self.init(status: answer.status, heading: answer.heading, text: answer.text, reason: answer.reason)
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
