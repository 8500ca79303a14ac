import Testing
import Wire

@testable import Master

/// A plan that shares its pools with the one before leads to what one that shares nothing leads to.
@Suite struct SharedPlanTests {
    private func pool(_ id: UInt32) -> HostingPlan.Pool {
        HostingPlan.Pool(
            id: id, name: "pool \(id)", state: Bool.random() ? .started : .disabled, startsAtOnce: Bool.random(),
            startupTimeLimit: .seconds(20), shutdownTimeLimit: .seconds(30), overlaps: Bool.random(),
            followsChanges: Bool.random(), rapidFailProtection: .init(interval: .seconds(300), maximumCrashes: 2),
            environment: [])
    }

    private func plan(_ table: HostingPlan.PoolTable, name: String) -> HostingPlan {
        let pools = table.pools.values.sorted { $0.id < $1.id }
        let site = RouteTable.Site(id: 1, name: name, bindings: [.init(port: 80)], applications: [])
        return HostingPlan(
            routes: RouteTable(
                pools: pools.map { .init(id: $0.id, name: $0.name, queueLength: 10, state: $0.state) }, sites: [site]),
            poolTable: table)
    }

    private func change() -> [UInt32: PoolChange] {
        var changes: [UInt32: PoolChange] = [:]
        for id in 1...4 as ClosedRange<UInt32> where Int.random(in: 0..<4) == 0 {
            changes[id] = Bool.random() ? .settings : .process
        }
        return changes
    }

    @Test func sharingPoolsChangesNothingOfWhatIsDone() {
        for _ in 0..<40 {
            var table = HostingPlan.PoolTable([1: pool(1), 2: pool(2)])
            var (sharing, other) = (Supervision(), Supervision())
            var now: UInt64 = 0
            func act(_ one: Occurrence, _ two: Occurrence) -> [Action] {
                now += 1_000_000_000
                let actions = sharing.handle(one, now: now)
                #expect(other.handle(two, now: now) == actions)
                return actions
            }
            let first = plan(table, name: "0")
            var known = act(.began(first), .began(first))
            for endpoint in first.endpoints { known += act(.opened(endpoint), .opened(endpoint)) }
            known += act(.routerReady(1), .routerReady(1))
            var workers: [UInt64] = []
            for step in 0..<60 {
                for case .startWorker(let id, _) in known { workers.append(id) }
                let worker = workers.randomElement() ?? 1
                let occurrence: Occurrence
                switch Int.random(in: 0..<9) {
                case 0: occurrence = .activationWanted(pool: UInt32.random(in: 1...4))
                case 1...3: occurrence = .workerReady(worker)
                case 4:
                    occurrence = .workerEnded(
                        worker, ProcessEnd(pid: 9, cause: .signal(11), goodbye: Bool.random() ? "drained" : nil))
                case 5: occurrence = .poolStopRequested(pool: UInt32.random(in: 1...4))
                case 6: occurrence = .expired(.publication)
                default:
                    if Int.random(in: 0..<3) == 0 {
                        var pools = table.pools
                        let id = UInt32.random(in: 1...4)
                        pools[id] = Bool.random() ? pool(id) : nil
                        table = HostingPlan.PoolTable(pools)
                    }
                    let changes = change()
                    known = act(
                        .reconfigured(plan(table, name: "\(step)"), changes),
                        .reconfigured(plan(HostingPlan.PoolTable(table.pools), name: "\(step)"), changes))
                    continue
                }
                known = act(occurrence, occurrence)
            }
        }
    }
}
