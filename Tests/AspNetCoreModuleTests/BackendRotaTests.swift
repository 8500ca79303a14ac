import Testing

@testable import AspNetCoreModule

/// Reference §12, row by row.
struct BackendRotaTests {
    private static let second: UInt64 = 1_000_000_000

    private static func rota(slots: Int = 1, attempts: Int = 2, rapidFails: Int = 10) -> BackendRota {
        BackendRota(slots: slots, attempts: attempts, rapidFailLimit: rapidFails, at: 0)
    }

    @Test func nothingIsStartedBeforeARequest() {
        var rota = Self.rota()
        #expect(rota.request(1, at: 0) == [.start(slot: 0, attempt: 1)])
    }

    @Test func requestsGoRoundAndTheFirstHasTheSecondSlot() {
        var rota = Self.rota(slots: 3)
        for (ticket, slot) in [(1, 1), (2, 2), (3, 0), (4, 1)] as [(UInt64, Int)] {
            let actions = rota.request(ticket, at: 0)
            if ticket < 4 {
                #expect(actions == [.start(slot: slot, attempt: 1)])
                #expect(rota.started(at: 0) == [.give(ticket: ticket, slot: slot)])
            } else {
                #expect(actions == [.give(ticket: ticket, slot: slot)])
            }
        }
    }

    @Test func thereIsOneStartAtATimeAndOthersOfTheSlotWaitForIt() {
        var rota = Self.rota(slots: 2)
        #expect(rota.request(1, at: 0) == [.start(slot: 1, attempt: 1)])
        #expect(rota.request(2, at: 0).isEmpty)
        #expect(rota.request(3, at: 0).isEmpty)
        #expect(
            rota.started(at: 0) == [
                .give(ticket: 1, slot: 1), .give(ticket: 3, slot: 1), .start(slot: 0, attempt: 1),
            ])
        #expect(rota.started(at: 0) == [.give(ticket: 2, slot: 0)])
    }

    @Test func aStartIsTriedTwiceAndThenTheNextRequestTriesAgain() {
        var rota = Self.rota()
        _ = rota.request(1, at: 0)
        _ = rota.request(2, at: 0)
        #expect(rota.failed(isLasting: false, at: 0) == [.start(slot: 0, attempt: 2)])
        #expect(
            rota.failed(isLasting: false, at: 0) == [
                .tellFailed(attempts: 2), .refuse(ticket: 1, .startFailed), .refuse(ticket: 2, .startFailed),
            ])
        #expect(rota.request(3, at: 0) == [.start(slot: 0, attempt: 1)])
    }

    @Test func aLastingProblemIsNotTriedAgain() {
        var rota = Self.rota()
        _ = rota.request(1, at: 0)
        #expect(
            rota.failed(isLasting: true, at: 0) == [.tellFailed(attempts: 1), .refuse(ticket: 1, .startFailed)])
    }

    @Test func aLostProcessIsReplacedWhenNothingOfItIsLeft() {
        var rota = Self.rota()
        _ = rota.request(1, at: 0)
        _ = rota.started(at: 0)
        rota.lost(0)
        #expect(rota.request(2, at: 0).isEmpty)
        #expect(rota.gone(0, at: 0) == [.start(slot: 0, attempt: 1)])
    }

    /// Lets the process of the only slot listen and end by itself.
    private static func crash(_ rota: inout BackendRota, at now: UInt64) -> [BackendRota.Action] {
        let actions = rota.request(1, at: now)
        guard actions == [.start(slot: 0, attempt: 1)] else { return actions }
        _ = rota.started(at: now)
        rota.lost(0)
        _ = rota.gone(0, at: now)
        return []
    }

    @Test func oneMoreEndThanTheLimitIsTooManyUntilTheMinuteIsOver() {
        var rota = Self.rota(rapidFails: 2)
        for _ in 0..<3 { #expect(Self.crash(&rota, at: Self.second).isEmpty) }
        #expect(
            rota.request(2, at: 59 * Self.second) == [.tellRapidFails, .refuse(ticket: 2, .rapidFails)])
        #expect(rota.request(3, at: 59 * Self.second) == [.refuse(ticket: 3, .rapidFails)])
        #expect(rota.request(4, at: 60 * Self.second) == [.start(slot: 0, attempt: 1)])
    }

    @Test func withALimitOfNoneTheFirstEndIsTooMany() {
        var rota = Self.rota(rapidFails: 0)
        #expect(Self.crash(&rota, at: 0).isEmpty)
        #expect(Self.crash(&rota, at: 0) == [.tellRapidFails, .refuse(ticket: 1, .rapidFails)])
    }

    @Test func startsThatFailAreNoRapidFails() {
        var rota = Self.rota(attempts: 1, rapidFails: 0)
        for ticket in 1...20 as ClosedRange<UInt64> {
            #expect(rota.request(ticket, at: 0) == [.start(slot: 0, attempt: 1)])
            _ = rota.failed(isLasting: false, at: 0)
        }
    }

    @Test func aRunningProcessIsGivenHoweverManyEnded() {
        var rota = Self.rota(slots: 2, rapidFails: 0)
        _ = rota.request(1, at: 0)
        _ = rota.started(at: 0)
        _ = rota.request(2, at: 0)
        _ = rota.started(at: 0)
        rota.lost(0)
        _ = rota.gone(0, at: 0)
        #expect(rota.request(3, at: 0) == [.give(ticket: 3, slot: 1)])
        #expect(rota.request(4, at: 0) == [.tellRapidFails, .refuse(ticket: 4, .rapidFails)])
    }

    @Test func processesAreStoppedOneAfterTheOther() {
        var rota = Self.rota(slots: 2)
        _ = rota.request(1, at: 0)
        _ = rota.started(at: 0)
        _ = rota.request(2, at: 0)
        _ = rota.started(at: 0)
        #expect(rota.stop() == [.stop(slot: 0)])
        #expect(rota.request(3, at: 0) == [.refuse(ticket: 3, .stopping)])
        #expect(rota.gone(0, at: 0) == [.stop(slot: 1)])
        #expect(rota.gone(1, at: 0) == [.finish])
    }

    @Test func whoeverWaitsForAStartIsRefusedWhenEverythingStops() {
        var rota = Self.rota()
        _ = rota.request(1, at: 0)
        #expect(rota.stop() == [.refuse(ticket: 1, .stopping), .stop(slot: 0)])
        #expect(rota.failed(isLasting: false, at: 0) == [.finish])
    }

    @Test func aProcessThatListensOnlyWhenEverythingStopsIsStoppedToo() {
        var rota = Self.rota()
        _ = rota.request(1, at: 0)
        _ = rota.stop()
        #expect(rota.started(at: 0).isEmpty)
        #expect(rota.gone(0, at: 0) == [.finish])
    }

    @Test func withoutProcessesStoppingIsDoneAtOnce() {
        var rota = Self.rota(slots: 4)
        #expect(rota.stop() == [.finish])
        #expect(rota.stop().isEmpty)
    }

    @Test func whatEndsBySelfDuringTheStopIsWaitedFor() {
        var rota = Self.rota(slots: 2)
        _ = rota.request(1, at: 0)
        _ = rota.started(at: 0)
        rota.lost(1)
        #expect(rota.stop().isEmpty)
        #expect(rota.gone(1, at: 0) == [.finish])
    }
}
