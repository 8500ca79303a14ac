import Pipeline
import Wire

/// Which request a kept response answers: whatever makes another response possible, one behind the other, each with its
/// length in front.
struct ResponseKey: Hashable {
    private var bytes: [UInt8] = []

    /// Nil for a request that the cache has no part in: whose answer may be its sender's own, or that asks for more than
    /// a plain response. `CachingProfile`
    /// and the fields of `variation` say what else makes responses differ.
    init?(_ request: RequestContext, _ profile: CachingProfile, _ variation: [[UInt8]]) {
        guard request.verb == .get || request.verb == .head, case .none = request.head.body,
            case .anonymous = request.user, request.failure == nil, request.response.status == 0,
            Self.concernsCache(request.head)
        else { return nil }
        let head = request.head
        add(head.siteID)
        bytes.append(head.scheme.rawValue)
        if let host = head.field("host") { add(head.value(ofField: host), inLowerCase: true) } else { add(0) }
        let path = request.resolution.path
        add(path.span)
        guard addQuery(head.query, profile.query) else { return nil }
        for name in profile.headers { add(head, field: name) }
        for name in variation { add(head, field: name) }
    }

    private static func concernsCache(_ head: RequestHead) -> Bool {
        for index in 0..<head.fieldCount {
            let name = head.name(ofField: index)
            switch name.count {
            case 5 where name.equalsIgnoringCase("range"): return false
            case 6 where name.equalsIgnoringCase("expect"): return false
            case 7 where name.equalsIgnoringCase("upgrade"): return false
            case 8 where name.equalsIgnoringCase("if-match"): return false
            case 9 where name.equalsIgnoringCase("translate"): return false
            case 13 where name.equalsIgnoringCase("authorization"): return false
            case 13 where name.equalsIgnoringCase("cache-control"):
                if head.value(ofField: index).containsIgnoringCase(noStore.span) { return false }
            case 19 where name.equalsIgnoringCase("if-unmodified-since"): return false
            default: break
            }
        }
        return true
    }

    private static let noStore = Array("no-store".utf8)

    /// False where the cache has no part in the request.
    private mutating func addQuery(_ query: Span<UInt8>, _ variation: CachingProfile.QueryVariation) -> Bool {
        switch variation {
        case .none: return query.isEmpty
        case .whole:
            add(query)
            return true
        case .parameters(let names):
            guard Self.hasPlainNames(query) else { return false }
            for name in names {
                var start = 0
                while start < query.count {
                    let end = query.firstIndex(of: 0x26, from: start) ?? query.count
                    let pair = query.extracting(start..<end)
                    let own = pair.extracting(first: pair.firstIndex(of: 0x3D) ?? pair.count)
                    if own.equalsIgnoringCase(name.span) { add(pair, inLowerCase: false) }
                    start = end + 1
                }
                add(UInt32.max)
            }
            return true
        }
    }

    /// Whether the parameters' names are what an application will take them for: one that decodes `%76` would see a
    /// parameter that is not part of the key, and one that divides at `;` other parameters.
    private static func hasPlainNames(_ query: Span<UInt8>) -> Bool {
        var isName = true
        for index in query.indices {
            switch query[index] {
            case 0x26: isName = true
            case 0x3D: isName = false
            case 0x3B: return false
            case 0x25, 0x2B: if isName { return false }
            default: break
            }
        }
        return true
    }

    /// All fields of the name, in their order.
    private mutating func add(_ head: RequestHead, field name: [UInt8]) {
        for index in 0..<head.fieldCount where head.name(ofField: index).equalsIgnoringCase(name.span) {
            add(head.value(ofField: index))
        }
        add(UInt32.max)
    }

    private mutating func add(_ number: UInt32) {
        for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private mutating func add(_ text: Span<UInt8>, inLowerCase: Bool = false) {
        add(UInt32(text.count))
        for index in text.indices { bytes.append(inLowerCase ? ASCII.lower(text[index]) : text[index]) }
    }
}
