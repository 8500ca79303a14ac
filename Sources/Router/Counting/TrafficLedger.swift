internal import Wire

/// What one loop has counted of each site. Only sites that had a request take memory, some 800 bytes each; they keep their
/// counts whatever is changed in them, until they are removed.
final class TrafficLedger {
    /// Requests that were refused before a site was found for them.
    private(set) lazy var unrouted = make()
    private(set) var sites: [UInt32: Traffic] = [:]
    /// The same by the sites' places in the loop's routes, which change with them: nothing is looked up by a request.
    private var places: [Traffic?] = []
    private let time: WallTime

    init(_ time: WallTime) { self.time = time }

    func make() -> Traffic { Traffic(since: time.seconds) }

    /// Where a request of the site at `place` in the routes is counted.
    func site(_ id: UInt32, at place: Int) -> Traffic {
        if place < places.count, let known = places[place] { return known }
        let traffic = sites[id] ?? make()
        sites[id] = traffic
        if place >= places.count { places += Array(repeating: nil, count: place + 1 - places.count) }
        places[place] = traffic
        return traffic
    }

    /// There are new routes.
    func apply(_ table: RouteTable) {
        places = []
        guard !sites.isEmpty else { return }
        let known = Set(table.sites.map(\.id))
        sites = sites.filter { known.contains($0.key) }
    }

    func apply(_ difference: RouteDifference) {
        places = []
        for id in difference.removedSites { sites[id] = nil }
    }
}
