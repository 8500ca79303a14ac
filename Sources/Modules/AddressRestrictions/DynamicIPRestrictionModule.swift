import Configuration
import Pipeline
import Wire

/// Turns away clients that ask too much at once or too often.
///
/// Section: `system.webServer/security/dynamicIpSecurity`. Stages: BeginRequest, first; SendResponse. Directories where
/// the section says the same count together. A client is an IPv4 address or 64 bits of an IPv6 address; with
/// `enableProxyMode` the last address of `X-Forwarded-For`, the one that the server's own proxy wrote. With
/// `enableLoggingOnlyMode` nobody is turned away, and the access log shows the sub-status 501 or 502.
final class DynamicIPRestrictionModule: Module {
    static let section = "system.webServer/security/dynamicIpSecurity"

    static func definition(_ services: any ModuleServices) -> ModuleDefinition {
        let counts = SharedCounts()
        return ModuleDefinition(
            name: "DynamicIpRestrictionModule", sections: [section], stages: .on(.beginRequest, .sendResponse),
            priority: .first, sendingPriority: .last
        ) { configuration throws(ConfigurationError) in
            let section = try configuration.section(section)
            let limits = ClientLimits(section)
            guard limits.maximumConcurrent != nil || limits.maximumRate != nil else { return nil }
            return DynamicIPRestrictionModule(section, counts.counts(limits), services)
        }
    }

    private let denyAction: DenyAction
    private let examinesForwardedFor: Bool
    private let onlyLogs: Bool
    private let counts: ClientCounts
    private let services: any ModuleServices

    init(_ section: Element, _ counts: ClientCounts, _ services: any ModuleServices) {
        denyAction = DenyAction(section)
        examinesForwardedFor = section.bool("enableProxyMode")
        onlyLogs = section.bool("enableLoggingOnlyMode")
        self.counts = counts
        self.services = services
    }

    func handle(_ stage: Stage, _ request: RequestContext) -> NotificationStatus {
        // Child requests are no requests of the client.
        guard request.isOwnURL else { return .continue }
        if stage.notification == .sendResponse {
            if let subStatus = request.lease(ClientCounts.Lease.self)?.loggedSubStatus, request.response.subStatus == 0
            {
                request.response.set(status: request.response.status, subStatus: subStatus)
            }
            return .continue
        }
        var client = request.head.remote.address
        if examinesForwardedFor {
            guard let addresses = ForwardedFor.addresses(request.head) else {
                return request.refuse(.forwardedForInvalid)
            }
            client = addresses.last ?? client
        }
        let (lease, excess) = counts.begin(client.clientBlock, now: services.now)
        request.hold(lease)
        guard let excess else { return .continue }
        guard onlyLogs else { return denyAction.deny(request, excess) }
        lease.loggedSubStatus = excess == .concurrentRequests ? 501 : 502
        return .continue
    }
}

/// What one client may do: the two limits of `dynamicIpSecurity`.
struct ClientLimits: Hashable {
    /// Requests in work at once; nil for any number. IIS: 5.
    var maximumConcurrent: Int?
    /// Requests within `interval`; nil for any number. IIS: 20.
    var maximumRate: Int?
    /// Unit: milliseconds. IIS: 200.
    var interval: UInt64 = 200

    init(maximumConcurrent: Int? = nil, maximumRate: Int? = nil, interval: UInt64 = 200) {
        self.maximumConcurrent = maximumConcurrent
        self.maximumRate = maximumRate
        self.interval = interval
    }

    init(_ section: Element) {
        let concurrent = section.element("denyByConcurrentRequests")
        if concurrent.bool("enabled") { maximumConcurrent = Int(concurrent.integer("maxConcurrentRequests")) }
        let rate = section.element("denyByRequestRate")
        if rate.bool("enabled") {
            maximumRate = Int(rate.integer("maxRequests"))
            interval = UInt64(clamping: rate.integer("requestIntervalInMilliseconds"))
        }
    }
}

/// Counts that directories with the same limits share, as long as one of them is served.
private final class SharedCounts {
    private struct Entry {
        weak var counts: ClientCounts?
    }

    private var entries: [ClientLimits: Entry] = [:]

    func counts(_ limits: ClientLimits) -> ClientCounts {
        if let known = entries[limits]?.counts { return known }
        entries = entries.filter { $0.value.counts != nil }
        let counts = ClientCounts(limits)
        entries[limits] = Entry(counts: counts)
        return counts
    }
}
