import Platform
import Testing
import Wire

@testable import Master

/// The thresholds of `webLimits` that are about pools.
@Suite struct WebLimitsTests {
    // MARK: dynamicIdleThreshold

    /// Percent of what may be committed, and what the time-outs are divided by (IIS's documentation).
    @Test(
        arguments: [
            (0, 1), (75, 1), (79, 1), (80, 2), (84, 2), (85, 4), (90, 8), (95, 16), (99, 16), (100, 32), (1000, 32),
        ] as [(UInt64, UInt64)])
    func theScarcerMemoryIsTheSoonerIdleWorkersGo(percent: UInt64, divisor: UInt64) {
        // Half of 8000 bytes may be committed.
        #expect(IdleShortening.divisor(threshold: 50, committed: 4000 * percent / 100, physical: 8000) == divisor)
    }

    @Test func withoutAThresholdNothingIsShortened() {
        #expect(IdleShortening.divisor(threshold: 0, committed: .max, physical: 1) == 1)
        #expect(IdleShortening.divisor(threshold: 10, committed: 1, physical: 0) == 1)
    }

    @Test func workersAreToldTheShorterTimeout() {
        let life = PoolLife(idleTimeout: .seconds(1200), requestLimit: 7)
        #expect(life.workerLimits(idleDivisor: 1) == .init(idleTimeout: 1_200_000, requests: 7))
        #expect(life.workerLimits(idleDivisor: 32) == .init(idleTimeout: 37_500, requests: 7))
        #expect(PoolLife().workerLimits(idleDivisor: 32).idleTimeout == 0)
    }

    // MARK: demandStartThreshold

    private func refusing() -> PoolBench {
        var bench = PoolBench(PoolBench.plan())
        bench.limitDemandStarts(to: 10, pools: 2...11)
        return bench
    }

    @Test func aPoolBeyondTheThresholdIsNotStartedOnDemandAndThatIsToldOnce() {
        var bench = refusing()
        let actions = bench.act(.activationWanted(pool: 1))
        #expect(
            actions == [
                .record(.demandStartRefused(pool: "pool", limit: 10)), .tellRouter(.activationFailed(pool: 1)),
            ])
        #expect(bench.act(.activationWanted(pool: 1)) == [.tellRouter(.activationFailed(pool: 1))])
    }

    @Test func whenAnotherPoolHasEndedItIsStarted() {
        var bench = refusing()
        bench.act(.activationWanted(pool: 1))
        bench.forget(pool: 2)
        #expect(bench.act(.activationWanted(pool: 1)).started.count == 1)
    }

    @Test func aPoolThatHasAWorkerIsServed() {
        var bench = PoolBench.serving(PoolBench.plan())
        bench.limitDemandStarts(to: 10, pools: 2...11)
        bench.act(.recycleRequested(pool: 1))
        #expect(bench.ids(.starting).count == 1)
    }
}
