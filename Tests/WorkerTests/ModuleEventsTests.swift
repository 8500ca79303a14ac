import Testing
import Wire

@testable import Worker

@Suite struct ModuleEventsTests {
    private static let now = Versions(oldest: 4, newest: 7)
    private static let old = Versions(oldest: 4, newest: 5)

    /// Expectations cannot change a value.
    private final class Bench {
        private var events = ModuleEvents()

        func greeted(_ versions: Versions) -> [ControlMessage] { events.greeted(versions) }
        func left() { events.left() }
        func recycle() -> ControlMessage? { events.recycle() }
        func tell(_ text: String) -> ControlMessage? {
            events.tell(ModuleNotice(1001, .warning, text, site: "S", application: "/a"))
        }
    }

    private let bench = Bench()

    private func notice(_ text: String) -> ControlMessage {
        .moduleEvent(ModuleNotice(1001, .warning, text, site: "S", application: "/a"))
    }

    @Test func aMasterOfThisVersionGetsTheEvent() {
        #expect(bench.greeted(Self.now) == [])
        #expect(bench.tell("t") == notice("t"))
    }

    @Test func anOlderMasterGetsItInWords() {
        #expect(bench.greeted(Self.old) == [])
        #expect(bench.tell("t") == .trouble("ASP.NET Core Module, event 1001: t"))
    }

    @Test func whatHappensBetweenTwoMastersIsToldTheSecond() {
        _ = bench.greeted(Self.now)
        bench.left()
        #expect(bench.tell("a") == nil)
        #expect(bench.tell("b") == nil)
        #expect(bench.greeted(Self.now) == [notice("a"), notice("b")])
        #expect(bench.greeted(Self.now) == [])
    }

    @Test func aMasterThatKnowsTheWordIsAskedForAnotherWorker() {
        _ = bench.greeted(Self.now)
        #expect(bench.recycle() == .recycleWanted)
        _ = bench.greeted(Versions(oldest: 4, newest: 6))
        #expect(bench.recycle() == nil)
        #expect(bench.greeted(Self.now) == [.recycleWanted])
        #expect(bench.greeted(Self.now) == [])
    }

    @Test func withoutAMasterTheLatestAreKeptAndCutAndNoMore() {
        for number in 0..<1000 { #expect(bench.tell("\(number) " + String(repeating: "x", count: 30_000)) == nil) }
        let told = bench.greeted(Self.now)
        #expect(told.count == 64)
        guard case .moduleEvent(let last)? = told.last else { return #expect(Bool(false)) }
        #expect(last.text.hasPrefix("999 "))
        #expect(last.text.utf8.count == 2048)
    }
}
