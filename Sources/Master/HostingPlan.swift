import HostModel
import Wire

/// What the processes have to know of one configuration version: the router's routes, the endpoints to listen at, and
/// what supervision needs of each pool.
struct HostingPlan: Equatable, Sendable {
    /// What supervision needs of a pool.
    struct Pool: Equatable, Sendable {
        let id: UInt32
        let name: String
        let state: RouteTable.PoolState
        /// Started without waiting for a request (`startMode`).
        let startsAtOnce: Bool
        let startupTimeLimit: Duration
        let shutdownTimeLimit: Duration
        /// Whether a new worker may run beside the one it replaces.
        let overlaps: Bool
        /// Whether a change of configuration replaces the worker.
        let followsChanges: Bool
        /// So many crashes within the interval take the pool offline; nil where rapid-fail protection is off.
        let rapidFailProtection: RapidFailProtection?
        let environment: [ApplicationPool.Variable]
        var process = ProcessSettings.standard
    }

    struct RapidFailProtection: Equatable, Sendable {
        let interval: Duration
        let maximumCrashes: Int
    }

    var routes: RouteTable
    /// In the order of port and address.
    let endpoints: [Endpoint]
    /// The names of the sites that are reached through an endpoint.
    let sites: [Endpoint: [String]]
    let pools: [UInt32: Pool]

    static let empty = HostingPlan(routes: RouteTable(), endpoints: [], sites: [:], pools: [:])
}

/// Gives each pool a number that stays its own as long as the master lives, whatever versions come and go.
struct PoolNumbers {
    /// Of applications whose pool is missing or whose own settings are wrong: a pool that is never started.
    static let none: UInt32 = 0

    private var numbers: [String: UInt32] = [:]

    mutating func number(of name: String) -> UInt32 {
        let key = name.lowercased()
        if let number = numbers[key] { return number }
        let number = UInt32(numbers.count + 1)
        numbers[key] = number
        return number
    }
}
