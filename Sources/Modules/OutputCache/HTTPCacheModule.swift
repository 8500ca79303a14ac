import Configuration
import HTTP1
import Pipeline
import Platform
import Wire

/// Gives responses again that profiles let the worker keep: IIS's user-mode output cache.
///
/// Sections: `system.webServer/caching`, `system.webServer/urlCompression` (`dynamicCompressionBeforeCache`). Stages: ResolveRequestCache, where a kept response answers and no handler is
/// chosen, behind everything that decides who may see it; UpdateRequestCache, where a response is kept. Only for
/// anonymous requests, and only what nothing says is one client's own. What the router keeps is not kept here as well
/// (`KernelCachePolicy`).
final class HTTPCacheModule: Module {
    static func definition(
        _ store: ResponseStore, _ services: any ModuleServices, clock: @escaping () -> Int64 = FileStamp.now
    ) -> ModuleDefinition {
        ModuleDefinition(
            name: "HttpCacheModule", sections: [CachingProfiles.section, StaticCompressionModule.section],
            stages: .on(.resolveRequestCache, .updateRequestCache)
        ) { configuration throws(ConfigurationError) in
            let compression = try configuration.section(StaticCompressionModule.section)
            return HTTPCacheModule(
                try configuration.section(CachingProfiles.section),
                keepsCompressed: DynamicCompressionModule.comesBeforeCache(compression), store, services, clock)
        }
    }

    private let profiles: CachingProfiles
    /// Fields of requests, in lower case, that make other responses besides those of a profile.
    private let variation: [[UInt8]]
    /// Unit: bytes. IIS: 262,144.
    private let maximumResponse: Int
    /// Unit: bytes.
    private let capacity: Int64
    private let store: ResponseStore
    private let services: any ModuleServices
    /// Nanoseconds since 1970, the clock of the file system's stamps.
    private let clock: () -> Int64

    /// Nil where no profile concerns this cache or clients.
    init?(
        _ section: Element, keepsCompressed: Bool, _ store: ResponseStore, _ services: any ModuleServices,
        _ clock: @escaping () -> Int64
    ) {
        variation = keepsCompressed ? [Array("accept-encoding".utf8)] : []
        profiles = CachingProfiles(section)
        guard section.bool("enabled"), profiles.all.contains(where: { $0.isKept || !$0.cacheControl.isEmpty }) else {
            return nil
        }
        maximumResponse = Int(section.integer("maxResponseSize"))
        let megabytes = section.integer("maxCacheSize")
        capacity = megabytes > 0 ? megabytes << 20 : ResponseStore.defaultCapacity
        self.store = store
        self.services = services
        self.clock = clock
    }

    /// What varies is kept by neither the router nor, for URLs without a query string, here in two states.
    var treatsEveryoneAlike: Bool { true }

    /// What UpdateRequestCache has to know of ResolveRequestCache.
    private final class Ticket {
        let key: ResponseKey
        /// How many fields the response had: what came later is the handler's.
        let fieldCount: Int

        init(_ key: ResponseKey, fieldCount: Int) {
            self.key = key
            self.fieldCount = fieldCount
        }
    }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        let path = request.resolution.path
        guard let profile = profiles.profile(of: path.span) else { return .continue }
        return stage.notification == .resolveRequestCache ? resolve(request, profile) : update(request, profile)
    }

    private func resolve(_ request: RequestContext, _ profile: CachingProfile) -> NotificationStatus {
        request.cacheTicket = nil
        guard profile.isKept, let key = ResponseKey(request, profile, variation) else { return .continue }
        if let known = store.find(key), known.holds(for: request, now: services.now) {
            known.answer(request)
            return .finishRequest
        }
        request.cacheTicket = Ticket(key, fieldCount: request.response.headers.count)
        return .continue
    }

    private func update(_ request: RequestContext, _ profile: CachingProfile) -> NotificationStatus {
        let ticket = request.cacheTicket as? Ticket
        request.cacheTicket = nil
        let now = clock()
        // What this module tells clients is no word against keeping the response here.
        let rules = ticket.flatMap {
            StorageRules(
                request.response.headers, behind: $0.fieldCount, variedBy: profile.headers + variation,
                now: now / 1_000_000_000)
        }
        tellClients(request, profile)
        if let ticket, let rules, let response = response(request, profile, ticket, rules, now) {
            store.insert(response, ticket.key, capacity: capacity)
        }
        return .continue
    }

    private func tellClients(_ request: RequestContext, _ profile: CachingProfile) {
        let control = profile.cacheControl
        guard !control.isEmpty, [200, 206, 304].contains(request.response.status),
            request.verb == .get || request.verb == .head, !request.response.headers.contains("cache-control")
        else { return }
        request.response.headers.append("Cache-Control", control.span)
    }

    /// What is kept of the response; nil where it must not or need not be.
    private func response(
        _ request: RequestContext, _ profile: CachingProfile, _ ticket: Ticket, _ rules: StorageRules, _ now: Int64
    ) -> StoredResponse? {
        let (threshold, period) = request.frequentHits
        guard request.verb == .get, request.response.status == 200, request.failure == nil,
            request.response.cacheable == nil, !request.response.isPassedOn,
            case .bytes(let body) = request.response.body, !body.isEmpty, body.count <= maximumResponse,
            let settings = request.resolution.settings,
            store.countHit(ticket.key, now: now, threshold: threshold, within: period)
        else { return nil }
        let headers = request.response.headers.dropFirst(ticket.fieldCount)
        let shown = request.response.shown
        switch profile.policy {
        case .untilChange:
            // A file that was written a moment ago may be written again with the same stamp.
            guard let stamp = request.file?.stamp, stamp.isSettled(at: now) else { return nil }
            return StoredResponse(headers, body, settings, shown: shown, stamp: stamp, expiresAt: .max)
        case .forTimePeriod:
            let seconds = UInt64(min(profile.duration, rules.longest ?? .max))
            return StoredResponse(
                headers, body, settings, shown: shown, stamp: nil, expiresAt: services.now + seconds * 1000)
        case .doNotCache, .disabled: return nil
        }
    }
}
