import Testing
import Wire

@testable import Master

@Suite struct ModuleEventGateTests {
    private static let second: UInt64 = 1_000_000_000

    /// Expectations cannot change a value.
    private final class Bench {
        private var gate = ModuleEventGate()
        var now: UInt64 = 5

        func rule(_ text: String = "t", of pool: String = "P") -> ModuleEventGate.Ruling {
            gate.rule(ModuleNotice(1020, .error, text), of: pool, now: now)
        }
    }

    private let bench = Bench()
    private let output = String(repeating: "x", count: 30_000)

    private func told(_ text: String = "t", missed: Int = 0) -> ModuleEventGate.Ruling {
        .told(ModuleNotice(1020, .error, text), missed: missed)
    }

    private func length(_ ruling: ModuleEventGate.Ruling) -> Int {
        if case .told(let notice, _) = ruling { notice.text.utf8.count } else { -1 }
    }

    @Test func whatIsToldNowAndThenIsToldWhole() {
        for _ in 0..<100 {
            #expect(bench.rule(output) == told(output))
            bench.now += 10 * Self.second
        }
    }

    @Test func ofAFloodSoMuchIsToldAndOnceThatThereIsMore() {
        for _ in 0..<ModuleEventGate.burst { #expect(bench.rule() == told()) }
        #expect(bench.rule() == .leftOut(isFirst: true))
        for _ in 0..<1000 { #expect(bench.rule() == .leftOut(isFirst: false)) }
    }

    @Test func afterAFloodItIsSaidHowManyWereLeftOut() {
        for _ in 0..<ModuleEventGate.burst { _ = bench.rule() }
        for _ in 0..<7 { _ = bench.rule() }
        bench.now += Self.second
        // Two are allowed by now, but it opens when a quarter of a burst is.
        #expect(bench.rule() == .leftOut(isFirst: false))
        bench.now += 60 * Self.second
        #expect(bench.rule() == told(missed: 8))
        #expect(bench.rule() == told())
    }

    @Test func aFloodOfOnePoolTakesNothingOfAnother() {
        for _ in 0..<1000 { _ = bench.rule(of: "P") }
        #expect(bench.rule(of: "Q") == told())
    }

    @Test func longTextsAreCutWhereThereAreManyOfThem() {
        let whole = (0..<ModuleEventGate.burst).map { _ in length(bench.rule(output)) }
        #expect(whole.filter { $0 == 30_000 }.count == ModuleEventGate.textBurst / 30_000)
        #expect(whole.last == ModuleEventGate.shortText)
        bench.now += 60 * Self.second
        #expect(length(bench.rule(output)) == 30_000)
    }

    @Test func aClockThatStandsStillOrGoesBackGivesNothing() {
        for _ in 0..<ModuleEventGate.burst { _ = bench.rule() }
        bench.now = 0
        #expect(bench.rule() == .leftOut(isFirst: true))
    }
}
