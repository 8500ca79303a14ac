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

    var workers: [Worker]
    /// Whether a router runs and goes on with what it has.
    var hasRouter: Bool
    /// Those that are open, in the master and where there is a router in it too.
    var endpoints: Set<Endpoint>
}
