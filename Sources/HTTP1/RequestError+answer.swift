extension RequestError {
    /// With what HTTP.sys answers a request.
    public struct Answer: Equatable, Sendable {
        public let status: UInt16
        /// The page's heading.
        public let heading: String
        public let text: String
        /// The error log's `s-reason`.
        public let reason: String

        fileprivate init(_ status: UInt16, _ heading: String, _ text: String, _ reason: String) {
            self.status = status
            self.heading = heading
            self.text = text
            self.reason = reason
        }

        fileprivate static func bad(_ what: String, _ text: String, _ reason: String) -> Answer {
            Answer(400, "Bad Request - \(what)", text, reason)
        }
    }

    public var answer: Answer {
        switch self {
        case .verb: .bad("Invalid Verb", "The request verb is invalid.", "Verb")
        case .url: .bad("Invalid URL", "The request URL is invalid.", "URL")
        case .urlLength: Answer(414, "Request URI Too Long", "The request URL is too long.", "URL_Length")
        case .header: .bad("Invalid Header", "The request has an invalid header name.", "Header")
        case .requestLength: .bad("Request Too Long", "The size of the request headers is too long.", "RequestLength")
        case .hostname: .bad("Invalid Hostname", "The request hostname is invalid.", "Hostname")
        case .lineEnding: .bad("Invalid Header", "The request has an invalid header name.", "Invalid_CR/LF")
        case .number: .bad("Invalid Header", "The request has an invalid header value.", "Number")
        case .lengthRequired:
            Answer(411, "Length Required", "The request must be chunked or have a content length.", "LengthRequired")
        case .version:
            Answer(
                505, "HTTP Version Not Supported", "The HTTP version of the request is not supported.", "Version_N/S")
        case .notImplemented:
            Answer(501, "Not Implemented", "The transfer coding of the request is not supported.", "N/I")
        case .expectation:
            Answer(417, "Expectation Failed", "The expectation of the request cannot be met.", "Precondition")
        case .badRequest: Answer(400, "Bad Request", "The request is badly formed.", "BadRequest")
        }
    }
}
