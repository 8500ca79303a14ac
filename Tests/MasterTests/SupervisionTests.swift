import Events
import Testing
import Wire

@testable import Master

@Suite struct SupervisionTests {
    private let web = Endpoint(address: .any, port: 80)
    private let other = Endpoint(address: .any, port: 81)

    private func pool(
        _ id: UInt32, _ state: RouteTable.PoolState = .started, atOnce: Bool = false, overlaps: Bool = true,
        followsChanges: Bool = true
    ) -> HostingPlan.Pool {
        HostingPlan.Pool(
            id: id, name: "pool \(id)", state: state, startsAtOnce: atOnce, startupTimeLimit: .seconds(20),
            shutdownTimeLimit: .seconds(30), overlaps: overlaps, followsChanges: followsChanges,
            rapidFailProtection: .init(interval: .seconds(300), maximumCrashes: 5), environment: [])
    }

    private func plan(_ endpoints: [Endpoint], _ pools: HostingPlan.Pool...) -> HostingPlan {
        HostingPlan(
            routes: RouteTable(pools: pools.map { .init(id: $0.id, name: $0.name, queueLength: 10, state: $0.state) }),
            endpoints: endpoints, sites: Dictionary(uniqueKeysWithValues: endpoints.map { ($0, ["Site"]) }),
            poolTable: .init(Dictionary(uniqueKeysWithValues: pools.map { ($0.id, $0) })))
    }

    private func end(_ cause: ProcessEnd.Cause, goodbye: String? = nil) -> ProcessEnd {
        ProcessEnd(pid: 99, cause: cause, goodbye: goodbye)
    }

    private var crash: ProcessEnd { end(.signal(11)) }
    private var farewell: ProcessEnd { end(.status(0), goodbye: "drained") }

    /// A supervision whose router is ready, with the plan's endpoints open.
    private func running(_ plan: HostingPlan) -> Supervision {
        var supervision = Supervision()
        _ = supervision.act(.began(plan))
        for endpoint in plan.endpoints { _ = supervision.act(.opened(endpoint)) }
        _ = supervision.act(.routerReady(1))
        return supervision
    }

    /// The same, with worker 1 of pool 1 ready.
    private func serving(_ plan: HostingPlan) -> Supervision {
        var supervision = running(plan)
        _ = supervision.act(.activationWanted(pool: 1))
        _ = supervision.act(.workerReady(1))
        return supervision
    }

    // MARK: Start

    @Test func theRouterIsStartedWhenEveryEndpointHasBeenTried() {
        var supervision = Supervision()
        #expect(supervision.act(.began(plan([web, other]))) == [.open(web), .open(other)])
        #expect(
            supervision.act(.openingFailed(web, reason: "Address already in use")) == [
                .record(.endpointFailed(web, sites: ["Site"], reason: "Address already in use")),
                .start(.endpointRetry(web), after: .milliseconds(100)),
            ])
        #expect(
            supervision.act(.opened(other)) == [
                .record(.endpointOpened(other, sites: ["Site"])), .startRouter(1),
                .tellOneRouter(1, .routes(RouteTable())), .tellOneRouter(1, .listen(other)),
            ])
    }

    @Test func nothingIsServedWhereNoEndpointOpens() {
        var supervision = Supervision()
        _ = supervision.act(.began(plan([web])))
        let actions = supervision.act(.openingFailed(web, reason: "Permission denied"))
        #expect(actions.contains(.record(.endpointFailed(web, sites: ["Site"], reason: "Permission denied"))))
        #expect(
            actions.suffix(2) == [.record(.cannotStart(reason: "No endpoint could be opened.")), .end(1)])
    }

    @Test func aConfigurationWithoutSitesIsServedToo() {
        var supervision = Supervision()
        #expect(supervision.act(.began(plan([]))) == [.startRouter(1), .tellOneRouter(1, .routes(RouteTable()))])
    }

    @Test func readinessIsAnnouncedOnceTheRouterTakesConnections() {
        var supervision = Supervision()
        _ = supervision.act(.began(plan([web], pool(1), pool(2, atOnce: true), pool(3, .disabled, atOnce: true))))
        _ = supervision.act(.opened(web))
        #expect(
            supervision.act(.routerReady(1)) == [
                .record(.routerStarted), .record(.started(sites: 0, pools: 3)), .announce(.ready),
                .startWorker(1, pool: 2), .record(.workerStarted(1, pool: "pool 2")),
                .start(.workerStart(1), after: .seconds(20)),
            ])
    }

    @Test func aRouterThatNeverBecomesReadyEndsTheStart() {
        var supervision = Supervision()
        _ = supervision.act(.began(plan([])))
        let reason = "No such file or directory"
        let report = Action.record(.routerCannotStart(reason: reason))
        let failed = { Occurrence.routerCannotStart($0, reason: reason) }
        #expect(supervision.act(failed(1)) == [report, .start(.routerRestart, after: .milliseconds(100))])
        #expect(supervision.act(.expired(.routerRestart)).first == .startRouter(2))
        #expect(supervision.act(failed(2)) == [report, .start(.routerRestart, after: .milliseconds(200))])
        _ = supervision.act(.expired(.routerRestart))
        #expect(
            supervision.act(failed(3)).suffix(2)
                == [.record(.cannotStart(reason: "The router does not start.")), .end(1)])
    }

    @Test func anEndpointThatWasTakenIsOpenedWhenItBecomesFree() {
        var supervision = Supervision()
        _ = supervision.act(.began(plan([web, other])))
        _ = supervision.act(.openingFailed(web, reason: "Address already in use"))
        _ = supervision.act(.opened(other))
        _ = supervision.act(.routerReady(1))
        #expect(supervision.act(.expired(.endpointRetry(web))) == [.open(web)])
        // It is told once, however often it fails.
        #expect(
            supervision.act(.openingFailed(web, reason: "Address already in use")).first
                == .record(.endpointFailed(web, sites: ["Site"], reason: "Address already in use")))
        #expect(
            supervision.act(.openingFailed(web, reason: "Address already in use"))
                == [.start(.endpointRetry(web), after: .milliseconds(400))])
        #expect(
            supervision.act(.opened(web))
                == [.record(.endpointOpened(web, sites: ["Site"])), .tellRouter(.listen(web))])
    }

    // MARK: Workers

    @Test func theFirstRequestOfAPoolStartsItsWorkerOnce() {
        var supervision = running(plan([web], pool(1)))
        #expect(
            supervision.act(.activationWanted(pool: 1)) == [
                .startWorker(1, pool: 1), .record(.workerStarted(1, pool: "pool 1")),
                .start(.workerStart(1), after: .seconds(20)),
            ])
        #expect(supervision.act(.activationWanted(pool: 1)) == [])
        #expect(
            supervision.act(.workerReady(1)) == [
                .cancel(.workerStart(1)), .record(.workerReady(1, pool: "pool 1")),
                .tellRouter(.linkReady(pool: 1, worker: 1)),
            ])
        #expect(supervision.act(.activationWanted(pool: 1)) == [])
    }

    @Test func aPoolThatIsStoppedBrokenOrUnknownIsNotActivated() {
        var supervision = running(plan([web], pool(1, .disabled), pool(2, .offline)))
        for pool: UInt32 in [1, 2, 3] {
            #expect(supervision.act(.activationWanted(pool: pool)) == [.tellRouter(.activationFailed(pool: pool))])
        }
    }

    @Test func aCrashedWorkerIsReportedAndTheNextRequestStartsAnother() {
        var supervision = serving(plan([web], pool(1)))
        let actions = supervision.act(.workerEnded(1, crash))
        #expect(
            actions == [
                .record(.workerCrashed(1, pool: "pool 1", crash)), .tellRouter(.workerGone(worker: 1)),
                .tellRouter(.activationLapsed(pool: 1)),
            ])
        #expect(supervision.act(.activationWanted(pool: 1)).contains(.startWorker(2, pool: 1)))
    }

    @Test func whatWaitsForAWorkerThatDiesWhileStartingGetsAnother() {
        var supervision = running(plan([web], pool(1)))
        _ = supervision.act(.activationWanted(pool: 1))
        // What waits goes on waiting, and the router asks for another worker while it does.
        #expect(supervision.act(.workerEnded(1, crash)).last == .tellRouter(.activationLapsed(pool: 1)))
        _ = supervision.act(.activationWanted(pool: 1))
        let actions = supervision.act(.workerCannotStart(2, reason: "Permission denied"))
        #expect(actions.first == .record(.workerCannotStart(2, pool: "pool 1", reason: "Permission denied")))
        #expect(actions.last == .tellRouter(.activationLapsed(pool: 1)))
    }

    @Test func aWorkerThatDoesNotBecomeReadyInTimeIsKilled() {
        var supervision = running(plan([web], pool(1)))
        _ = supervision.act(.activationWanted(pool: 1))
        #expect(
            supervision.act(.expired(.workerStart(1))) == [
                .record(.workerStartedTooSlowly(1, pool: "pool 1")), .killWorker(1),
                .tellRouter(.activationLapsed(pool: 1)),
            ])
        // Its end is no crash.
        let after = supervision.act(.workerEnded(1, end(.signal(9))))
        var killed = end(.signal(9))
        killed.reason = .workerStartedTooSlowly
        #expect(after.first == .record(.workerKilled(1, pool: "pool 1", killed)))
        #expect(after.last == .tellRouter(.workerGone(worker: 1)))
        #expect(supervision.status(of: 1)?.workers.isEmpty == true)
    }

    @Test func aWorkerThatBreaksTheProtocolIsKilledAndReplacedOnDemand() {
        var supervision = serving(plan([web], pool(1)))
        #expect(
            supervision.act(.linkBroken(worker: 1, reason: "frame too long")) == [
                .record(.workerMisbehaved(1, pool: "pool 1", reason: "frame too long")), .killWorker(1),
                .tellRouter(.activationLapsed(pool: 1)),
            ])
        #expect(supervision.act(.activationWanted(pool: 1)).contains(.startWorker(2, pool: 1)))
        let actions = supervision.act(.workerEnded(1, end(.signal(9))))
        #expect(!actions.contains(.tellRouter(.activationFailed(pool: 1))))
    }

    @Test func aWorkerThatClosedItsLinkIsRetired() {
        var supervision = serving(plan([web], pool(1)))
        let actions = supervision.act(.linkBroken(worker: 1, reason: ""))
        #expect(actions.contains(.drainWorker(1)))
        #expect(actions.contains(.start(.workerEnd(1), after: .seconds(30))))
        #expect(supervision.act(.activationWanted(pool: 1)).contains(.startWorker(2, pool: 1)))
    }

    // MARK: Rapid-fail protection

    /// Lets the worker of pool 1 start and crash at `second`; answers what follows the crash.
    private func crash(_ supervision: inout Supervision, second: UInt64) -> [Action] {
        let now = second * 1_000_000_000
        let started = supervision.handle(.activationWanted(pool: 1), now: now)
        guard let worker = started.started.first else { return started }
        _ = supervision.handle(.workerReady(worker), now: now)
        return supervision.handle(.workerEnded(worker, crash), now: now)
    }

    private func isOffline(_ actions: [Action]) -> Bool {
        actions.contains(.record(.poolOffline(pool: "pool 1", crashes: 5)))
    }

    @Test func theFifthCrashWithinTheIntervalTakesThePoolOffline() {
        let plan = plan([web], pool(1))
        var supervision = running(plan)
        for second: UInt64 in [0, 50, 100, 299] { #expect(!isOffline(crash(&supervision, second: second))) }
        let actions = crash(&supervision, second: 299)
        #expect(isOffline(actions))
        #expect(actions.contains(.tellRouter(.poolState(pool: 1, .offline))))
        #expect(supervision.act(.activationWanted(pool: 1)) == [.tellRouter(.activationFailed(pool: 1))])
        // A change of another pool does not start it; one of its own does.
        #expect(!supervision.act(.reconfigured(plan, [:])).contains(.tellRouter(.poolState(pool: 1, .started))))
        let changed = supervision.act(.reconfigured(plan, [1: .settings]))
        #expect(changed.first == .tellRouter(.poolState(pool: 1, .started)))
        #expect(!isOffline(crash(&supervision, second: 299)))
    }

    @Test func crashesThatLieFurtherApartAreForgotten() {
        var supervision = running(plan([web], pool(1)))
        for second: UInt64 in [0, 50, 100, 150, 300, 350, 400] {
            #expect(!isOffline(crash(&supervision, second: second)))
        }
        #expect(isOffline(crash(&supervision, second: 420)))
    }

    // MARK: The router's death

    @Test func aNewRouterGetsTheKeptSocketsTheRoutesAndTheLinksOfWhatRuns() {
        let plan = plan([web, other], pool(1), pool(2))
        var supervision = serving(plan)
        _ = supervision.act(.activationWanted(pool: 2))
        #expect(
            supervision.act(.routerEnded(1, crash)) == [
                .record(.routerCrashed(crash)), .startRouter(2), .tellOneRouter(2, .routes(plan.routes)),
                .tellOneRouter(2, .listen(web)), .tellOneRouter(2, .listen(other)),
                .tellOneRouter(2, .linkReady(pool: 1, worker: 1)),
            ])
        #expect(supervision.act(.routerReady(2)) == [.record(.routerStarted)])
        #expect(supervision.act(.workerReady(2)).last == .tellRouter(.linkReady(pool: 2, worker: 2)))
    }

    @Test func aRouterThatDiesAgainAndAgainIsStartedLessAndLessOften() {
        var supervision = running(plan([web]))
        _ = supervision.act(.routerEnded(1, crash))
        for (number, delay) in [200, 400, 800, 1600, 3200, 5000, 5000].enumerated() {
            #expect(
                supervision.act(.routerEnded(UInt64(number + 2), crash)) == [
                    .record(.routerCrashed(crash)), .start(.routerRestart, after: .milliseconds(delay)),
                ])
            _ = supervision.act(.expired(.routerRestart))
        }
    }

    // MARK: What an earlier master left

    private func found(
        _ workers: [UInt64: UInt32], linked: Set<UInt64>, listening: Set<Endpoint>, isUpgrade: Bool = false
    ) -> Found {
        Found(
            workers: workers.sorted { $0.key < $1.key }.map {
                .init(id: $0.key, pool: $0.value, isReady: true, isDraining: false, age: .seconds(1))
            }, routers: [.init(id: 4, isDraining: false, workers: linked, endpoints: listening)],
            endpoints: [web], isUpgrade: isUpgrade)
    }

    @Test func whatRunsGoesOnAndLearnsThePlanBeforeTheStartIsTold() {
        let plan = plan([web], pool(1))
        var supervision = Supervision()
        #expect(supervision.act(.found(found([7: 1], linked: [7], listening: [web]))) == [])
        let begun = supervision.act(.began(plan))
        #expect(begun == [.configureWorker(7), .start(.publication, after: .seconds(2))])
        #expect(
            supervision.act(.workerReady(7)) == [
                .cancel(.publication), .tellRouter(.routes(plan.routes)), .record(.started(sites: 0, pools: 1)),
                .announce(.ready),
            ])
        // Numbers go on behind those that were found.
        _ = supervision.act(.workerEnded(7, crash))
        #expect(supervision.act(.activationWanted(pool: 1)).contains(.startWorker(8, pool: 1)))
        #expect(supervision.act(.routerEnded(4, crash)).contains(.startRouter(5)))
    }

    @Test func aRouterThatWasToldHalfIsToldTheRest() {
        var supervision = Supervision()
        _ = supervision.act(.found(found([7: 1], linked: [9], listening: [])))
        let begun = supervision.act(.began(plan([web], pool(1))))
        #expect(begun.contains(.tellOneRouter(4, .listen(web))))
        #expect(begun.contains(.tellOneRouter(4, .linkReady(pool: 1, worker: 7))))
        #expect(begun.contains(.tellOneRouter(4, .workerGone(worker: 9))))
    }

    @Test func anUpgradeReplacesTheRouterFirstAndThenThePools() {
        var supervision = Supervision()
        _ = supervision.act(.found(found([7: 1], linked: [7], listening: [web], isUpgrade: true)))
        _ = supervision.act(.began(plan([web], pool(1))))
        let started = supervision.act(.workerReady(7))
        #expect(started.contains(.startRouter(5)))
        #expect(started.contains(.tellOneRouter(5, .linkReady(pool: 1, worker: 7))))
        #expect(!started.contains(.startWorker(8, pool: 1)))
        let handedOver = supervision.act(.routerReady(5))
        #expect(handedOver.contains(.tellOneRouter(4, .handOver)))
        #expect(handedOver.contains(.startWorker(8, pool: 1)))
        let replaced = supervision.act(.workerReady(8))
        #expect(replaced.contains(.drainWorker(7)))
        #expect(replaced.last == .record(.upgradeFinished))
    }

    @Test func anUpgradeWhoseRouterDoesNotComeUpGoesOnWithTheOldOne() {
        var supervision = Supervision()
        _ = supervision.act(.found(found([7: 1], linked: [7], listening: [web], isUpgrade: true)))
        _ = supervision.act(.began(plan([web], pool(1))))
        _ = supervision.act(.workerReady(7))
        let failed = supervision.act(.routerEnded(5, crash))
        #expect(failed.contains(.record(.routerNotReplaced(reason: "it ended at once"))))
        #expect(!failed.contains(.tellOneRouter(4, .handOver)))
    }

    @Test func anUpgradeIsAskedForOnceAndChecksTheNewVersionFirst() {
        var supervision = serving(plan([web], pool(1)))
        #expect(supervision.act(.upgradeRequested) == [.checkNewVersion])
        guard case .record(.upgradeRefused)? = supervision.act(.upgradeRequested).first else {
            return #expect(Bool(false)) as Void
        }
        #expect(
            supervision.act(.newVersionChecked(problem: "it does not start"))
                == [.record(.upgradeRefused(reason: "it does not start"))])
        _ = supervision.act(.upgradeRequested)
        #expect(
            supervision.act(.newVersionChecked(problem: nil)) == [.record(.upgradeStarted), .becomeNewVersion])
    }

    // MARK: A changed configuration

    @Test func aChangeOpensClosesAndRoutesWhatDiffersAndNothingElse() {
        let third = Endpoint(address: .any, port: 82)
        var supervision = serving(plan([web, other], pool(1)))
        let next = plan([web, third], pool(1), pool(2))
        #expect(
            supervision.act(.reconfigured(next, [:])) == [
                .tellRouter(.routes(next.routes)), .tellRouter(.unlisten(other)), .close(other),
                .record(.endpointClosed(other)), .open(third), .record(.configurationApplied),
            ])
        #expect(supervision.act(.opened(third)).last == .tellRouter(.listen(third)))
    }

    @Test func anOutdatedWorkerServesUntilItsSuccessorIsReady() {
        let plan = plan([web], pool(1))
        var supervision = serving(plan)
        let change = supervision.act(.reconfigured(plan, [1: .process]))
        #expect(change.contains(.startWorker(2, pool: 1)))
        #expect(!change.contains(.drainWorker(1)))
        #expect(
            supervision.act(.workerReady(2)) == [
                .cancel(.workerStart(2)), .record(.workerReady(2, pool: "pool 1")),
                .tellRouter(.linkReady(pool: 1, worker: 2)), .tellRouter(.retire(worker: 1)), .drainWorker(1),
                .start(.workerEnd(1), after: .seconds(30)), .cancel(.publication),
                .tellRouter(.routes(plan.routes)), .record(.configurationApplied),
            ])
        var replaced = farewell
        replaced.reason = .recycledForConfiguration
        #expect(
            supervision.act(.workerEnded(1, farewell)).first == .record(.workerEnded(1, pool: "pool 1", replaced)))
        #expect(supervision.act(.activationWanted(pool: 1)) == [])
    }

    @Test func aSuccessorThatDoesNotComeUpLeavesTheOldWorkerInPlace() {
        let plan = plan([web], pool(1))
        var supervision = serving(plan)
        _ = supervision.act(.reconfigured(plan, [1: .process]))
        let actions = supervision.act(.workerEnded(2, crash))
        #expect(!actions.contains(.tellRouter(.activationFailed(pool: 1))))
        #expect(supervision.act(.activationWanted(pool: 1)) == [])
        #expect(supervision.state(ofWorker: 1) == .ready)
    }

    @Test func whereWorkersMayNotOverlapTheOldOneEndsFirst() {
        let plan = plan([web], pool(1, overlaps: false))
        var supervision = serving(plan)
        let actions = supervision.act(.reconfigured(plan, [1: .process]))
        #expect(actions.contains(.drainWorker(1)))
        #expect(!actions.contains(.startWorker(2, pool: 1)))
        #expect(!supervision.act(.activationWanted(pool: 1)).contains(.startWorker(2, pool: 1)))
        #expect(supervision.act(.workerEnded(1, farewell)).contains(.startWorker(2, pool: 1)))
    }

    @Test func routesChangeWhenTheWorkersThatServeOnKnowTheirNewSettings() {
        let plan = plan([web], pool(1), pool(2))
        var supervision = serving(plan)
        #expect(
            supervision.act(.reconfigured(plan, [1: .settings, 2: .settings])) == [
                .configureWorker(1), .start(.publication, after: .seconds(2)),
            ])
        #expect(
            supervision.act(.workerReady(1)) == [
                .cancel(.publication), .tellRouter(.routes(plan.routes)), .record(.configurationApplied),
            ])
    }

    @Test func aWorkerThatDoesNotAnswerOrEndsHoldsNoConfigurationUp() {
        let plan = plan([web], pool(1))
        for occurrence in [Occurrence.expired(.publication), .workerEnded(1, crash)] {
            var supervision = serving(plan)
            _ = supervision.act(.reconfigured(plan, [1: .settings]))
            #expect(supervision.act(occurrence).contains(.record(.configurationApplied)))
            #expect(!supervision.act(.workerReady(1)).contains(.record(.configurationApplied)))
        }
    }

    @Test func aPoolThatForbidsRotationOnChangesKeepsItsWorker() {
        let plan = plan([web], pool(1, followsChanges: false))
        var supervision = serving(plan)
        let actions = supervision.act(.reconfigured(plan, [1: .process]))
        #expect(actions == [.configureWorker(1), .start(.publication, after: .seconds(2))])
    }

    @Test func aWorkerThatStartsWithOldConfigurationIsReplacedWithoutFailingWhatWaits() {
        let plan = plan([web], pool(1))
        var supervision = running(plan)
        _ = supervision.act(.activationWanted(pool: 1))
        let actions = supervision.act(.reconfigured(plan, [1: .process]))
        #expect(actions.contains(.drainWorker(1)))
        #expect(actions.contains(.startWorker(2, pool: 1)))
        #expect(!actions.contains(.tellRouter(.activationFailed(pool: 1))))
    }

    @Test func theWorkerOfAPoolThatIsNoMoreOrStoppedIsRetired() {
        var supervision = serving(plan([web], pool(1)))
        #expect(supervision.act(.reconfigured(plan([web]), [:])).contains(.drainWorker(1)))
        supervision = serving(plan([web], pool(1)))
        #expect(
            supervision.act(.reconfigured(plan([web], pool(1, .disabled)), [:])).contains(.drainWorker(1)))
    }

    // MARK: The end

    @Test func atTheEndTheRouterFinishesFirstAndThenTheWorkers() {
        var supervision = serving(plan([web], pool(1)))
        #expect(
            supervision.act(.stopRequested) == [
                .announce(.stopping), .record(.stopping), .close(web), .cancel(.routerRestart),
                .tellOneRouter(1, .drain), .start(.routerEnd(1), after: .seconds(30)),
            ])
        #expect(supervision.act(.activationWanted(pool: 1)) == [.tellRouter(.activationFailed(pool: 1))])
        #expect(
            supervision.act(.routerEnded(1, farewell)) == [
                .cancel(.routerEnd(1)), .drainWorker(1), .start(.workerEnd(1), after: .seconds(30)),
            ])
        #expect(supervision.act(.workerEnded(1, farewell)).suffix(2) == [.record(.stopped), .end(0)])
    }

    @Test func aRouterOrWorkerThatDoesNotEndInTimeIsKilled() {
        var supervision = serving(plan([web], pool(1)))
        _ = supervision.act(.stopRequested)
        #expect(supervision.act(.expired(.routerEnd(1))).last == .killRouter(1))
        let killed = end(.signal(9))
        // That it was killed is told, and that it ended is no news.
        #expect(!supervision.act(.routerEnded(1, killed)).contains(.record(.routerCrashed(killed))))
        #expect(supervision.act(.expired(.workerEnd(1))).last == .killWorker(1))
        #expect(supervision.act(.workerEnded(1, killed)).last == .end(0))
    }

    @Test func theSecondRequestToStopKillsEverything() {
        var supervision = serving(plan([web], pool(1)))
        _ = supervision.act(.stopRequested)
        #expect(supervision.act(.stopRequested) == [.killRouter(1), .killWorker(1)])
        _ = supervision.act(.routerEnded(1, end(.signal(9))))
        #expect(supervision.act(.workerEnded(1, end(.signal(9)))).last == .end(0))
    }

    @Test func whatStopsBeforeAnythingRunsEndsAtOnce() {
        var supervision = running(plan([]))
        _ = supervision.act(.stopRequested)
        #expect(supervision.act(.routerEnded(1, farewell)).suffix(2) == [.record(.stopped), .end(0)])
    }
}

extension Supervision {
    /// At a moment that does not matter. What is kept for the next master is told by `StandingTests`.
    fileprivate mutating func act(_ occurrence: Occurrence) -> [Action] {
        handle(occurrence, now: 0).filter { $0 != .keepStanding }
    }
}
