internal import HTTP1
internal import Wire

/// A response that the router gives without asking a worker.
final class CachedResponse {
    let key: CacheKey
    /// For clients that accept which codings it is (`CacheRules.form`); nil where it is for all.
    let form: UInt8?
    /// Another form of the same URL.
    var next: CachedResponse?
    /// Whose response it is. It dies with its worker.
    let worker: UInt64
    let token: UInt64
    let pool: UInt32
    /// The application that the request was routed to, as `RequestHead.applicationPathLength`.
    let applicationPathLength: Int
    /// By the loop's clock. Unit: nanoseconds.
    let expiresAt: UInt64
    /// What the worker said before the body, for the parts that are no fields.
    let closesConnection: Bool
    let sendsServer: Bool
    /// As `ResponseHead.loggedVariables`: only such as are the same for all who ask.
    let loggedVariables: HeaderBlock?
    let body: [UInt8]
    /// The status line and the fields as they are written, without what frames the message and what the router adds.
    let head: [UInt8]
    /// The same of 304, which has no `Content-Type`.
    let notModifiedHead: [UInt8]
    /// The entity tag with its quotes, without the sign of a weak one: it is compared weakly.
    let tag: [UInt8]?
    /// `Last-Modified`. Unit: seconds since 1970.
    let modified: Int64?

    /// In the order of use.
    fileprivate(set) unowned var older: CachedResponse?
    fileprivate(set) var newer: CachedResponse?

    init(_ fill: CacheFill, now: UInt64) {
        key = fill.key
        form = fill.form
        worker = fill.link.worker
        pool = fill.link.pool.id
        token = fill.mark.token
        applicationPathLength = fill.applicationPathLength
        expiresAt = now + UInt64(fill.mark.seconds) * 1_000_000_000
        closesConnection = fill.response.closesConnection
        loggedVariables = fill.response.loggedVariables
        body = fill.body
        head = fill.head
        notModifiedHead = fill.notModifiedHead
        let headers = fill.response.headers
        sendsServer = fill.response.sendsServer && !headers.contains("server")
        if let tag = headers.value(of: "etag") { self.tag = EntityTagList.opaque(tag) } else { tag = nil }
        if let date = headers.value(of: "last-modified") { modified = HTTPDate.seconds(date) } else { modified = nil }
    }

    /// What it takes in memory, roughly. Unit: bytes.
    var cost: Int { body.count + head.count + notModifiedHead.count + key.bytes.count + 512 }
}

/// Responses in the order in which they were last used.
struct UseOrder {
    private(set) var oldest: CachedResponse?
    private var newest: CachedResponse?

    mutating func append(_ response: CachedResponse) {
        response.older = newest
        if let newest { newest.newer = response } else { oldest = response }
        newest = response
    }

    mutating func remove(_ response: CachedResponse) {
        let (older, newer) = (response.older, response.newer)
        if let older { older.newer = newer } else { oldest = newer }
        if let newer { newer.older = older } else { newest = older }
        response.older = nil
        response.newer = nil
    }

    mutating func use(_ response: CachedResponse) {
        guard newest !== response else { return }
        remove(response)
        append(response)
    }
}
