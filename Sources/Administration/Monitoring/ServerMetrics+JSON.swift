internal import Wire

/// As JSON (the shape is stable; members may be added):
///
///     {
///       "time" (nanoseconds since 1970),
///       "server": {"version", "pid", "memory" (private bytes), "uptime" (seconds)},
///       "router": null or {"pid", "memory", "uptime", "connections"},
///       "unrouted": null or TRAFFIC,
///       "sites": [{"id", "name", "pools": [name], TRAFFIC…}],
///       "pools": [{"name", "state", "workers", "queued", "inWork", "memory", "uptime", "started", "recycled", "crashed",
///                  "restartsSince" (seconds since 1970), "traffic": null or TRAFFIC}]
///     }
///
/// TRAFFIC is `"requests"`, `"answers": {"none", "1xx", "2xx", "3xx", "4xx", "5xx"}`, `"received"`, `"sent"` (bytes),
/// `"since"` (seconds since 1970), `"duration"` (nanoseconds, all latencies together) and `"latencies"`: an array of
/// `[above, up to, how many]`, the bounds in nanoseconds, the last bucket's upper one null; empty buckets are left out.
extension ServerMetrics {
    public var members: [JSONValue.Member] {
        [
            .init("time", .integer(time)),
            .init(
                "server",
                .object([.init("version", .text(version))] + Self.members(master))),
            .init(
                "router",
                router.map { .object(Self.members($0) + [.init("connections", .optional(connections))]) } ?? .null),
            .init("unrouted", unrouted.map { .object(Self.members($0)) } ?? .null),
            .init("sites", .array(sites.map(Self.json))), .init("pools", .array(pools.map(Self.json))),
        ]
    }

    private static func members(_ process: ServerStatus.Process) -> [JSONValue.Member] {
        [
            .init("pid", .integer(process.pid)), .init("memory", .optional(process.memory)),
            .init("uptime", .optional(process.uptime)),
        ]
    }

    private static let answerNames = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"]

    private static func members(_ traffic: Traffic) -> [JSONValue.Member] {
        let counts = traffic.counts
        let latencies = counts.latencies.indices.filter { counts.latencies[$0] > 0 }.map { bucket in
            JSONValue.array([
                .integer(LatencyScale.lowerBound(bucket)), .optional(LatencyScale.upperBound(bucket)),
                .integer(counts.latencies[bucket]),
            ])
        }
        return [
            .init("requests", .integer(counts.requests)),
            .init(
                "answers",
                .object(answerNames.enumerated().map { .init($1, .integer(counts.answers[$0])) })),
            .init("received", .integer(counts.received)), .init("sent", .integer(counts.sent)),
            .init("since", .integer(traffic.since)), .init("duration", .integer(counts.duration)),
            .init("latencies", .array(latencies)),
        ]
    }

    private static func json(_ site: Site) -> JSONValue {
        .object(
            [
                .init("id", .integer(site.id)), .init("name", .text(site.name)),
                .init("pools", .array(site.pools.map { .text($0) })),
            ] + members(site.traffic))
    }

    private static func json(_ pool: Pool) -> JSONValue {
        .object([
            "name": .text(pool.name), "state": .text(pool.state), "workers": .integer(pool.workers),
            "queued": .optional(pool.queued), "inWork": .optional(pool.inWork), "memory": .optional(pool.memory),
            "uptime": .optional(pool.uptime), "started": .integer(pool.restarts.started),
            "recycled": .integer(pool.restarts.recycled), "crashed": .integer(pool.restarts.crashed),
            "restartsSince": .integer(pool.restartsSince),
            "traffic": pool.traffic.map { .object(members($0)) } ?? .null,
        ])
    }

    // MARK: Reading

    /// Nil for what is none.
    public init?(_ members: [JSONValue.Member]) {
        let value = JSONValue.object(members)
        guard let time = value["time"]?.number, let server = value["server"],
            let version = server["version"]?.string, let master = Self.process(server),
            let sites = value["sites"]?.elements, let pools = value["pools"]?.elements
        else { return nil }
        self.init(
            time: time, version: version, master: master, router: value["router"].flatMap(Self.process),
            connections: Self.count(value["router"]?["connections"]),
            unrouted: value["unrouted"].flatMap(Self.traffic), sites: sites.compactMap(Self.site),
            pools: pools.compactMap(Self.pool))
    }

    private static func count(_ value: JSONValue?) -> UInt64? { value?.number.flatMap { UInt64(exactly: $0) } }

    private static func process(_ value: JSONValue) -> ServerStatus.Process? {
        guard let pid = value["pid"]?.number.flatMap({ Int32(exactly: $0) }) else { return nil }
        return .init(pid: pid, memory: count(value["memory"]), uptime: count(value["uptime"]))
    }

    private static func traffic(_ value: JSONValue) -> Traffic? {
        guard let answers = value["answers"], let since = value["since"]?.number,
            let latencies = value["latencies"]?.elements
        else { return nil }
        let buckets = latencies.compactMap { row -> (bucket: Int, count: UInt64)? in
            guard let parts = row.elements, parts.count == 3, let above = count(parts[0]), let number = count(parts[2])
            else { return nil }
            return (LatencyScale.bucket(above + 1), number)
        }
        return Traffic(
            TrafficCounts(
                answers: answerNames.map { count(answers[$0]) ?? 0 }, received: count(value["received"]) ?? 0,
                sent: count(value["sent"]) ?? 0, duration: count(value["duration"]) ?? 0, latencies: buckets),
            since: since)
    }

    private static func site(_ value: JSONValue) -> Site? {
        guard let id = count(value["id"]).flatMap({ UInt32(exactly: $0) }), let name = value["name"]?.string,
            let traffic = traffic(value)
        else { return nil }
        return Site(
            id: id, name: name, pools: (value["pools"]?.elements ?? []).compactMap(\.string), traffic: traffic)
    }

    private static func pool(_ value: JSONValue) -> Pool? {
        guard let name = value["name"]?.string, let state = value["state"]?.string else { return nil }
        return Pool(
            name: name, state: state, workers: count(value["workers"]) ?? 0, queued: count(value["queued"]),
            inWork: count(value["inWork"]), memory: count(value["memory"]), uptime: count(value["uptime"]),
            restarts: Restarts(
                started: count(value["started"]) ?? 0, recycled: count(value["recycled"]) ?? 0,
                crashed: count(value["crashed"]) ?? 0),
            restartsSince: value["restartsSince"]?.number ?? 0, traffic: value["traffic"].flatMap(traffic))
    }
}
