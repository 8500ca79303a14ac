import Testing
import Wire

@testable import Master

/// What becomes of an idle worker where `idleTimeoutAction` is `Suspend`.
@Suite struct PoolSuspensionTests {
    private func serving(_ life: PoolLife = PoolLife(), atOnce: Bool = false) -> PoolBench {
        var life = life
        life.idleTimeout = .seconds(1200)
        life.suspendsWhenIdle = true
        return PoolBench.serving(PoolBench.plan(life, atOnce: atOnce))
    }

    private func suspended(_ life: PoolLife = PoolLife(), atOnce: Bool = false) -> PoolBench {
        var bench = serving(life, atOnce: atOnce)
        bench.act(.workerIdle(1))
        bench.act(.workerUnlinked(1, router: 1, isQuiet: true))
        return bench
    }

    private let link = ControlMessage.linkReady(pool: 1, worker: 1)

    @Test func anIdleWorkerIsStoppedOnceTheRouterHasGivenBackItsLinks() {
        var bench = serving()
        let asked = bench.act(.workerIdle(1))
        #expect(asked.contains(.tellRouter(.unlink(worker: 1))) && !asked.contains(.suspendWorker(1)))
        let stopped = bench.act(.workerUnlinked(1, router: 1, isQuiet: true))
        #expect(stopped == [.record(.workerSuspended(1, pool: "pool")), .suspendWorker(1)])
        #expect(bench.pool.status.state == .started && bench.ids(.suspended) == [1])
    }

    @Test func theNextRequestLetsItRunAgainBeforeItGetsItsLink() throws {
        var bench = suspended()
        let actions = bench.act(.activationWanted(pool: 1))
        let resumed = try #require(actions.firstIndex(of: .resumeWorker(1)))
        let linked = try #require(actions.firstIndex(of: .tellRouter(link)))
        #expect(resumed < linked && actions.started.isEmpty && bench.ids(.ready) == [1])
        #expect(actions.reports == [.workerResumed(1, pool: "pool")])
    }

    @Test func aRequestThatComesBetweenKeepsTheWorker() {
        var bench = serving()
        bench.act(.workerIdle(1))
        let actions = bench.act(.workerUnlinked(1, router: 1, isQuiet: false))
        #expect(bench.ids(.ready) == [1] && !actions.contains(.suspendWorker(1)))
        // The router has its links still.
        #expect(!actions.contains(.tellRouter(link)) && !actions.contains(.tellOneRouter(1, link)))
    }

    @Test func aRequestThatWaitsForTheLinksToBeClosedGetsNewOnes() {
        var bench = serving()
        bench.act(.workerIdle(1))
        #expect(bench.act(.activationWanted(pool: 1)).isEmpty)
        let actions = bench.act(.workerUnlinked(1, router: 1, isQuiet: true))
        #expect(actions.contains(.tellOneRouter(1, link)) && !actions.contains(.suspendWorker(1)))
        #expect(bench.ids(.ready) == [1])
    }

    @Test func everyRouterIsWaitedForAndOneThatDiesIsNot() {
        var bench = serving()
        bench.routerCame(2)
        bench.act(.workerIdle(1))
        #expect(!bench.act(.workerUnlinked(1, router: 1, isQuiet: true)).contains(.suspendWorker(1)))
        #expect(bench.routerGone(2).contains(.suspendWorker(1)))
    }

    @Test func whereOneRouterKeepsItsLinksTheOtherGetsNewOnes() {
        var bench = serving()
        bench.routerCame(2)
        bench.act(.workerIdle(1))
        bench.act(.workerUnlinked(1, router: 1, isQuiet: true))
        let actions = bench.act(.workerUnlinked(1, router: 2, isQuiet: false))
        #expect(actions.contains(.tellOneRouter(1, link)) && !actions.contains(.tellOneRouter(2, link)))
    }

    @Test func aSuspendedWorkerIsNotAskedForASignOfLife() {
        var bench = suspended(PoolLife(ping: .init(interval: .seconds(30), responseTime: .seconds(90))))
        #expect(bench.pass(.seconds(3600)).isEmpty)
        bench.act(.activationWanted(pool: 1))
        #expect(bench.pass(.seconds(31)).contains { if case .pingWorker = $0 { true } else { false } })
    }

    @Test func aSuspendedWorkerThatIsToBeReplacedEndsAndNobodyFollows() {
        var bench = suspended()
        let actions = bench.act(.recycleRequested(pool: 1))
        #expect(actions.contains(.resumeWorker(1)) && actions.contains(.drainWorker(1)) && actions.started.isEmpty)
        #expect(bench.act(.activationWanted(pool: 1)).started == [2])
    }

    @Test func whereThePoolAlwaysRunsItsSuccessorStartsAtOnce() {
        var bench = suspended(atOnce: true)
        #expect(bench.act(.recycleRequested(pool: 1)).started == [2])
    }

    @Test func itsLifetimeGoesOnWhileItIsSuspended() {
        var bench = suspended(PoolLife(lifetime: .seconds(2000)))
        #expect(bench.pass(.seconds(2001)).contains(.drainWorker(1)))
    }

    @Test func aChangeReachesASuspendedWorkerBeforeItsNextRequest() throws {
        var bench = suspended()
        let plan = bench.pool.plan
        #expect(!bench.change(to: plan, .settings).contains(.configureWorker(1)))
        #expect(bench.pool.uninformed.isEmpty)
        let actions = bench.act(.activationWanted(pool: 1))
        let told = try #require(actions.firstIndex(of: .configureWorker(1)))
        let linked = try #require(actions.firstIndex(of: .tellRouter(link)))
        #expect(told < linked)
        bench.act(.workerIdle(1))
        bench.act(.workerUnlinked(1, router: 1, isQuiet: true))
        #expect(!bench.act(.activationWanted(pool: 1)).contains(.configureWorker(1)))
    }

    @Test func aWorkerThatReadsItsConfigurationIsNotSuspended() {
        var bench = serving()
        bench.act(.workerIdle(1))
        bench.change(to: bench.pool.plan, .settings)
        let actions = bench.act(.workerUnlinked(1, router: 1, isQuiet: true))
        #expect(actions.contains(.tellOneRouter(1, link)) && bench.ids(.ready) == [1])
        #expect(bench.act(.workerIdle(1)).isEmpty)
    }

    @Test func whereIdleWorkersEndFromNowOnASuspendedOneEnds() {
        var bench = suspended()
        let actions = bench.change(to: PoolBench.plan(PoolLife(idleTimeout: .seconds(1200))), .settings)
        #expect(actions.contains(.resumeWorker(1)) && actions.contains(.drainWorker(1)))
    }

    @Test func aSuspendedWorkerThatIsKilledIsACrashAndTheNextRequestStartsAnother() {
        var bench = suspended()
        let actions = bench.act(.workerEnded(1, PoolBench.crash))
        #expect(actions.reports == [.workerCrashed(1, pool: "pool", PoolBench.crash)] && actions.started.isEmpty)
        #expect(bench.act(.activationWanted(pool: 1)).started == [2])
    }

    @Test func aPoolThatIsStoppedEndsItsSuspendedWorker() throws {
        var bench = suspended()
        let actions = bench.act(.poolStopRequested(pool: 1))
        let resumed = try #require(actions.firstIndex(of: .resumeWorker(1)))
        let drained = try #require(actions.firstIndex(of: .drainWorker(1)))
        #expect(resumed < drained)
    }
}
