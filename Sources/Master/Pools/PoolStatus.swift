/// How a pool is, for those who ask.
struct PoolStatus: Equatable, Sendable {
    enum State: String, Equatable, Sendable {
        /// With or without a worker: requests are taken.
        case started
        /// Its first worker is on its way.
        case starting
        /// Its last workers finish what they have.
        case stopping
        case stopped
        /// Rapid-fail protection stopped it, or its configuration is not valid.
        case offline
    }

    struct Worker: Equatable, Sendable {
        let id: UInt64
        let state: PoolWorker.State
    }

    let state: State
    let workers: [Worker]
}

/// How a site is, for those who ask.
enum SiteState: String, Equatable, Sendable {
    case started
    case stopped
    /// Its configuration is not valid: it answers 503.
    case quarantined
}
