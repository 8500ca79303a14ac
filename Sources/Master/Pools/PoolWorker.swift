import Events

/// A worker process as its pool's machine knows it.
struct PoolWorker: Equatable, Sendable {
    enum State: Equatable, Sendable {
        case starting
        case ready
        /// Is idle: the routers are giving back their links, so that it can be suspended.
        case suspending
        /// Its process is stopped, and has no links.
        case suspended
        /// Gets no new request and is to end.
        case draining
        /// Was killed; its end is no news.
        case killed
    }

    let id: UInt64
    var state: State
    /// Whom it takes over from once it is ready.
    var predecessor: UInt64?
    /// Why it is to be replaced; nil while it is not.
    var recycling: RecycleReason?
    /// Why it is to end, as the event that tells of that, told or not; nil while it is not to.
    var reason: EventKind?
    /// When it became ready, in nanoseconds.
    var readyAt: UInt64?
    /// Why it was to be replaced when the last successor did not come up; that is tried again after some time.
    var postponed: RecycleReason?
    /// The number in the ping that is not answered yet.
    var ping: UInt64?
    /// What a worker that is suspending waits for.
    var returning = LinkReturn()
    /// There was a change while it was suspended.
    var isOutdated = false
    /// What runs and is to be cancelled when the worker leaves the state that it was started in.
    var timers: Set<Deadline> = []

    /// Whether it takes requests or is about to.
    var isCurrent: Bool { state == .starting || isStanding }

    /// Whether it has started and is not to end: it takes requests, or can at once.
    var isStanding: Bool { state == .ready || state == .suspending || state == .suspended }
}
