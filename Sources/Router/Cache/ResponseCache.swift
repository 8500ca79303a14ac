//  Cache: responses that the router gives without asking a worker (HTTP.sys's kernel-mode cache).
//
//      worker's head with a `CacheMark` ─► CacheFill ─► ResponseCache      while the response passes to its client
//      request ─► CacheRules ─► ResponseCache.find ─► ClientConnection     without a hop
//
//  A worker says that a response holds until it is told otherwise (`flush`), and what is true of the request the router
//  sees for itself: `CacheRules` are HTTP.sys's (reference §8.10). `CacheKey` is made of the router's own reading. An
//  entry dies with its worker, when the worker retires or gets company, and when its pool changes.

internal import EventLoop
internal import Wire

/// The cached responses of one loop.
final class ResponseCache {
    /// What all entries may take. Unit: bytes.
    private static let capacity = 64 << 20
    /// How often entries whose time is over are let go (HTTP.sys: `UriScavengerPeriod`, 120 s). Unit: nanoseconds.
    private static let scavengerPeriod: UInt64 = 120_000_000_000

    private struct Origin: Hashable {
        let worker: UInt64
        let token: UInt64
    }

    private let loop: EventLoop
    private let capacity: Int
    private var entries: [Int: CachedResponse] = [:]
    private var byOrigin: [Origin: [CachedResponse]] = [:]
    private var order = UseOrder()
    private var size = 0
    private let scavenger = Timer()

    init(_ loop: EventLoop, capacity: Int = ResponseCache.capacity) {
        self.loop = loop
        self.capacity = capacity
    }

    deinit { removeAll { _ in true } }

    var isEmpty: Bool { entries.isEmpty }

    /// The response for a URL, if there is one that still holds.
    func find(site: UInt32, host: Span<UInt8>, target: Span<UInt8>) -> CachedResponse? {
        guard !entries.isEmpty, let known = entries[CacheKey.hash(site: site, host: host, target: target)],
            known.key.matches(site: site, host: host, target: target)
        else { return nil }
        guard loop.now < known.expiresAt else {
            remove(known)
            return nil
        }
        order.use(known)
        return known
    }

    func insert(_ response: CachedResponse) {
        guard response.cost <= capacity else { return }
        if let old = entries[response.key.hash] { remove(old) }
        if entries.isEmpty { loop.start(scavenger, after: Self.scavengerPeriod, self) }
        entries[response.key.hash] = response
        byOrigin[Origin(worker: response.worker, token: response.token), default: []].append(response)
        order.append(response)
        size += response.cost
        while size > capacity, let oldest = order.oldest { remove(oldest) }
    }

    /// The worker says that responses with this mark hold no longer; 0 stands for all of its own.
    func flush(_ token: UInt64, of worker: UInt64) {
        guard token != 0 else { return removeAll { $0.worker == worker } }
        for each in byOrigin[Origin(worker: worker, token: token)] ?? [] { remove(each) }
    }

    func remove(pool: UInt32) { removeAll { $0.pool == pool } }

    func remove(site: UInt32) { removeAll { $0.key.site == site } }

    private func removeAll(where condition: (CachedResponse) -> Bool) {
        for each in entries.values.filter(condition) { remove(each) }
    }

    private func remove(_ response: CachedResponse) {
        entries[response.key.hash] = nil
        let origin = Origin(worker: response.worker, token: response.token)
        byOrigin[origin]?.removeAll { $0 === response }
        if byOrigin[origin]?.isEmpty == true { byOrigin[origin] = nil }
        order.remove(response)
        size -= response.cost
        if entries.isEmpty { loop.cancel(scavenger) }
    }
}

extension ResponseCache: TimerHandler {
    func timerFired(_ timer: Timer) {
        let now = loop.now
        removeAll { $0.expiresAt <= now }
        if !entries.isEmpty { loop.start(scavenger, after: Self.scavengerPeriod, self) }
    }
}
