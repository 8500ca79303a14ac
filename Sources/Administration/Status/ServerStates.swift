/// The states of sites and pools by their names, and the workers: what a list of objects shows of a running server, without
/// what it costs to ask every process.
///
///     {
///       "sites": {"started": ["Blog"], "stopped": [], "quarantined": []},
///       "pools": {"started": ["Main"]},
///       "workers": [{"pid": 4711, "pool": "Main"}]
///     }
///
/// States as in `ServerStatus`; one that no object has may be missing.
public struct ServerStates: Equatable, Sendable {
    public struct Worker: Equatable, Sendable {
        public var pid: Int32
        public var pool: String

        public init(pid: Int32, pool: String) {
            self.pid = pid
            self.pool = pool
        }
    }

    /// The names by their state.
    public var sites: [String: [String]]
    public var pools: [String: [String]]
    public var workers: [Worker]

    public init(sites: [String: [String]], pools: [String: [String]], workers: [Worker]) {
        self.sites = sites
        self.pools = pools
        self.workers = workers
    }

    public var members: [JSONValue.Member] {
        [
            .init("sites", Self.json(sites)), .init("pools", Self.json(pools)),
            .init(
                "workers",
                .array(workers.map { .object(["pid": .integer($0.pid), "pool": .text($0.pool)]) })),
        ]
    }

    /// Nil for an answer that is none.
    public init?(_ members: [JSONValue.Member]) {
        let answer = JSONValue.object(members)
        guard let sites = Self.names(answer["sites"]), let pools = Self.names(answer["pools"]),
            let workers = answer["workers"]?.elements
        else { return nil }
        self.sites = sites
        self.pools = pools
        self.workers = workers.compactMap { worker in
            guard let pid = worker["pid"]?.number.flatMap({ Int32(exactly: $0) }), let pool = worker["pool"]?.string
            else { return nil }
            return Worker(pid: pid, pool: pool)
        }
    }

    private static func json(_ names: [String: [String]]) -> JSONValue {
        .object(
            names.sorted { $0.key < $1.key }.map { state, names in
                JSONValue.Member(state, .array(names.map { .text($0) }))
            })
    }

    private static func names(_ value: JSONValue?) -> [String: [String]]? {
        guard let members = value?.members else { return nil }
        return Dictionary(members.map { ($0.name, ($0.value.elements ?? []).compactMap(\.string)) }) { $1 }
    }
}
