//  Cache: responses that the router gives without asking a worker (HTTP.sys's kernel-mode cache).
//
//      worker's head with a `CacheMark` ─► CacheFill ─► ResponseCache      while the response passes to its client
//      request ─► CacheRules ─► ResponseCache.find ─► ClientConnection     without a hop
//
//  A worker says that a response holds until it is told otherwise (`flush`), and what is true of the request the router
//  sees for itself: `CacheRules` are HTTP.sys's (reference §8.10). `CacheKey` is made of the router's own reading. A
//  response that varies with `Accept-Encoding` is kept in one form for each set of codings that clients accept. An entry
//  dies with its worker, when the worker retires or gets company, and when its pool changes.

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

    /// The response for a URL, if there is one that still holds: one for all clients, or the first of its forms.
    func find(site: UInt32, host: Span<UInt8>, target: Span<UInt8>) -> CachedResponse? {
        guard !entries.isEmpty, let known = entries[CacheKey.hash(site: site, host: host, target: target)],
            known.key.matches(site: site, host: host, target: target)
        else { return nil }
        return known.form == nil ? use(known) : known
    }

    /// That form of a URL whose first one was found, if it is there and still holds.
    func form(_ form: UInt8, of first: CachedResponse) -> CachedResponse? {
        var next: CachedResponse? = first
        while let known = next {
            if known.form == form { return use(known) }
            next = known.next
        }
        return nil
    }

    private func use(_ known: CachedResponse) -> CachedResponse? {
        guard loop.now < known.expiresAt else {
            remove(known)
            return nil
        }
        order.use(known)
        return known
    }

    func insert(_ response: CachedResponse) {
        guard response.cost <= capacity else { return }
        makeRoom(for: response)
        if entries.isEmpty { loop.start(scavenger, after: Self.scavengerPeriod, self) }
        response.next = entries[response.key.hash]
        entries[response.key.hash] = response
        byOrigin[Origin(worker: response.worker, token: response.token), default: []].append(response)
        order.append(response)
        size += response.cost
        while size > capacity, let oldest = order.oldest { remove(oldest) }
    }

    /// Removes what the response takes the place of: the same form of its URL, and what is no other form of it.
    private func makeRoom(for response: CachedResponse) {
        var next = entries[response.key.hash]
        while let known = next {
            next = known.next
            if known.form == nil || known.form == response.form || response.form == nil || known.key != response.key {
                remove(known)
            }
        }
    }

    /// The worker says that responses with this mark hold no longer; 0 stands for all of its own.
    func flush(_ token: UInt64, of worker: UInt64) {
        guard token != 0 else { return removeAll { $0.worker == worker } }
        for each in byOrigin[Origin(worker: worker, token: token)] ?? [] { remove(each) }
    }

    func remove(pool: UInt32) { removeAll { $0.pool == pool } }

    func remove(site: UInt32) { removeAll { $0.key.site == site } }

    private func removeAll(where condition: (CachedResponse) -> Bool) {
        var each = order.oldest
        while let response = each {
            each = response.newer
            if condition(response) { remove(response) }
        }
    }

    private func remove(_ response: CachedResponse) {
        unlink(response)
        let origin = Origin(worker: response.worker, token: response.token)
        byOrigin[origin]?.removeAll { $0 === response }
        if byOrigin[origin]?.isEmpty == true { byOrigin[origin] = nil }
        order.remove(response)
        size -= response.cost
        if entries.isEmpty { loop.cancel(scavenger) }
    }

    /// Takes it out of the chain of its URL's forms.
    private func unlink(_ response: CachedResponse) {
        guard let first = entries[response.key.hash] else { return }
        if first === response {
            entries[response.key.hash] = response.next
        } else {
            var previous = first
            while let next = previous.next, next !== response { previous = next }
            previous.next = response.next
        }
        response.next = nil
    }
}

extension ResponseCache: TimerHandler {
    func timerFired(_ timer: Timer) {
        let now = loop.now
        removeAll { $0.expiresAt <= now }
        if !entries.isEmpty { loop.start(scavenger, after: Self.scavengerPeriod, self) }
    }
}
