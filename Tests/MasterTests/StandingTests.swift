import Testing
import Wire

@testable import Master

/// What a master leaves to the next one beside its roles.
@Suite struct StandingTests {
    private func failures(_ count: Int, limit: Int = 5) -> PoolFailures {
        var failures = PoolFailures()
        for index in 0..<count {
            _ = failures.add(
                at: UInt64(index + 1) * 1_000, readySince: nil,
                limit: .init(interval: .seconds(300), maximumCrashes: limit))
        }
        return failures
    }

    @Test func whatIsWrittenIsRead() throws {
        let standing = Standing(
            pools: [
                .init(name: "stopped one", isStartedByHand: false, failures: PoolFailures()),
                .init(name: " Größe  2", isStartedByHand: true, failures: failures(3)),
                .init(name: "failed", isStartedByHand: nil, failures: failures(30)),
            ], sites: [7: false, 9: true])
        let text = standing.text(machineRun: "abc")
        #expect(Standing(text, machineRun: "abc") == standing)
        #expect(text.hasPrefix("run abc\nsite 7 stopped\nsite 9 started\npool stopped online 0 0 - stopped one\n"))
    }

    @Test func anotherRunOfTheMachineLeavesNothing() {
        let standing = Standing(pools: [], sites: [7: false])
        #expect(Standing(standing.text(machineRun: "abc"), machineRun: "abd") == nil)
        #expect(Standing("", machineRun: "abc") == nil)
    }

    @Test func linesThatNoMasterWroteSayNothing() {
        let text = """
            run a
            site x stopped
            pool stopped online -1 0 - Main
            pool stopped online 0 0 1,x Main
            pool stopped
            nonsense

            """
        #expect(Standing(text, machineRun: "a") == Standing())
    }

    // MARK: What it means

    private let plan = PoolBench.plan()

    @Test func aPoolThatWasStoppedByHandStaysStopped() {
        var pool = PoolSupervision(plan, .init(name: "pool", isStartedByHand: false, failures: PoolFailures()))
        #expect(pool.state == .disabled)
        var decision = Decision()
        decision.isOpen = true
        decision.routers = [1]
        pool.handle(.activationWanted(pool: 1), &decision)
        #expect(decision.take() == [.tellRouter(.activationFailed(pool: 1))] && !decision.changesStanding)
        pool.handle(.poolStartRequested(pool: 1), &decision)
        #expect(pool.state == .started && decision.changesStanding && pool.standing == nil)
    }

    @Test func aPoolThatIsOfflineStaysOffline() {
        let pool = PoolSupervision(plan, .init(name: "pool", isStartedByHand: nil, failures: failures(5)))
        #expect(pool.state == .offline)
    }

    @Test func crashesBeforeTheDeathOfTheMasterCountAfterIt() {
        var decision = Decision()
        decision.isOpen = true
        decision.now = 1_000_000
        decision.routers = [1]
        var pool = PoolSupervision(plan, .init(name: "pool", isStartedByHand: nil, failures: failures(4)))
        pool.handle(.activationWanted(pool: 1), &decision)
        pool.handle(.workerEnded(1, PoolBench.crash), &decision)
        #expect(decision.take().reports.contains(.poolOffline(pool: "pool", crashes: 5)))
    }

    @Test func whatAdministratorsAndFailuresChangeIsKept() {
        var supervision = Supervision()
        var now: UInt64 = 1_000_000_000
        func act(_ occurrence: Occurrence) -> [Action] {
            now += 1_000
            return supervision.handle(occurrence, now: now)
        }
        let routes = RouteTable(
            pools: [.init(id: 1, name: "pool", queueLength: 10, state: .started)],
            sites: [.init(id: 7, name: "Site", bindings: [], applications: [.init(path: "/", pool: 1)])])
        let plan = HostingPlan(routes: routes, pools: [1: self.plan])
        _ = act(.remembered(Standing(pools: [], sites: [7: false])))
        _ = act(.began(plan))
        _ = act(.routerReady(1))
        #expect(supervision.state(ofSite: 7) == .stopped)
        let started = act(.siteStartRequested(id: 7))
        #expect(started.contains(.keepStanding) && supervision.standing.sites == [7: true])
        _ = act(.activationWanted(pool: 1))
        let crashed = act(.workerEnded(1, PoolBench.crash))
        #expect(crashed.contains(.keepStanding))
        #expect(supervision.standing.pools.map(\.name) == ["pool"])
        let stopped = act(.poolStopRequested(pool: 1))
        #expect(stopped.contains(.keepStanding) && supervision.standing.pools.map(\.isStartedByHand) == [false])
        let again = act(.poolStopRequested(pool: 1))
        #expect(!again.contains(.keepStanding))
    }

    @Test func aLaterSiteOfTheSameNumberIsNotStoppedForTheOneThatIsGone() {
        func plan(_ sites: [UInt32]) -> HostingPlan {
            HostingPlan(
                routes: RouteTable(
                    pools: [.init(id: 1, name: "pool", queueLength: 10, state: .started)],
                    sites: sites.map {
                        .init(id: $0, name: "Site \($0)", bindings: [], applications: [.init(path: "/", pool: 1)])
                    }), pools: [1: self.plan])
        }
        var supervision = Supervision()
        _ = supervision.handle(.began(plan([7, 8])), now: 1)
        _ = supervision.handle(.routerReady(1), now: 2)
        _ = supervision.handle(.siteStopRequested(id: 8), now: 3)
        #expect(supervision.state(ofSite: 8) == .stopped)
        let removed = supervision.handle(.reconfigured(plan([7]), [:]), now: 4)
        #expect(removed.contains(.keepStanding) && supervision.standing.sites.isEmpty)
        _ = supervision.handle(.reconfigured(plan([7, 8]), [:]), now: 5)
        #expect(supervision.state(ofSite: 8) == .started)
    }
}
