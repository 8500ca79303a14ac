/// A request as the router parsed it and what the router decided about it: the payload of `FrameKind.requestHead`.
///
/// The value is its bytes: a fixed part, a table of fields, and the text (the head as the client sent it, then the
/// cooked path where it differs). Every range was checked when it was decoded, so its views only point.
public struct RequestHead: Equatable, Sendable {
    /// How the request's body is delimited.
    public enum Body: Equatable, Sendable {
        case none
        /// `Content-Length`, at least one byte.
        case length(UInt64)
        /// Chunked: the end is known when it comes.
        case chunked
    }

    public enum Scheme: UInt8, Sendable {
        case http = 0
        case https = 1
    }

    let bytes: [UInt8]

    /// Where things stand in `bytes`.
    enum Layout {
        static let version = 0
        static let scheme = 1
        static let body = 2
        static let traits = 3
        static let fieldCount = 4
        static let contentLength = 8
        static let site = 16
        static let applicationPathLength = 20
        static let remote = 24
        static let local = remote + Endpoint.size
        static let method = local + Endpoint.size
        static let target = method + 8
        static let path = target + 8
        static let query = path + 8
        static let fields = query + 8
        /// One field: name and value, each an offset and a length of 32 bits.
        static let fieldSize = 16
        static let maximumFields = 2048
    }

    /// Takes a copy of a frame's payload after checking all of it.
    public init(decoding payload: Span<UInt8>) throws(WireError) {
        let subject = "request head"
        guard payload.count >= Layout.fields else { throw WireError(.truncated, subject) }
        let fieldCount = Int(payload.integer(UInt16.self, at: Layout.fieldCount))
        let textStart = Layout.fields + fieldCount * Layout.fieldSize
        guard fieldCount <= Layout.maximumFields else { throw WireError(.tooLarge, subject) }
        guard textStart <= payload.count else { throw WireError(.truncated, subject) }
        let ranges = 4 + 2 * fieldCount
        for index in 0..<ranges {
            let start = Int(payload.integer(UInt32.self, at: Layout.method + index * 8))
            let length = Int(payload.integer(UInt32.self, at: Layout.method + index * 8 + 4))
            guard start + length <= payload.count - textStart else { throw WireError(.truncated, subject) }
        }
        let pathLength = payload.integer(UInt32.self, at: Layout.path + 4)
        guard Scheme(rawValue: payload[Layout.scheme]) != nil, payload[Layout.body] <= 2,
            RequestTraits.all.isSuperset(of: RequestTraits(rawValue: payload[Layout.traits])),
            HTTPVersion(rawValue: payload[Layout.version]) != nil,
            payload.integer(UInt32.self, at: Layout.applicationPathLength) <= pathLength, pathLength > 0
        else { throw WireError(.invalid, subject) }
        bytes = [UInt8](copying: payload)
    }

    /// `bytes` are a head that was checked, rearranged.
    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    public var version: HTTPVersion {
        HTTPVersion(rawValue: bytes[Layout.version])!  // Checked when decoded.
    }

    public var scheme: Scheme {
        Scheme(rawValue: bytes[Layout.scheme])!  // Checked when decoded.
    }

    public var body: Body {
        switch bytes[Layout.body] {
        case 0: .none
        case 1: .length(bytes.span.integer(UInt64.self, at: Layout.contentLength))
        default: .chunked
        }
    }

    public var traits: RequestTraits { RequestTraits(rawValue: bytes[Layout.traits]) }

    /// The id of the site, as in `RouteTable.Site.id`.
    public var siteID: UInt32 { bytes.span.integer(UInt32.self, at: Layout.site) }

    /// The length of the application's path at the beginning of `path`: 0 for the root application, 5 for `/shop`.
    public var applicationPathLength: Int {
        Int(bytes.span.integer(UInt32.self, at: Layout.applicationPathLength))
    }

    /// The client's end of the connection.
    public var remote: Endpoint { Endpoint(bytes.span, at: Layout.remote) }

    /// The server's end of the connection.
    public var local: Endpoint { Endpoint(bytes.span, at: Layout.local) }

    public var method: Span<UInt8> {
        @_lifetime(borrow self) get { bytes.span.extracting(range(at: Layout.method)) }
    }

    /// The request target as the client wrote it.
    public var target: Span<UInt8> {
        @_lifetime(borrow self) get { bytes.span.extracting(range(at: Layout.target)) }
    }

    /// The cooked path: percent-decoded, dot segments removed, `\` made `/`; UTF-8 that begins with `/` (`*` for
    /// `OPTIONS *`).
    public var path: Span<UInt8> {
        @_lifetime(borrow self) get { bytes.span.extracting(range(at: Layout.path)) }
    }

    /// What follows the target's `?`, as the client wrote it; empty without.
    public var query: Span<UInt8> {
        @_lifetime(borrow self) get { bytes.span.extracting(range(at: Layout.query)) }
    }

    /// How much all of it takes, which is more than its text. Unit: bytes.
    public var size: Int { bytes.count }

    /// How many header fields there are; they are numbered from 0 in the order they came.
    public var fieldCount: Int { Int(bytes.span.integer(UInt16.self, at: Layout.fieldCount)) }

    /// The name of a field, in the client's case of letters.
    @_lifetime(borrow self)
    public func name(ofField index: Int) -> Span<UInt8> {
        bytes.span.extracting(range(at: Layout.fields + index * Layout.fieldSize))
    }

    /// The value of a field, without white space around it.
    @_lifetime(borrow self)
    public func value(ofField index: Int) -> Span<UInt8> {
        bytes.span.extracting(range(at: Layout.fields + index * Layout.fieldSize + 8))
    }

    /// The number of the first field of that name, at or behind `start`. `name` is in lower case.
    public func field(_ name: StaticString, from start: Int = 0) -> Int? {
        var index = start
        while index < fieldCount {
            if self.name(ofField: index).equalsIgnoringCase(name) { return index }
            index += 1
        }
        return nil
    }

    private func range(at offset: Int) -> Range<Int> {
        let start = Int(bytes.span.integer(UInt32.self, at: offset))
        let length = Int(bytes.span.integer(UInt32.self, at: offset + 4))
        let text = Layout.fields + fieldCount * Layout.fieldSize
        return (text + start)..<(text + start + length)
    }
}

/// HTTP's version, as ten times its number.
public enum HTTPVersion: UInt8, Sendable {
    case http10 = 10
    case http11 = 11
}
