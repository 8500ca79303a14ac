/// What a request's head says about how it may go on.
public struct RequestTraits: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The client offers another protocol (HTTP/1.1, `Connection: upgrade`, no body): a response head of status 101
    /// makes the stream a tunnel.
    ///
    /// From then on both halves are open, body frames carry raw bytes within their credit, and each side ends its half
    /// with `requestEnd` and `responseEnd`. The request's own `requestEnd` comes as ever, before all that.
    public static let canBecomeTunnel = RequestTraits(rawValue: 1)
    /// The client sends its body when it is asked to (`Expect: 100-continue`): the worker's credit is 0 until it grants
    /// some.
    public static let waitsToBeAsked = RequestTraits(rawValue: 2)

    static let all: RequestTraits = [.canBecomeTunnel, .waitsToBeAsked]
}
