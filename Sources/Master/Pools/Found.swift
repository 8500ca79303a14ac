import Wire

/// What a master found running when it began.
struct Found: Equatable, Sendable {
    struct Worker: Equatable, Sendable {
        let id: UInt64
        /// 0: of a pool that no longer exists.
        let pool: UInt32
        let isReady: Bool
        let isDraining: Bool
        /// How long it has been ready.
        let age: Duration
    }

    struct Router: Equatable, Sendable {
        let id: UInt64
        let isDraining: Bool
        /// Workers that it has links to.
        let workers: Set<UInt64>
        /// Where it accepts.
        let endpoints: Set<Endpoint>
    }

    var workers: [Worker]
    /// They go on with what they have.
    var routers: [Router]
    /// Those whose sockets are the master's.
    var endpoints: Set<Endpoint>
    /// This program took over from an earlier version of itself, which ran what was found.
    var isUpgrade = false
}
