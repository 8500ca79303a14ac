public import Wire

/// What happened between two looks at a server, by site and by pool.
public struct TrafficRates: Equatable, Sendable {
    /// One site, pool, or what belongs to no site.
    public struct Row: Equatable, Sendable {
        public var name: String
        /// What was counted in the interval.
        public var counts: TrafficCounts
        /// Requests since counting began.
        public var total: UInt64
        /// A pool's; empty for a site.
        public var state = ""
        public var queued: UInt64?
        public var inWork: UInt64?
        /// Private bytes; of a site, those of its pools.
        public var memory: UInt64?
        /// Workers replaced and workers that failed; of a site, those of its pools.
        public var recycled: UInt64 = 0
        public var crashed: UInt64 = 0
        /// Seconds.
        public var uptime: UInt64?

        init(name: String, counts: TrafficCounts, total: UInt64) {
            self.name = name
            self.counts = counts
            self.total = total
        }
    }

    /// Unit: seconds.
    public let interval: Double
    public let server: ServerMetrics
    public let unrouted: Row
    public let sites: [Row]
    public let pools: [Row]

    /// From `earlier` to `later`; of sites and pools that are not in `earlier`, everything that they had.
    public init(from earlier: ServerMetrics, to later: ServerMetrics) {
        interval = max(0.001, Double(later.time &- earlier.time) / 1_000_000_000)
        server = later
        // Of another router every count begins anew.
        let isSameRouter = earlier.router?.pid == later.router?.pid
        func row(_ name: String, _ now: ServerMetrics.Traffic?, _ before: ServerMetrics.Traffic?) -> Row {
            let counts = now?.counts ?? TrafficCounts()
            return Row(
                name: name, counts: isSameRouter ? before.map { counts.since($0.counts) } ?? counts : counts,
                total: counts.requests)
        }
        let sitesBefore = Dictionary(earlier.sites.map { ($0.id, $0.traffic) }, uniquingKeysWith: { first, _ in first })
        let poolsBefore = Dictionary(earlier.pools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let poolsNow = Dictionary(later.pools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        unrouted = row("", later.unrouted, earlier.unrouted)
        sites = later.sites.map { site in
            var row = row(site.name, site.traffic, sitesBefore[site.id])
            for pool in site.pools.compactMap({ poolsNow[$0] }) {
                if let memory = pool.memory { row.memory = (row.memory ?? 0).addingClamped(memory) }
                row.recycled = row.recycled.addingClamped(pool.restarts.recycled)
                row.crashed = row.crashed.addingClamped(pool.restarts.crashed)
            }
            return row
        }
        pools = later.pools.map { pool in
            var row = row(pool.name, pool.traffic, poolsBefore[pool.name]?.traffic)
            row.state = pool.state
            row.queued = pool.queued
            row.inWork = pool.inWork
            row.memory = pool.memory
            row.recycled = pool.restarts.recycled
            row.crashed = pool.restarts.crashed
            row.uptime = pool.uptime
            return row
        }
    }

    public func perSecond(_ count: UInt64) -> Double { Double(count) / interval }

    /// All sites together, and what belongs to none.
    public var all: TrafficCounts {
        var all = unrouted.counts
        for site in sites { all.add(site.counts) }
        return all
    }

    /// As `hostelry top --json` prints it (the shape is stable; members may be added): `interval` in seconds, and for all
    /// together, each site and each pool what it says of itself, rates a second, latencies in milliseconds.
    public var json: JSONValue {
        .object([
            "interval": .decimal(interval), "version": .text(server.version),
            "connections": .optional(server.connections), "counted": .boolean(server.unrouted != nil),
            "all": .object(rates(all)),
            "sites": .array(
                sites.map { row in
                    .object(
                        [.init("name", .text(row.name))] + rates(row.counts) + [
                            .init("requests", .integer(row.total)), .init("memory", .optional(row.memory)),
                            .init("recycled", .integer(row.recycled)), .init("crashed", .integer(row.crashed)),
                        ])
                }),
            "pools": .array(
                pools.map { row in
                    .object(
                        [.init("name", .text(row.name)), .init("state", .text(row.state))] + rates(row.counts) + [
                            .init("requests", .integer(row.total)), .init("queued", .optional(row.queued)),
                            .init("inWork", .optional(row.inWork)), .init("memory", .optional(row.memory)),
                            .init("recycled", .integer(row.recycled)), .init("crashed", .integer(row.crashed)),
                            .init("uptime", .optional(row.uptime)),
                        ])
                }),
        ])
    }

    private func rates(_ counts: TrafficCounts) -> [JSONValue.Member] {
        func latency(_ percent: UInt64) -> JSONValue {
            counts.percentile(percent).map { .decimal(Double($0) / 1_000_000) } ?? .null
        }
        return [
            .init("requestsPerSecond", .decimal(perSecond(counts.requests))),
            .init("clientErrorsPerSecond", .decimal(perSecond(counts.answers[4]))),
            .init("serverErrorsPerSecond", .decimal(perSecond(counts.answers[5]))),
            .init("unansweredPerSecond", .decimal(perSecond(counts.answers[0]))),
            .init("receivedPerSecond", .decimal(perSecond(counts.received))),
            .init("sentPerSecond", .decimal(perSecond(counts.sent))), .init("p50", latency(50)),
            .init("p95", latency(95)), .init("p99", latency(99)),
        ]
    }
}
