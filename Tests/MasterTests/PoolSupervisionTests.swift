import Testing
import Wire

@testable import Master

@Suite struct PoolSupervisionTests {
    private func serving(_ life: PoolLife = PoolLife(), overlaps: Bool = true) -> PoolBench {
        .serving(PoolBench.plan(life, overlaps: overlaps))
    }

    // MARK: Triggers

    @Test func aWorkerThatHasLivedItsTimeIsReplaced() {
        var bench = serving(PoolLife(lifetime: .seconds(104_400)))
        #expect(bench.pass(.seconds(104_399)).started.isEmpty)
        let actions = bench.pass(.seconds(1))
        #expect(actions.reports.first == .workerRecycled(1, pool: "pool", .time))
        #expect(actions.started == [2] && bench.ids(.ready) == [1])
        #expect(bench.act(.workerReady(2)).contains(.tellRouter(.retire(worker: 1))))
        #expect(bench.ids(.ready) == [2] && bench.ids(.draining) == [1])
        // The successor's time begins with it.
        bench.act(.workerEnded(1, PoolBench.farewell))
        #expect(bench.pass(.seconds(104_399)).started.isEmpty)
        #expect(bench.pass(.seconds(1)).started == [3])
    }

    @Test func aWorkerThatHasServedItsRequestsIsReplacedOnce() {
        var bench = serving(PoolLife(requestLimit: 100))
        let actions = bench.act(.workerReachedRequestLimit(1))
        #expect(actions.reports.first == .workerRecycled(1, pool: "pool", .requests) && actions.started == [2])
        #expect(bench.act(.workerReachedRequestLimit(1)) == [])
    }

    @Test func aWorkerWhoseApplicationsAskForAnotherProcessIsReplacedOnceAndServesUntilThen() {
        var bench = serving()
        let actions = bench.act(.workerWantsRecycling(1))
        #expect(actions.reports.first == .workerRecycled(1, pool: "pool", .configuration) && actions.started == [2])
        #expect(bench.act(.workerWantsRecycling(1)) == [])
    }

    @Test func aScheduledTimeOfDayReplacesTheWorker() {
        var bench = PoolBench(PoolBench.plan(PoolLife(schedule: [.seconds(3 * 3600)])))
        bench.localClock = 1_764_288_000
        bench.act(.activationWanted(pool: 1))
        bench.act(.workerReady(1))
        #expect(bench.pass(.seconds(3 * 3600 - 61)).started.isEmpty)
        let actions = bench.pass(.seconds(120))
        #expect(actions.started == [2] && actions.reports.contains(.workerRecycled(1, pool: "pool", .schedule)))
        bench.act(.workerReady(2))
        bench.act(.workerEnded(1, PoolBench.farewell))
        #expect(bench.pass(.seconds(86_400 - 300)).started.isEmpty)
        #expect(bench.pass(.seconds(300)).started == [3])
    }

    @Test func aWorkerThatUsesTooMuchMemoryIsReplaced() {
        var bench = serving(PoolLife(memoryLimit: 1000, privateMemoryLimit: 500))
        bench.samples[1] = WorkerSample(resident: 1000, privateBytes: 500)
        #expect(bench.pass(.seconds(100)).started.isEmpty)
        bench.samples[1] = WorkerSample(resident: 1001, privateBytes: 0)
        #expect(bench.pass(.seconds(15)).reports.first == .workerRecycled(1, pool: "pool", .memory))
        bench.act(.workerReady(2))
        bench.samples[2] = WorkerSample(resident: 0, privateBytes: 501)
        #expect(bench.pass(.seconds(15)).reports.first == .workerRecycled(2, pool: "pool", .privateMemory))
    }

    @Test func onlyPoolsWithLimitsAreLookedAt() {
        var bench = serving()
        let actions = bench.pass(.seconds(1000))
        #expect(actions.isEmpty)
    }

    @Test func anAdministratorReplacesEveryWorkerAndNothingWhereThereIsNone() {
        var bench = PoolBench(PoolBench.plan())
        #expect(bench.act(.recycleRequested(pool: 1)) == [])
        bench = serving()
        let actions = bench.act(.recycleRequested(pool: 1))
        #expect(actions.reports.first == .workerRecycled(1, pool: "pool", .onDemand) && actions.started == [2])
    }

    @Test func onlyWhatTheFlagsNameIsReported() {
        var bench = serving(PoolLife(requestLimit: 1, loggedReasons: RecycleReason.time.rawValue))
        let actions = bench.act(.workerReachedRequestLimit(1))
        #expect(actions.started == [2] && actions.reports == [.workerStarted(2, pool: "pool")])
    }

    @Test func twoTriggersAtOnceMakeOneSuccessor() {
        var bench = serving(PoolLife(requestLimit: 1))
        bench.act(.recycleRequested(pool: 1))
        #expect(bench.act(.workerReachedRequestLimit(1)) == [])
        #expect(bench.act(.recycleRequested(pool: 1)) == [])
        #expect(bench.ids(.starting) == [2])
    }

    @Test func aPoolThatTookTooMuchProcessorTimeRunsAgainWhenItsRestIsOver() {
        var bench = serving(PoolLife())
        let actions = bench.act(.cpuLimitReached(pool: 1, rest: .seconds(60)))
        #expect(actions.contains(.killWorker(1)))
        #expect(actions.contains(.tellRouter(.poolState(pool: 1, .offline))))
        #expect(!bench.act(.workerEnded(1, PoolBench.end(.signal(9)))).reports.contains { $0.isCrash })
        #expect(bench.act(.activationWanted(pool: 1)).started == [])
        #expect(bench.pass(.seconds(61)).contains(.tellRouter(.poolState(pool: 1, .started))))
        #expect(bench.act(.activationWanted(pool: 1)).started == [2])
    }

    @Test func aPoolWhoseSettingsLeaveItWithoutAUserIsOfflineUntilTheyChange() {
        var bench = serving(PoolLife(requestLimit: 1))
        bench.act(.workerReachedRequestLimit(1))
        let actions = bench.act(.poolUnusable(2, reason: "no such user"))
        #expect(actions.contains(.record(.poolUnusable(2, pool: "pool", reason: "no such user"))))
        #expect(actions.contains(.tellRouter(.poolState(pool: 1, .offline))))
        #expect(bench.act(.poolStartRequested(pool: 1)).contains(.tellRouter(.poolState(pool: 1, .started))))
    }

    // MARK: Recycling gone wrong

    @Test func aSuccessorThatDiesLeavesTheOldWorkerAndIsTriedAgainLater() {
        var bench = serving(PoolLife(requestLimit: 1))
        bench.act(.workerReachedRequestLimit(1))
        let actions = bench.act(.workerEnded(2, PoolBench.crash))
        #expect(actions.reports.contains(.workerKept(1, pool: "pool")))
        #expect(bench.ids(.ready) == [1] && bench.ids(.starting).isEmpty)
        // The trigger itself does not try again at once.
        #expect(bench.act(.workerReachedRequestLimit(1)) == [])
        #expect(bench.pass(.seconds(300)).started == [3])
        bench.act(.workerReady(3))
        #expect(bench.ids(.ready) == [3] && bench.ids(.draining) == [1])
    }

    @Test func successorsThatFailTakeNoPoolOfflineWhosePredecessorServes() {
        var bench = serving()
        for _ in 0..<10 {
            let successor = bench.act(.recycleRequested(pool: 1)).started
            guard let successor = successor.first else { break }
            bench.act(.workerEnded(successor, PoolBench.crash))
        }
        #expect(bench.pool.status.state == .started && bench.ids(.ready) == [1])
    }

    @Test func theOldWorkerMayDieWhileItsSuccessorStarts() {
        var bench = serving()
        bench.act(.recycleRequested(pool: 1))
        #expect(bench.act(.workerEnded(1, PoolBench.crash)).started.isEmpty)
        #expect(bench.act(.activationWanted(pool: 1)).started.isEmpty)
        #expect(bench.act(.workerReady(2)).contains(.tellRouter(.linkReady(pool: 1, worker: 2))))
        #expect(bench.pool.status == PoolStatus(state: .started, workers: [.init(id: 2, state: .ready)]))
    }

    @Test func bothMayDieAndWhoWaitsGetsAnother() {
        var bench = serving()
        bench.act(.recycleRequested(pool: 1))
        bench.act(.workerEnded(1, PoolBench.crash))
        bench.act(.activationWanted(pool: 1))
        #expect(bench.act(.workerEnded(2, PoolBench.crash)).contains(.tellRouter(.activationLapsed(pool: 1))))
        #expect(bench.act(.activationWanted(pool: 1)).started == [3])
    }

    @Test func aSuccessorThatStartsTooSlowlyIsKilledAndTheOldOneGoesOn() {
        var bench = serving()
        bench.act(.recycleRequested(pool: 1))
        let actions = bench.pass(.seconds(90))
        #expect(actions.contains(.killWorker(2)) && actions.reports.contains(.workerKept(1, pool: "pool")))
        #expect(bench.ids(.ready) == [1])
    }

    @Test func aPoolThatIsStoppedWhileItRecyclesEndsBoth() {
        var bench = serving()
        bench.act(.recycleRequested(pool: 1))
        let actions = bench.act(.poolStopRequested(pool: 1))
        #expect(actions.contains(.tellRouter(.poolState(pool: 1, .disabled))))
        #expect(bench.ids(.draining) == [1, 2] && bench.pool.status.state == .stopping)
        // One that becomes ready all the same is none of the pool's.
        #expect(bench.act(.workerReady(2)) == [])
        bench.act(.workerEnded(1, PoolBench.farewell))
        bench.act(.workerEnded(2, PoolBench.farewell))
        #expect(bench.pool.status == PoolStatus(state: .stopped, workers: []) && bench.timers.isEmpty)
    }

    @Test func aChangeWhileItRecyclesReplacesTheSuccessorAndKeepsTheOldWorkerServing() {
        var bench = serving()
        bench.act(.recycleRequested(pool: 1))
        let actions = bench.change(to: PoolBench.plan(PoolLife(requestLimit: 7)), .process)
        #expect(actions.started == [3] && bench.ids(.draining) == [2] && bench.ids(.ready) == [1])
        bench.act(.workerReady(3))
        #expect(bench.ids(.ready) == [3] && bench.ids(.draining) == [1, 2])
    }

    @Test func aWorkerWhoseSuccessorFailsLearnsTheNewSettings() {
        var bench = serving()
        bench.change(to: PoolBench.plan(), .process)
        #expect(bench.pool.uninformed == [2])
        #expect(bench.act(.workerEnded(2, PoolBench.crash)).contains(.configureWorker(1)))
        #expect(bench.pool.uninformed.isEmpty)
    }

    @Test func aWorkerThatDoesNotEndInTimeIsKilledWithoutACrash() {
        var bench = serving()
        bench.act(.recycleRequested(pool: 1))
        bench.act(.workerReady(2))
        let actions = bench.pass(.seconds(60))
        #expect(actions.contains(.killWorker(1)) && actions.reports == [.workerEndedTooSlowly(1, pool: "pool")])
        #expect(!bench.act(.workerEnded(1, PoolBench.end(.signal(9)))).reports.contains { $0.isCrash })
    }

    // MARK: Without overlap

    @Test func whereWorkersMayNotOverlapTheNextOneStartsWhenTheOldOneHasEnded() {
        var bench = serving(overlaps: false)
        #expect(bench.act(.recycleRequested(pool: 1)).contains(.drainWorker(1)))
        // Requests that come meanwhile wait for it.
        #expect(bench.act(.activationWanted(pool: 1)).started.isEmpty)
        #expect(bench.act(.workerEnded(1, PoolBench.farewell)).started == [2])
    }

    @Test func whereWorkersMayNotOverlapAPoolThatAlwaysRunsIsStartedAgainByItself() {
        var bench = PoolBench(PoolBench.plan(atOnce: true, overlaps: false))
        bench.act(.workerReady(1))
        #expect(bench.act(.recycleRequested(pool: 1)).started.isEmpty)
        #expect(bench.act(.workerEnded(1, PoolBench.farewell)).started == [2])
    }

    // MARK: Web gardens

    private func garden(_ life: PoolLife = PoolLife(maximumProcesses: 3), overlaps: Bool = true) -> PoolBench {
        var bench = serving(life, overlaps: overlaps)
        for worker: UInt64 in 2...3 {
            #expect(bench.ids(.starting) == [worker])
            bench.act(.workerReady(worker))
        }
        #expect(bench.ids(.starting).isEmpty && bench.ids(.ready) == [1, 2, 3])
        return bench
    }

    @Test func aGardenIsRecycledOneByOne() {
        var bench = garden()
        #expect(bench.act(.recycleRequested(pool: 1)).started == [4])
        #expect(bench.act(.workerReady(4)).started == [5] && bench.ids(.ready) == [2, 3, 4])
        bench.act(.workerReady(5))
        #expect(bench.act(.workerReady(6)).started.isEmpty)
        #expect(bench.ids(.ready) == [4, 5, 6] && bench.ids(.draining) == [1, 2, 3])
    }

    @Test func aGardenWithoutOverlapLosesOneWorkerAtATime() {
        var bench = garden(overlaps: false)
        bench.act(.recycleRequested(pool: 1))
        #expect(bench.ids(.draining) == [1] && bench.ids(.ready) == [2, 3])
        #expect(bench.act(.workerEnded(1, PoolBench.farewell)).contains(.drainWorker(2)))
    }

    @Test func aGardenGrowsBackAfterACrashButNotAfterIdleness() {
        var bench = garden(PoolLife(maximumProcesses: 3, idleTimeout: .seconds(60)))
        #expect(bench.act(.workerEnded(2, PoolBench.crash)).started == [4])
        bench.act(.workerReady(4))
        #expect(bench.act(.workerIdle(4)).contains(.drainWorker(4)))
        bench.act(.workerEnded(4, PoolBench.farewell))
        #expect(bench.ids(.ready) == [1, 3] && bench.ids(.starting).isEmpty)
    }

    @Test func aGardenThatShrinksEndsWhatIsTooMuch() {
        var bench = garden()
        bench.change(to: PoolBench.plan(), .settings)
        #expect(bench.ids(.ready) == [3] && bench.ids(.draining) == [1, 2])
    }

    // MARK: Idleness

    @Test func anIdleWorkerEndsAndTheNextRequestStartsAnother() {
        var bench = serving(PoolLife(idleTimeout: .seconds(1200)))
        let actions = bench.act(.workerIdle(1))
        #expect(actions.reports == [.workerIdle(1, pool: "pool")])
        #expect(actions.contains(.tellRouter(.retire(worker: 1))))
        #expect(bench.act(.activationWanted(pool: 1)).started == [2])
    }

    @Test func idlenessIsOnlyReportedWhereItIsToBe() {
        var bench = serving(PoolLife(idleTimeout: .seconds(1200), logsIdleTimeout: false))
        #expect(bench.act(.workerIdle(1)).reports.isEmpty)
    }

    @Test func aPoolThatAlwaysRunsHasItsWorkerBackAtOnce() {
        var bench = PoolBench(PoolBench.plan(PoolLife(idleTimeout: .seconds(1200)), atOnce: true))
        bench.act(.workerReady(1))
        #expect(bench.act(.workerIdle(1)).started == [2])
    }

    // MARK: Signs of life

    private let ping = PoolLife.Ping(interval: .seconds(30), responseTime: .seconds(90))

    @Test func aWorkerThatAnswersIsAskedAgain() {
        var bench = serving(PoolLife(ping: ping))
        let actions = bench.pass(.seconds(300))
        #expect(actions.count { if case .pingWorker = $0 { true } else { false } } == 10)
        #expect(bench.ids(.ready) == [1])
    }

    @Test func aWorkerThatDoesNotAnswerIsKilledAndReplaced() {
        var bench = serving(PoolLife(ping: ping))
        bench.isResponsive = false
        #expect(bench.pass(.seconds(119)).reports.isEmpty)
        // What it should have said before does not count.
        #expect(bench.act(.workerAnsweredPing(1, value: 5)) == [])
        let actions = bench.pass(.seconds(1))
        #expect(actions.reports.first == .workerUnresponsive(1, pool: "pool", isOrphaned: false))
        #expect(actions.contains(.killWorker(1)) && actions.started == [2])
    }

    @Test func aWorkerThatIsToBeLookedAtLivesOnAsNobodys() {
        let command = PoolLife.Command(executable: "/bin/gcore", parameters: "%1%")
        var bench = serving(PoolLife(ping: ping, orphansWorkers: true, orphanAction: command))
        bench.isResponsive = false
        let actions = bench.pass(.seconds(120))
        #expect(actions.contains(.orphanWorker(1, command)) && !actions.contains(.killWorker(1)))
        #expect(actions.contains(.tellRouter(.workerGone(worker: 1))) && actions.started == [2])
        #expect(bench.pool.workers.map(\.id) == [2] && bench.timers.keys.map(\.subject) == [.worker(2)])
        #expect(bench.act(.workerEnded(1, PoolBench.crash)) == [])
    }

    @Test func fiveWorkersThatGiveNoSignOfLifeTakeThePoolOffline() {
        var bench = serving(PoolLife(ping: .init(interval: .seconds(10), responseTime: .seconds(10))))
        bench.isResponsive = false
        for worker: UInt64 in 1...5 {
            bench.pass(.seconds(20))
            bench.act(.workerEnded(worker, PoolBench.end(.signal(9))))
            bench.act(.workerReady(worker + 1))
        }
        #expect(bench.pool.status.state == .offline)
    }

    // MARK: Failing starts

    @Test func startsThatFailTakeThePoolOfflineAndRunItsProgram() {
        let command = PoolLife.Command(executable: "/bin/mail", parameters: "")
        var bench = PoolBench(PoolBench.plan(PoolLife(autoShutdown: command)))
        var actions: [Action] = []
        for worker: UInt64 in 1...5 {
            #expect(bench.act(.activationWanted(pool: 1)).started == [worker])
            switch worker {
            case 1: actions = bench.act(.workerCannotStart(worker, reason: "Permission denied"))
            case 2: actions = bench.act(.workerEnded(worker, PoolBench.end(.status(0), goodbye: "cannot read")))
            case 3:
                bench.pass(.seconds(90))
                actions = bench.act(.workerEnded(worker, PoolBench.end(.signal(9))))
            default: actions = bench.act(.workerEnded(worker, PoolBench.crash))
            }
        }
        #expect(actions.reports.contains(.poolOffline(pool: "pool", crashes: 5)))
        #expect(actions.contains(.run(command, pool: 1)))
        #expect(actions.contains(.tellRouter(.poolState(pool: 1, .offline))))
        #expect(bench.act(.activationWanted(pool: 1)) == [.tellRouter(.activationFailed(pool: 1))])
    }

    @Test func whereNothingTakesItOfflineAFailingPoolIsStartedLessAndLessOften() {
        var bench = PoolBench(PoolBench.plan(maximumCrashes: nil))
        for worker: UInt64 in 1...21 {
            #expect(bench.act(.activationWanted(pool: 1)).started == [worker])
            bench.act(.workerEnded(worker, PoolBench.crash))
        }
        var worker: UInt64 = 22
        for delay in [100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000] {
            #expect(bench.act(.activationWanted(pool: 1)) == [.start(.poolStart(1), after: .milliseconds(delay))])
            #expect(bench.act(.activationWanted(pool: 1)) == [])
            #expect(bench.pass(.milliseconds(delay)).started == [worker])
            bench.act(.workerEnded(worker, PoolBench.crash))
            worker += 1
        }
        // One that has run for a while is no reason to wait.
        bench.act(.activationWanted(pool: 1))
        bench.pass(.seconds(30))
        bench.act(.workerReady(worker))
        bench.pass(.seconds(20))
        bench.act(.workerEnded(worker, PoolBench.crash))
        #expect(bench.act(.activationWanted(pool: 1)).started == [worker + 1])
    }

    @Test func aWorkerThatNobodyWaitsForIsNotStartedAgain() {
        var bench = serving()
        #expect(bench.act(.workerEnded(1, PoolBench.crash)).started.isEmpty)
    }

    @Test func aRequestForAWorkerThatCrossesTheEndOfTheLastOneIsAskedForAgain() {
        var bench = serving()
        #expect(bench.act(.activationWanted(pool: 1)) == [])
        #expect(bench.act(.linkBroken(worker: 1, reason: "")).last == .tellRouter(.activationLapsed(pool: 1)))
        #expect(bench.act(.activationWanted(pool: 1)).started == [2])
    }

    // MARK: By hand

    @Test func aPoolThatIsStoppedByHandStaysSoUntilItIsStarted() {
        var bench = serving()
        #expect(bench.act(.poolStopRequested(pool: 1)).reports.first == .poolStopped(pool: "pool"))
        #expect(bench.act(.activationWanted(pool: 1)) == [.tellRouter(.activationFailed(pool: 1))])
        bench.act(.workerEnded(1, PoolBench.farewell))
        bench.change(to: PoolBench.plan(PoolLife(requestLimit: 3)), .process)
        #expect(bench.pool.status.state == .stopped)
        let actions = bench.act(.poolStartRequested(pool: 1))
        #expect(actions == [.record(.poolStarted(pool: "pool")), .tellRouter(.poolState(pool: 1, .started))])
        #expect(bench.act(.activationWanted(pool: 1)).started == [2])
    }

    @Test func aPoolThatDoesNotStartByItselfIsStartedByHand() {
        var bench = PoolBench(PoolBench.plan(PoolLife(), .disabled, atOnce: true))
        #expect(bench.pool.status.state == .stopped)
        #expect(bench.act(.poolStartRequested(pool: 1)).started == [1])
        bench.change(to: PoolBench.plan(PoolLife(requestLimit: 3), .disabled, atOnce: true), .settings)
        #expect(bench.pool.status.state == .starting)
    }

    @Test func aPoolThatIsOfflineIsStartedByHand() {
        var bench = PoolBench(PoolBench.plan(maximumCrashes: 1))
        bench.act(.activationWanted(pool: 1))
        bench.act(.workerEnded(1, PoolBench.crash))
        #expect(bench.pool.status.state == .offline)
        #expect(bench.act(.poolStartRequested(pool: 1)).contains(.tellRouter(.poolState(pool: 1, .started))))
        #expect(bench.act(.activationWanted(pool: 1)).started == [2])
    }

    @Test func aPoolWhoseConfigurationIsNotValidIsNotStartedByHand() {
        var bench = PoolBench(PoolBench.plan(PoolLife(), .offline))
        #expect(bench.act(.poolStartRequested(pool: 1)) == [])
        #expect(bench.pool.status.state == .offline)
    }

    // MARK: Taking over

    private func found(_ id: UInt64, isReady: Bool = true, isDraining: Bool = false, age: Duration = .zero)
        -> Found.Worker
    {
        Found.Worker(id: id, pool: 1, isReady: isReady, isDraining: isDraining, age: age)
    }

    @Test func aWorkerThatIsFoundGoesOnWithItsAgeAndItsSuccessorsNumberIsNew() {
        var bench = PoolBench(PoolBench.plan(PoolLife(lifetime: .seconds(100))), isOpen: false)
        #expect(bench.adopt(found(7, age: .seconds(90))).contains(.configureWorker(7)))
        #expect(bench.pool.uninformed == [7])
        bench.open()
        bench.act(.workerReady(7))
        #expect(bench.pool.uninformed.isEmpty && bench.ids(.ready) == [7])
        #expect(bench.pass(.seconds(10)).started == [8])
    }

    @Test func ofTwoThatAreFoundReadyTheOlderOneEnds() {
        var bench = PoolBench(PoolBench.plan(), isOpen: false)
        bench.adopt(found(7))
        bench.adopt(found(9))
        bench.open()
        #expect(bench.ids(.ready) == [9] && bench.ids(.draining) == [7])
    }

    @Test func oneThatIsFoundStartingOrEndingIsGivenItsTime() {
        var bench = PoolBench(PoolBench.plan(), isOpen: false)
        bench.adopt(found(7, isReady: false, isDraining: true))
        bench.adopt(found(8, isReady: false))
        bench.open()
        #expect(bench.ids(.draining) == [7] && bench.ids(.starting) == [8])
        #expect(bench.pass(.seconds(90)).filter { $0 == .killWorker(7) || $0 == .killWorker(8) }.count == 2)
    }

    @Test func workersOfAPoolThatIsNoMoreEnd() {
        var bench = PoolBench(.unknown(1), isOpen: false)
        bench.adopt(found(3))
        #expect(bench.remove().contains(.drainWorker(3)))
        bench.act(.workerEnded(3, PoolBench.farewell))
        #expect(bench.pool.workers.isEmpty && bench.timers.isEmpty)
    }
}

extension Report {
    fileprivate var isCrash: Bool { if case .workerCrashed = self { true } else { false } }
}
