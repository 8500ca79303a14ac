import HTTP1
import Platform
import Wire

/// A request as somebody writes it on a command line, made what the router would hand to a worker: the same parser reads
/// it, the same cooker cooks its path.
struct RequestText {
    let scheme: RequestHead.Scheme
    /// Without the port; empty where the request names none.
    let host: String
    /// Where the request arrives.
    let local: Endpoint
    /// Decoded, without dot segments.
    let path: String
    let url: String
    let verb: String
    private let head: [UInt8]
    private let parsed: ParsedRequest
    private let cooked: [UInt8]

    /// Why the text is no request at all.
    enum Failure: Error, Equatable {
        /// Neither a URL nor a path.
        case noURL
        /// The router would refuse it before it looks for a site.
        case refused(RequestError)
    }

    /// - Parameters:
    ///   - url: `http://host:port/path?query`, without its scheme, or a path alone.
    ///   - host: for the Host field, in place of the URL's.
    ///   - local: the server's address at which the request arrives.
    init(url: String, host: String?, verb: String, local: IPAddress?) throws(Failure) {
        let (scheme, authority, target) = try Self.split(url)
        self.scheme = scheme
        self.verb = verb
        let (urlHost, urlPort) = Self.splitPort(authority)
        let asked = host ?? (authority.isEmpty ? "localhost" : authority)
        let port = urlPort ?? (authority.isEmpty ? Self.splitPort(asked).port : nil) ?? (scheme == .https ? 443 : 80)
        let address = local ?? InternetAddress(urlHost).map(IPAddress.init) ?? IPAddress(v4: 0x7F00_0001)
        self.local = Endpoint(address: address, port: port)
        self.url = "\(scheme)://\(authority.isEmpty ? asked : authority)\(target)"
        let head = Array("\(verb) \(target) HTTP/1.1\r\nHost: \(asked)\r\n\r\n".utf8)
        var request = ParsedRequest()
        var cooker = PathCooker()
        do throws(RequestError) {
            var parser = RequestParser()
            guard try parser.parse(head.span, into: &request), request.length == head.count else {
                throw .badRequest
            }
            try cooker.cook(head.span, request.path)
        } catch {
            throw .refused(error)
        }
        self.head = head
        parsed = request
        cooked = cooker.path
        path = String(decoding: cooker.path, as: UTF8.self)
        self.host = String(decoding: head[request.host], as: UTF8.self)
    }

    /// What the worker gets, from a client at the server's own address.
    func requestHead(siteID: UInt32, applicationPath: String) throws(WireError) -> RequestHead {
        let length = applicationPath == "/" ? 0 : applicationPath.utf8.count
        let facts = RequestHeadWriter.Facts(
            version: .http11, scheme: scheme, body: .none, siteID: siteID, applicationPathLength: length,
            remote: Endpoint(address: local.address, port: 50_000), local: local)
        var frame: [UInt8] = []
        var writer = RequestHeadWriter(
            into: &frame, stream: 1, facts, method: parsed.method, target: parsed.target, query: parsed.query,
            textLength: head.count, pathLength: cooked.count)
        for field in parsed.fields { writer.field(into: &frame, name: field.name, value: field.value) }
        writer.end(into: &frame, text: head.span, path: cooked.span)
        return try RequestHead(decoding: frame.span.extracting(droppingFirst: Frame.headerSize))
    }

    private static func split(
        _ url: String
    ) throws(Failure) -> (scheme: RequestHead.Scheme, authority: String, target: String) {
        var rest = url[...]
        var scheme = RequestHead.Scheme.http
        if let end = rest.firstRange(of: "://") {
            switch rest[..<end.lowerBound].lowercased() {
            case "http": scheme = .http
            case "https": scheme = .https
            default: throw .noURL
            }
            rest = rest[end.upperBound...]
            guard rest.first != "/" else { throw .noURL }
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest[authority.endIndex...].prefix { $0 != "#" }
        guard !rest.isEmpty else { throw .noURL }
        return (scheme, String(authority), target.first == "/" ? String(target) : "/\(target)")
    }

    private static func splitPort(_ authority: String) -> (host: String, port: UInt16?) {
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else {
            return (authority, nil)
        }
        return (String(authority[..<colon]), UInt16(authority[authority.index(after: colon)...]))
    }
}

extension IPAddress {
    init(_ address: InternetAddress) {
        switch address {
        case .v4(let number): self.init(v4: number)
        case .v6(let high, let low): self.init(high: high, low: low)
        }
    }
}
