public import Wire

/// A request as the router would hand it over.
public struct TestRequest {
    public var method = "GET"
    /// As the client wrote it; the query is what follows `?`.
    public var target: String
    /// What the router made of the target's path.
    public var path: String
    public var headers: [(String, String)] = [("Host", "www.example.com")]
    public var body = RequestHead.Body.none
    public var scheme = RequestHead.Scheme.http
    public var site: UInt32 = 1
    public var traits: RequestTraits = []
    /// 203.0.113.9, a client from elsewhere.
    public var remote = IPAddress(v4: 0xCB00_7109)
    /// 192.0.2.1
    public var local = IPAddress(v4: 0xC000_0201)

    /// - Parameter path: the cooked path; the target's own without its query where nothing is given.
    public init(_ target: String, path: String? = nil) {
        self.target = target
        self.path = path ?? String(target.prefix { $0 != "?" })
    }

    public func head() throws -> RequestHead {
        try RequestHead(decoding: frame(stream: 1).span.extracting(droppingFirst: Frame.headerSize))
    }

    /// The head as a frame of a link.
    public func frame(stream: UInt32) -> [UInt8] {
        var text: [UInt8] = []
        func add(_ part: String) -> Range<Int> {
            text.append(contentsOf: part.utf8)
            return text.count - part.utf8.count..<text.count
        }
        let method = add(method)
        let target = add(target)
        let queryStart = self.target.utf8.firstIndex(of: 0x3F).map {
            self.target.utf8.distance(from: self.target.utf8.startIndex, to: $0) + 1
        }
        let query =
            queryStart.map { target.lowerBound + $0..<target.upperBound } ?? target.upperBound..<target.upperBound
        let fields = headers.map { (add($0.0), add($0.1)) }
        let path = Array(path.utf8)
        let facts = RequestHeadWriter.Facts(
            version: .http11, scheme: scheme, body: body, siteID: site, applicationPathLength: 0,
            remote: Endpoint(address: remote, port: 50_000), local: Endpoint(address: local, port: 80),
            traits: traits)
        var frame: [UInt8] = []
        var writer = RequestHeadWriter(
            into: &frame, stream: stream, facts, method: method, target: target, query: query, textLength: text.count,
            pathLength: path.count)
        for field in fields { writer.field(into: &frame, name: field.0, value: field.1) }
        writer.end(into: &frame, text: text.span, path: path.span)
        return frame
    }
}
