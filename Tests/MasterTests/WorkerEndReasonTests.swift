import Events
import Testing
import Wire

@testable import Master

@Suite("Why workers end")
struct WorkerEndReasonTests {
    /// The events of a worker's end, with the reason that stands in them.
    private func end(_ bench: inout PoolBench, _ worker: UInt64, _ end: ProcessEnd) -> [String] {
        bench.act(.workerEnded(worker, end)).reports.map(\.event).map { event in
            let reason = event.fields.first { $0.name == "reason" }.map { "\($0.value)" }
            return "\(event.kind.name) \(reason ?? "-")"
        }
    }

    private let killed = PoolBench.end(.signal(9))

    @Test func aRecycledOneSaysWhyAlsoWhereThePoolDoesNotLogIt() {
        var life = PoolLife()
        life.loggedReasons = 0
        var bench = PoolBench.serving(PoolBench.plan(life))
        #expect(!bench.act(.recycleRequested(pool: 1)).reports.contains(.workerRecycled(1, pool: "pool", .onDemand)))
        bench.act(.workerReady(2))
        #expect(end(&bench, 1, PoolBench.farewell) == ["worker-ended text(\"recycled-on-demand\")"])
        #expect(end(&bench, 2, PoolBench.crash) == ["worker-crashed -"])
    }

    @Test func oneThatIsKeptAfterAllHasNoReason() {
        var bench = PoolBench.serving(PoolBench.plan())
        bench.act(.recycleRequested(pool: 1))
        bench.act(.workerEnded(2, PoolBench.crash))
        #expect(end(&bench, 1, PoolBench.crash).first == "worker-crashed -")
    }

    @Test func oneThatIsKilledSaysWhyItWasToEndFirst() {
        var bench = PoolBench.serving(PoolBench.plan())
        bench.act(.recycleRequested(pool: 1))
        bench.act(.workerReady(2))
        bench.act(.expired(.workerEnd(1)))
        #expect(end(&bench, 1, killed) == ["worker-killed text(\"recycled-on-demand\")"])
        bench.act(.linkBroken(worker: 2, reason: "frame too long"))
        #expect(end(&bench, 2, killed) == ["worker-killed text(\"worker-misbehaved\")"])
    }

    @Test func oneOfAPoolThatIsStoppedSaysThat() {
        var bench = PoolBench.serving(PoolBench.plan())
        bench.act(.poolStopRequested(pool: 1))
        #expect(end(&bench, 1, PoolBench.farewell) == ["worker-ended text(\"pool-stopped\")"])
        bench = PoolBench.serving(PoolBench.plan())
        bench.remove()
        #expect(end(&bench, 1, PoolBench.farewell) == ["worker-ended text(\"configuration-applied\")"])
        bench = PoolBench.serving(PoolBench.plan())
        bench.act(.cpuLimitReached(pool: 1, rest: .seconds(5)))
        #expect(end(&bench, 1, killed) == ["worker-killed text(\"cpu-limit-exceeded\")"])
    }

    @Test func theEndOfTheProcessIsToldInNumbers() {
        let end = ProcessEnd(pid: 7, cause: .status(3), goodbye: "drained", requests: 12, reason: .workerIdle)
        #expect(
            Report.workerEnded(1, pool: "x", end).event.fields == [
                .init("worker", 1), .init("pid", 7), .init("status", 3), .init("requests", 12),
                .init("reason", "worker-idle"),
            ])
    }
}
