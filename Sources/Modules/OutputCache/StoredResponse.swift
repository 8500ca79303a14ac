import HTTP1
import Pipeline
import Platform
import Wire

/// A response that is given again.
final class StoredResponse {
    let headers: HeaderBlock
    let body: [UInt8]
    /// The file that the body is.
    private let shown: ShownFile?
    /// Nil for what is kept for a time.
    let stamp: FileStamp?
    /// By the services' clock. Unit: milliseconds.
    let expiresAt: UInt64
    /// The settings under which it was made; others might have made another.
    private let settings: PathSettings
    /// The entity tag with its quotes.
    private let tag: [UInt8]?
    /// Unit: seconds since 1970.
    private let modified: Int64?

    init(
        _ headers: HeaderBlock, _ body: [UInt8], _ settings: PathSettings, shown: ShownFile?, stamp: FileStamp?,
        expiresAt: UInt64
    ) {
        self.headers = headers
        self.body = body
        self.shown = shown
        self.settings = settings
        self.stamp = stamp
        self.expiresAt = expiresAt
        if let tag = headers.value(of: "etag") { self.tag = [UInt8](copying: tag) } else { tag = nil }
        if let date = headers.value(of: "last-modified") { modified = HTTPDate.seconds(date) } else { modified = nil }
    }

    /// What it takes in memory, roughly. Unit: bytes.
    var cost: Int64 { Int64(body.count) + 2048 }

    func holds(for request: RequestContext, now: UInt64) -> Bool {
        guard now < expiresAt, request.resolution.settings === settings else { return false }
        return stamp == nil || request.file?.stamp == stamp
    }

    /// Answers with it; what earlier modules put into the response stays.
    func answer(_ request: RequestContext) {
        let condition = Preconditions.evaluate(request.head, tag: tag, modified: modified)
        let isWhole = condition != .notModified
        let headers = headers
        var position = 0
        while let field = headers.next(&position) {
            if isWhole || !field.name.equalsIgnoringCase("content-type") {
                request.response.headers.append(field.name, field.value)
            }
        }
        request.response.set(status: isWhole ? 200 : 304)
        guard isWhole else {
            var type: [UInt8]?
            if let value = headers.value(of: "content-type") { type = [UInt8](copying: value) }
            request.response.shown = shown.map { ShownFile($0.resolution, $0.stamp, type: type) }
            return
        }
        request.response.body = .bytes(body)
        request.response.shown = shown
    }
}

/// The kept responses of one worker, and how often others were asked for.
final class ResponseStore {
    /// What all may take where `maxCacheSize` leaves it to the server. Unit: bytes.
    static let defaultCapacity: Int64 = 64 << 20
    /// How many keys' requests are counted at once at least.
    private static let maximumCounted = 4096

    private var responses = BoundedTable<ResponseKey, StoredResponse>()
    private var hits = AgingTable<ResponseKey, HitCount>(capacity: maximumCounted, period: 60_000)

    func find(_ key: ResponseKey) -> StoredResponse? { responses.find(key) }

    func insert(_ response: StoredResponse, _ key: ResponseKey, capacity: Int64) {
        hits.remove(key)
        responses.insert(response, key, cost: response.cost, capacity: capacity)
    }

    /// Counts a request; answers whether there were `threshold` of them within the last `period` (nanoseconds).
    func countHit(_ key: ResponseKey, now: Int64, threshold: Int, within period: Int64) -> Bool {
        hits.update(key, now: UInt64(now) / 1_000_000, default: HitCount()) {
            $0.count(at: now, threshold: threshold, within: period)
        }
    }
}
