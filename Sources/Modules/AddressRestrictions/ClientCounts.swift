import Wire

/// What clients do now: how many requests of each are in work, and how many came in the running interval.
final class ClientCounts {
    /// A request in work, counted until it goes.
    final class Lease {
        private let counts: ClientCounts
        private let client: IPAddress
        /// What the access log shows where nobody is turned away.
        var loggedSubStatus: UInt16?

        fileprivate init(_ counts: ClientCounts, _ client: IPAddress) {
            self.counts = counts
            self.client = client
            counts.inWork[client, default: 0] += 1
        }

        deinit { counts.end(client) }
    }

    private struct Interval {
        var began: UInt64
        var requests = 0
    }

    /// So many clients are told apart within one or two intervals; those that come on top begin anew.
    private static let maximumClients = 16_384

    private let limits: ClientLimits
    /// Of clients that have any, so never more than there are requests.
    private var inWork: [IPAddress: Int] = [:]
    private var intervals: AgingTable<IPAddress, Interval>

    init(_ limits: ClientLimits) {
        self.limits = limits
        intervals = AgingTable(capacity: Self.maximumClients, period: limits.interval)
    }

    /// Counts a request; answers which limit it exceeds. It counts as in work while the lease is held.
    func begin(_ client: IPAddress, now: UInt64) -> (lease: Lease, excess: DenyAction.Reason?) {
        let lease = Lease(self, client)
        if let maximum = limits.maximumConcurrent, inWork[client, default: 0] > maximum {
            return (lease, .concurrentRequests)
        }
        guard let maximum = limits.maximumRate else { return (lease, nil) }
        let requests = intervals.update(client, now: now, default: Interval(began: now)) { interval in
            if now - interval.began >= limits.interval { interval = Interval(began: now) }
            interval.requests += 1
            return interval.requests
        }
        return (lease, requests > maximum ? .requestRate : nil)
    }

    private func end(_ client: IPAddress) {
        let left = inWork[client, default: 1] - 1
        inWork[client] = left > 0 ? left : nil
    }
}
