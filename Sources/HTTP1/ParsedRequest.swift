/// A request's head, as ranges of the bytes it was parsed from. Made once and filled again for each request.
public struct ParsedRequest: Sendable {
    public struct Field: Sendable {
        public var name: Range<Int>
        public var value: Range<Int>
    }

    /// How the body is delimited.
    public enum Body: Equatable, Sendable {
        case none
        /// At least one byte.
        case length(UInt64)
        case chunked
    }

    public internal(set) var method = 0..<0
    public internal(set) var target = 0..<0
    /// The path within the target, as written; `*` for `OPTIONS *`.
    public internal(set) var path = 0..<0
    /// What follows `?` in the target.
    public internal(set) var query = 0..<0
    /// The host without its port, as written (from an absolute target, else from the `Host` field); empty when none
    /// was named.
    public internal(set) var host = 0..<0
    public internal(set) var fields: [Field] = []
    /// The version is 1.1, else 1.0.
    public internal(set) var isHTTP11 = true
    public internal(set) var isHead = false
    public internal(set) var body = Body.none
    /// Whether the client may send a further request on this connection.
    public internal(set) var keepsAlive = true
    /// Whether the client waits for `100 Continue` before it sends the body.
    public internal(set) var expectsContinue = false
    /// Whether the client offers to go on in another protocol: a request of HTTP/1.1, without a body, with `Upgrade`.
    public internal(set) var asksForUpgrade = false
    /// The head's length with the empty line that ends it, and empty lines before it.
    public internal(set) var length = 0

    public init() {}
}
