import Events
import HostModel
import Platform
import Wire

/// What earlier masters left to this one: roles that run, sockets that are open, and the numbers that pools have.
struct Inheritance {
    let roles: [Adoption.Role]
    let leaving: [RoleProcess]
    let sockets: [Endpoint: ListeningSocket]
    private let isUpgrade: Bool
    private let routerSockets: [UInt64: Set<Endpoint>]

    /// - Parameters:
    ///   - sockets: those that were kept open for this program; the routers' come back with them.
    ///   - isUpgrade: this program took over from an earlier version of itself.
    init(_ adopted: Adoption.Result, sockets: [Endpoint: ListeningSocket], isUpgrade: Bool) {
        roles = adopted.adopted
        leaving = adopted.leaving
        self.isUpgrade = isUpgrade
        var sockets = sockets
        var routerSockets: [UInt64: Set<Endpoint>] = [:]
        for role in roles {
            guard case .router(let id) = role.kind else { continue }
            let held = role.process.takeSockets()
            routerSockets[id] = Set(held.keys)
            sockets.merge(held) { kept, _ in kept }
        }
        self.sockets = sockets
        self.routerSockets = routerSockets
    }

    var isEmpty: Bool { roles.isEmpty && sockets.isEmpty && !isUpgrade }

    /// The numbers that the pools have in the routers, and then those of the registry.
    var numbers: PoolNumbers {
        var given: [(name: String, number: UInt32)] = []
        for role in roles {
            if case .router(let report) = role.report { given += report.pools.map { ($0.name, $0.id) } }
        }
        for role in roles {
            if case .worker(_, let pool, let name, _) = role.kind { given.append((name, pool)) }
        }
        return PoolNumbers(given: given)
    }

    /// For supervision.
    func found(numbers: inout PoolNumbers) -> Found {
        var found = Found(workers: [], routers: [], endpoints: Set(sockets.keys), isUpgrade: isUpgrade)
        for role in roles {
            switch (role.kind, role.report) {
            case (.worker(let id, _, let name, _), .worker(let report)):
                found.workers.append(
                    .init(
                        id: id, pool: numbers.number(of: name), isReady: report.isReady,
                        isDraining: report.isDraining, age: .nanoseconds(role.age)))
            case (.router(let id), .router(let report)):
                found.routers.append(
                    .init(
                        id: id, isDraining: report.isDraining, workers: Set(report.workers),
                        endpoints: routerSockets[id] ?? []))
            case (.worker, .router), (.router, .worker): break
            }
        }
        return found
    }

    /// The names of pools with workers that were started with other settings than the model has now.
    func outdated(in model: HostModel) -> [String] {
        let pools = model.poolsByName()
        return roles.compactMap { role in
            guard case .worker(_, _, let name, let settings) = role.kind,
                let now = pools[name.lowercased()]?.processFingerprint, now != settings
            else { return nil }
            return name
        }
    }

    /// What to say of it.
    var events: [Event] {
        var routers: [Int32] = []
        var workers: [Int32] = []
        for role in roles {
            if case .router = role.kind {
                routers.append(role.process.process.pid)
            } else {
                workers.append(role.process.process.pid)
            }
        }
        return AdoptedRoles(routers: routers, workers: workers).events
    }
}

/// The processes of roles that a master goes on with, as it tells of them.
struct AdoptedRoles {
    /// So many process ids, of seven digits at most, are no longer than a text that is written whole.
    static let workersPerEvent = 400

    let routers: [Int32]
    let workers: [Int32]

    /// One, or as many as bear the process ids of all workers.
    var events: [Event] {
        let router = routers.isEmpty ? "no router" : "the router"
        let text = "The master adopted \(workers.count == 1 ? "1 worker" : "\(workers.count) workers") and \(router)."
        var rest = workers.sorted()[...]
        var events: [Event] = []
        repeat {
            let part = rest.prefix(Self.workersPerEvent)
            rest = rest.dropFirst(Self.workersPerEvent)
            events.append(
                Event(
                    .rolesAdopted, text,
                    routers.map { .init("router", $0) }
                        + [.init("workers", part.map(String.init).joined(separator: " "))]))
        } while !rest.isEmpty
        return events
    }
}
