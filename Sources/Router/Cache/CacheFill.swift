internal import Wire

/// A response on its way to the cache while it passes to its client.
struct CacheFill {
    let key: CacheKey
    /// Which form of the response it is (`CacheRules.form`); nil where there is one for all.
    let form: UInt8?
    let link: Link
    let mark: CacheMark
    let response: ResponseHead
    let applicationPathLength: Int
    let head: [UInt8]
    let notModifiedHead: [UInt8]
    private(set) var body: [UInt8] = []
    /// How often the worker had said `flush` when the response began.
    private let flushes: Int

    /// Nil for a response that may not be kept.
    init?(
        _ response: ResponseHead, _ mark: CacheMark, from link: Link, _ key: CacheKey, form: UInt8?,
        applicationPathLength: Int
    ) throws(LinkError) {
        let hasForms = CacheRules.hasForms(response)
        guard CacheRules.mayKeep(response), link.mayFillCache, !hasForms || form != nil else { return nil }
        self.key = key
        self.form = hasForms ? form : nil
        self.link = link
        self.mark = mark
        self.response = response
        self.applicationPathLength = applicationPathLength
        head = try ResponseEncoder.storedHead(response)
        var other = response
        other.status = 304
        other.reason = []
        for name in ["content-type", "content-encoding"] {
            let name = Array(name.utf8)
            other.headers.remove(name.span)
        }
        notModifiedHead = try ResponseEncoder.storedHead(other)
        flushes = link.flushes
    }

    mutating func append(_ bytes: Span<UInt8>) { body.append(copying: bytes) }

    /// Whether the worker still stands by the response, which is complete.
    var holds: Bool { link.mayFillCache && link.flushes == flushes && UInt64(body.count) == response.contentLength }
}
