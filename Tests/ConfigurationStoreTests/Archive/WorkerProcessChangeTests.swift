import Events
import Testing

@testable import ConfigurationStore

@Suite("What events say of worker processes")
struct WorkerProcessChangeTests {
    private typealias Worker = WorkerProcessChange.Worker
    private typealias End = WorkerProcessChange.End

    private func change(_ kind: EventKind, _ object: String, _ fields: [Event.Field]) -> WorkerProcessChange? {
        WorkerProcessChange(Event(kind, object, "text", fields))
    }

    @Test func theCourseOfAWorkerIsItsPoolItsNumberAndItsProcess() {
        let shop = EventObject.pool("Sh\"op\"")
        let worker = Worker(pool: "Sh\"op\"", number: 3, pid: 4711)
        let fields = [Event.Field("worker", 3), .init("pid", 4711)]
        #expect(change(.workerStarted, shop, fields) == .started(worker))
        #expect(change(.workerReady, shop, fields) == .ready(worker))
        #expect(
            change(
                .workerEnded, shop,
                fields + [.init("status", 0), .init("requests", 12), .init("reason", "recycled-for-time")])
                == .ended(worker, End(outcome: .exited, exitCode: 0, reason: "recycled-for-time", requests: 12)))
        #expect(
            change(.workerCrashed, shop, fields + [.init("signal", 11)])
                == .ended(worker, End(outcome: .crashed, signal: 11)))
        #expect(
            change(.workerKilled, shop, fields + [.init("signal", 9), .init("reason", "worker-unresponsive")])
                == .ended(worker, End(outcome: .killed, signal: 9, reason: "worker-unresponsive")))
    }

    @Test func oneThatNeverRanHasNoProcess() {
        let worker = Worker(pool: "Shop", number: 3, pid: nil)
        let fields = [Event.Field("worker", 3)]
        #expect(
            change(.workerCannotStart, EventObject.pool("Shop"), fields)
                == .ended(worker, End(outcome: .unstarted, reason: "worker-cannot-start")))
        #expect(
            change(.poolUnusable, EventObject.pool("Shop"), fields)
                == .ended(worker, End(outcome: .unstarted, reason: "pool-unusable")))
    }

    @Test func oneThatGaveNoSignOfLifeHasEndedWhereItIsLeftRunning() {
        let fields = [Event.Field("worker", 3), .init("pid", 9)]
        let pool = EventObject.pool("Shop")
        #expect(change(.workerUnresponsive, pool, fields) == nil)
        #expect(
            change(.workerUnresponsive, pool, fields + [.init("orphaned", 1)])
                == .ended(
                    Worker(pool: "Shop", number: 3, pid: 9), End(outcome: .orphaned, reason: "worker-unresponsive")))
    }

    @Test func aMasterBeginsAndGoesOnWithSomeOfThem() {
        #expect(change(.serverStarting, "", [.init("pid", 1)]) == .masterBegan)
        #expect(change(.rolesAdopted, "", [.init("router", 5), .init("workers", "6 77")]) == .adopted([6, 77]))
        #expect(change(.rolesAdopted, "", [.init("workers", "")]) == .adopted([]))
    }

    @Test func otherEventsSayNothing() {
        #expect(change(.siteStopped, EventObject.site("Shop"), [.init("worker", 3)]) == nil)
        #expect(change(.workerIdle, EventObject.pool("Shop"), [.init("worker", 3)]) == nil)
        #expect(change(.workerStarted, EventObject.pool("Shop"), []) == nil)
    }
}
