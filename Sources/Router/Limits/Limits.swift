internal import Synchronization
internal import Wire

/// What the router counts as a whole, however many loops it has: each site's connections, and the bytes a second that
/// each site and all of them send (`webLimits`, `limits` of a site).
final class Limits: Sendable {
    /// `maxGlobalBandwidth`
    let bandwidth = Bandwidth()
    private let sites = Mutex<[UInt32: SiteLimits]>([:])

    /// Takes over the limits of a new table. Sites keep their counts.
    func apply(_ table: RouteTable) {
        bandwidth.set(table.limits.maxGlobalBandwidth)
        sites.withLock { sites in
            var kept: [UInt32: SiteLimits] = [:]
            kept.reserveCapacity(table.sites.count)
            for site in table.sites {
                let limits = sites[site.id] ?? SiteLimits()
                limits.set(site.limits)
                kept[site.id] = limits
            }
            sites = kept
        }
    }

    /// Takes over the limits of sites that are new or changed.
    func apply(_ difference: RouteDifference) {
        sites.withLock { sites in
            for id in difference.removedSites { sites[id] = nil }
            for site in difference.sites {
                let limits = sites[site.id] ?? SiteLimits()
                limits.set(site.limits)
                sites[site.id] = limits
            }
        }
    }

    /// The limits of a site of the last table.
    func site(_ id: UInt32) -> SiteLimits { sites.withLock { $0[id] } ?? SiteLimits() }
}

/// One site's connections and bandwidth.
final class SiteLimits: Sendable {
    let bandwidth = Bandwidth()
    private let maximum = Atomic<UInt32>(RouteTable.unlimited)
    private let count = Atomic<UInt32>(0)

    func set(_ limits: RouteTable.SiteLimits) {
        maximum.store(limits.maxConnections, ordering: .relaxed)
        bandwidth.set(limits.maxBandwidth)
    }

    /// How many connections the site has.
    var connections: UInt32 { count.load(ordering: .relaxed) }

    /// Counts a connection; false when there are as many as may be.
    func admit() -> Bool {
        let (_, new) = count.wrappingAdd(1, ordering: .relaxed)
        guard new > maximum.load(ordering: .relaxed) else { return true }
        leave()
        return false
    }

    /// An admitted connection is over, or turns to another site.
    func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}
