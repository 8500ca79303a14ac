import EventLoop
import Synchronization
import Testing
import Wire

@testable import Worker

/// Looks at what a worker says of itself, with a clock that a test moves.
final class WorkerUseTests {
    private final class Clock: Sendable {
        let time = Mutex<UInt64>(1_000_000_000_000)
    }

    private let clock = Clock()
    private let loop: EventLoop
    private var isBusy = false
    private var told: [WorkerUse.Finding] = []
    private lazy var use = WorkerUse(on: loop) { [unowned self] in
        isBusy
    } tell: { [unowned self] in
        told.append($0)
    }

    init() throws {
        let clock = clock
        loop = try EventLoop(clock: { clock.time.withLock { $0 } })
    }

    /// In steps of a second, as a loop that turns would see it.
    private func pass(seconds: Int) {
        for _ in 0..<seconds {
            clock.time.withLock { $0 += 1_000_000_000 }
            loop.turn(maximumWait: 0)
        }
    }

    @Test func aWorkerWithoutRequestsIsIdleAfterItsTimeAndSaysSoAgain() {
        use.apply(.init(idleTimeout: 120_000))
        pass(seconds: 115)
        #expect(told.isEmpty)
        pass(seconds: 10)
        #expect(told == [.idle])
        pass(seconds: 125)
        #expect(told == [.idle, .idle])
    }

    @Test func aRequestOrOneInWorkBeginsTheTimeAnew() {
        use.apply(.init(idleTimeout: 120_000))
        pass(seconds: 100)
        use.count()
        pass(seconds: 100)
        #expect(told.isEmpty)
        isBusy = true
        pass(seconds: 500)
        #expect(told.isEmpty)
        isBusy = false
        pass(seconds: 110)
        #expect(told.isEmpty)
        pass(seconds: 45)
        #expect(told == [.idle])
    }

    @Test func aWorkerThatWasSuspendedIsNotIdleWhenItRunsAgain() {
        use.apply(.init(idleTimeout: 120_000))
        pass(seconds: 125)
        #expect(told == [.idle])
        clock.time.withLock { $0 += 3_600_000_000_000 }
        loop.turn(maximumWait: 0)
        pass(seconds: 110)
        #expect(told == [.idle])
        pass(seconds: 45)
        #expect(told == [.idle, .idle])
    }

    @Test func aShorterTimeoutCountsFromTheLastRequest() {
        use.apply(.init(idleTimeout: 1_200_000))
        pass(seconds: 600)
        use.apply(.init(idleTimeout: 300_000))
        pass(seconds: 80)
        #expect(told == [.idle])
    }

    @Test func withoutATimeoutNobodyIsIdle() {
        use.apply(.init(idleTimeout: 60_000))
        use.apply(.init(idleTimeout: 0))
        pass(seconds: 500)
        #expect(told.isEmpty)
    }

    @Test func theRequestThatReachesTheLimitIsToldOnceAfterEachConfiguration() {
        use.apply(.init(requests: 3))
        for _ in 0..<2 { use.count() }
        #expect(told.isEmpty)
        for _ in 0..<5 { use.count() }
        #expect(told == [.requestLimitReached])
        use.apply(.init(requests: 3))
        use.count()
        #expect(told == [.requestLimitReached, .requestLimitReached])
        use.apply(.init(requests: 0))
        for _ in 0..<100 { use.count() }
        #expect(told.count == 2)
    }
}
