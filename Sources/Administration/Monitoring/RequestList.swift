internal import Events

/// The requests that workers have in work, as the server answers them, the longest first.
public struct RequestList: Equatable, Sendable {
    private let requests: [JSONValue]

    /// Nil for what is no answer to `requests`.
    public init?(_ members: [JSONValue.Member]) {
        guard let requests = JSONValue.object(members)["requests"]?.elements else { return nil }
        self.init(
            sorted: requests.sorted { Self.milliseconds($0) > Self.milliseconds($1) })
    }

    private init(sorted requests: [JSONValue]) { self.requests = requests }

    public var isEmpty: Bool { requests.isEmpty }

    /// Those of the site, of the pool (names in any case of letters) and in work for at least `atLeast` nanoseconds.
    public func only(site: String? = nil, pool: String? = nil, atLeast: UInt64 = 0) -> RequestList {
        func holds(_ name: String, _ wanted: String?, _ request: JSONValue) -> Bool {
            guard let wanted else { return true }
            return request[name]?.string?.lowercased() == wanted.lowercased()
        }
        return RequestList(
            sorted: requests.filter { request in
                holds("site", site, request) && holds("pool", pool, request)
                    && Self.milliseconds(request) >= Int64(clamping: atLeast / 1_000_000)
            })
    }

    public var json: JSONValue { .object(["requests": .array(requests)]) }

    /// A line for each, which steers no terminal.
    public var lines: [String] {
        requests.map { request in
            func text(_ name: String) -> String { request[name]?.string ?? "" }
            let milliseconds = Self.milliseconds(request)
            // What has taken less than ten seconds is told to the millisecond.
            let time =
                milliseconds < 10_000
                ? "\(milliseconds) ms" : Quantity.duration(UInt64(max(0, milliseconds)) * 1_000_000)
            return LineText.printable(
                "\(time)  \(text("verb")) \(text("url"))  \(text("module")) (\(text("stage")))  site \(text("site")), "
                    + "pool \(text("pool")), client \(text("client"))")
        }
    }

    private static func milliseconds(_ request: JSONValue) -> Int64 { request["milliseconds"]?.number ?? 0 }
}
