import Testing
import Wire

@testable import Master

@Suite("Supervision of pools that may not run")
struct SupervisionLimitTests {
    private func serving() -> Supervision {
        let pool = HostingPlan.Pool(
            id: 1, name: "pool", state: .started, startsAtOnce: false, startupTimeLimit: .seconds(20),
            shutdownTimeLimit: .seconds(30), overlaps: true, followsChanges: true, rapidFailProtection: nil,
            environment: [])
        let plan = HostingPlan(
            routes: RouteTable(pools: [.init(id: 1, name: "pool", queueLength: 10, state: .started)]), endpoints: [],
            sites: [:], pools: [1: pool])
        var supervision = Supervision()
        for occurrence in [Occurrence.began(plan), .routerReady, .activationWanted(pool: 1)] {
            _ = supervision.handle(occurrence, now: 0)
        }
        return supervision
    }

    private func states(_ actions: [Action]) -> [RouteTable.PoolState] {
        actions.compactMap { if case .tellRouter(.routes(let table)) = $0 { table.pools.first?.state } else { nil } }
    }

    @Test func aPoolWithoutAUserIsOfflineUntilTheConfigurationIsReadAgain() {
        var supervision = serving()
        let actions = supervision.handle(.poolUnusable(1, reason: "no user"), now: 0)
        #expect(actions.first == .record(.poolUnusable(pool: "pool", reason: "no user")))
        #expect(states(actions) == [.offline])
        #expect(supervision.handle(.activationWanted(pool: 1), now: 0) == [.tellRouter(.activationFailed(pool: 1))])
        #expect(supervision.workers.isEmpty)
    }

    @Test func aPoolThatTookTooMuchTimeRestsUntilItsIntervalEnds() {
        var supervision = serving()
        _ = supervision.handle(.workerReady(1), now: 0)
        let actions = supervision.handle(.cpuLimitReached(pool: 1, rest: .seconds(60)), now: 0)
        #expect(actions.contains(.killWorker(1)))
        #expect(actions.contains(.start(.poolRest(1), after: .seconds(60))))
        #expect(states(actions) == [.offline])
        #expect(supervision.handle(.activationWanted(pool: 1), now: 0) == [.tellRouter(.activationFailed(pool: 1))])
        #expect(states(supervision.handle(.expired(.poolRest(1)), now: 0)) == [.started])
    }

    @Test func withoutARestItStartsAnewAtOnce() {
        var supervision = serving()
        _ = supervision.handle(.workerReady(1), now: 0)
        let actions = supervision.handle(.cpuLimitReached(pool: 1, rest: .zero), now: 0)
        #expect(actions.contains(.killWorker(1)) && states(actions).isEmpty)
        #expect(supervision.handle(.activationWanted(pool: 1), now: 0).contains(.startWorker(2, pool: 1)))
    }
}
