internal import HTTP1
internal import Wire

/// Which requests the cache takes part in: HTTP.sys's rules (reference §8.10), for giving and for keeping.
enum CacheRules {
    /// The largest body that is kept (HTTP.sys: `UriMaxUriBytes`). Unit: bytes.
    static let maximumBody: UInt64 = 262_144
    /// The largest fields that are kept. Unit: bytes.
    static let maximumFields = 1024

    /// What a request's own words allow.
    enum Answer {
        /// The whole response.
        case whole
        /// The client has it already: 304.
        case notModified
        /// Only the worker knows.
        case worker
    }

    /// Whether the request line is one whose responses may be kept. GET only; a HEAD is answered from a GET's.
    static func concernsCache(_ head: Span<UInt8>, _ request: ParsedRequest) -> Bool {
        guard request.query.isEmpty, case .none = request.body else { return false }
        return request.isHead || isGet(head, request)
    }

    static func isGet(_ head: Span<UInt8>, _ request: ParsedRequest) -> Bool {
        let method = head.extracting(request.method)
        return method.count == 3 && method[0] == 0x47 && method[1] == 0x45 && method[2] == 0x54
    }

    /// How the request's fields let a response be given that has this tag and time.
    static func answer(_ head: Span<UInt8>, _ request: ParsedRequest, _ response: CachedResponse) -> Answer {
        var (hasTags, tagMatches, isUnchanged) = (false, false, false)
        for field in request.fields {
            switch kind(head.extracting(field.name)) {
            case .none: break
            case .worker: return .worker
            case .tags:
                hasTags = true
                if EntityTagList.list(head.extracting(field.value), holds: response.tag, isStrong: false) {
                    tagMatches = true
                }
            case .time:
                guard let modified = response.modified, !isUnchanged else { break }
                if let date = HTTPDate.seconds(head.extracting(field.value)) { isUnchanged = modified <= date }
            }
        }
        return (hasTags ? tagMatches : isUnchanged) ? .notModified : .whole
    }

    /// Whether the response to a request with these fields may be given to others.
    static func mayKeep(_ head: Span<UInt8>, _ request: ParsedRequest) -> Bool {
        for field in request.fields where kind(head.extracting(field.name)) != .none { return false }
        return true
    }

    private enum FieldKind { case none, worker, tags, time }

    private static func kind(_ name: Span<UInt8>) -> FieldKind {
        switch name.count {
        case 5 where name.equalsIgnoringCase("range"): .worker
        case 6 where name.equalsIgnoringCase("expect"): .worker
        case 7 where name.equalsIgnoringCase("upgrade"): .worker
        case 8 where name.equalsIgnoringCase("if-match") || name.equalsIgnoringCase("if-range"): .worker
        // HTTP.sys asks for `f` only; any other value is as rare.
        case 9 where name.equalsIgnoringCase("translate"): .worker
        case 13 where name.equalsIgnoringCase("authorization"): .worker
        case 13 where name.equalsIgnoringCase("if-none-match"): .tags
        case 17 where name.equalsIgnoringCase("if-modified-since"): .time
        case 19 where name.equalsIgnoringCase("if-unmodified-since"): .worker
        default: .none
        }
    }

    /// Whether a worker's response is one that may be kept at all, whatever the worker says.
    static func mayKeep(_ response: ResponseHead) -> Bool {
        guard response.status == 200, let length = response.contentLength, (1...maximumBody).contains(length) else {
            return false
        }
        return fieldsMayBeKept(response.headers)
    }

    /// The request's `Accept-Encoding` as the key of one form of a response (`AcceptedCodings.plainSet`); nil where only
    /// the worker knows which form the client gets: for finer wishes, and for HTTP/1.0 and proxies that accept codings,
    /// to which `httpCompression` may send none but the plain form.
    static func form(_ head: Span<UInt8>, _ request: ParsedRequest) -> UInt8? {
        var accepted = AcceptedCodings()
        var mayBeRefused = !request.isHTTP11
        for field in request.fields {
            let name = head.extracting(field.name)
            switch name.count {
            case 3 where name.equalsIgnoringCase("via"): mayBeRefused = true
            case 15 where name.equalsIgnoringCase("accept-encoding"): accepted.add(head.extracting(field.value))
            default: break
            }
        }
        let set = accepted.plainSet
        return set != 0 && mayBeRefused ? nil : set
    }

    /// Whether there are several forms of a response for clients that accept different codings.
    static func hasForms(_ response: ResponseHead) -> Bool { response.headers.contains("vary") }

    /// Fields that are one client's own, or that the router makes anew. A response may vary with `Accept-Encoding` alone.
    private static func fieldsMayBeKept(_ headers: HeaderBlock) -> Bool {
        var (position, size) = (0, 0)
        while let field = headers.next(&position) {
            size += field.name.count + field.value.count + 4
            switch field.name.count {
            case 4 where field.name.equalsIgnoringCase("date"): return false
            case 4 where field.name.equalsIgnoringCase("vary"):
                if !field.value.equalsIgnoringCase("accept-encoding") { return false }
            case 10 where field.name.equalsIgnoringCase("set-cookie"): return false
            default: break
            }
        }
        return size <= maximumFields
    }
}
