import Administration
import HTTP1
import Platform

/// What a request to the address of metrics wants, and what it is told where it wants something else.
enum MetricsRequest: Equatable {
    case metrics(withBody: Bool)
    case refused(Refusal)

    enum Refusal: Equatable {
        case badRequest
        case notFound
        case methodNotAllowed

        /// The whole answer.
        var answer: [UInt8] {
            let (status, text) =
                switch self {
                case .badRequest: ("400 Bad Request", "This is no request for metrics.\n")
                case .notFound: ("404 Not Found", "There is nothing here but /metrics.\n")
                case .methodNotAllowed: ("405 Method Not Allowed", "Metrics can only be read: GET or HEAD.\n")
                }
            let allow = self == .methodNotAllowed ? "Allow: GET, HEAD\r\n" : ""
            return MetricsRequest.head(
                status: status, type: "text/plain; charset=utf-8", length: text.utf8.count,
                seconds: WallClock.seconds(), fields: allow) + text.utf8
        }
    }

    /// `bytes` begin with the request's head.
    init(_ bytes: Span<UInt8>, _ request: ParsedRequest) {
        func holds(_ range: Range<Int>, _ text: StaticString) -> Bool {
            bytes.extracting(range).equalsExactly(text)
        }
        let isGet = holds(request.method, "GET")
        guard holds(request.path, "/metrics") else {
            self = .refused(.notFound)
            return
        }
        guard isGet || request.isHead else {
            self = .refused(.methodNotAllowed)
            return
        }
        self = request.body == .none ? .metrics(withBody: isGet) : .refused(.badRequest)
    }

    /// The head of an answer, which is the last of its connection. `fields` are further ones, each with its line end.
    static func head(status: String, type: String, length: Int, seconds: Int64, fields: String = "") -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\nDate: ".utf8) + HTTPDate.bytes(seconds: seconds)
            + "\r\nContent-Type: \(type)\r\nContent-Length: \(length)\r\n\(fields)Connection: close\r\n\r\n".utf8
    }
}

/// The answer to whoever may read metrics: all of it, and its head alone.
struct MetricsAnswer: Sendable {
    let head: [UInt8]
    let whole: [UInt8]

    init(_ metrics: ServerMetrics) {
        let text = OpenMetricsText.bytes(metrics)
        head = MetricsRequest.head(
            status: "200 OK", type: OpenMetricsText.contentType, length: text.count, seconds: WallClock.seconds())
        whole = head + text
    }
}

extension Span<UInt8> {
    fileprivate func equalsExactly(_ text: StaticString) -> Bool {
        let bytes = Array("\(text)".utf8)
        return count == bytes.count && indices.allSatisfy { self[$0] == bytes[$0] }
    }
}
