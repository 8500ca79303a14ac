import Testing

@testable import AspNetCoreModule

struct BackendLifeTests {
    private static let second: UInt64 = 1_000_000_000

    private static func life(hearsShutdown: Bool = true) -> BackendLife {
        BackendLife(startLimit: 120 * second, shutdownLimit: 10 * second, hearsShutdown: hearsShutdown, at: 0)
    }

    private static func ready(hearsShutdown: Bool = true) -> BackendLife {
        var life = life(hearsShutdown: hearsShutdown)
        _ = life.saw(.own)
        return life
    }

    @Test func itTakesRequestsWhenItListens() {
        var life = Self.life()
        #expect(life.saw(.nobody).isEmpty)
        #expect(life.saw(.own) == [.announce])
        #expect(life.deadline == nil)
    }

    @Test func whatListensTooLateIsEnded() {
        var life = Self.life()
        #expect(life.deadline == 120 * Self.second)
        #expect(life.timePassed(at: 119 * Self.second).isEmpty)
        #expect(life.timePassed(at: 120 * Self.second) == [.fail(.listensTooLate), .end])
        #expect(life.isEnded() == [.finish])
    }

    @Test func whatEndsBeforeItListensHasFailed() {
        var life = Self.life()
        #expect(life.ended(isLast: true) == [.fail(.ended), .end])
    }

    @Test func aPlaceThatSomebodyElseKeepsIsAFailure() {
        var life = Self.life()
        #expect(life.saw(.stranger).isEmpty)
        #expect(life.saw(.stranger).isEmpty)
        #expect(life.saw(.stranger) == [.fail(.placeIsTaken), .end])
    }

    @Test func aListenerThatIsOnlyMovingToAProcessIsWaitedFor() {
        var life = Self.life()
        _ = life.saw(.stranger)
        _ = life.saw(.stranger)
        #expect(life.saw(.own) == [.announce])
    }

    @Test func whoseProcessEndsIsLostWhereNobodyOfItListensAnyMore() {
        var life = Self.ready()
        #expect(life.ended(isLast: true) == [.look])
        #expect(life.saw(.nobody) == [.lose, .end])
    }

    @Test func aDescendantMayListenOn() {
        var life = Self.ready()
        #expect(life.ended(isLast: true) == [.look])
        #expect(life.saw(.own).isEmpty)
        #expect(life.state == .ready)
    }

    @Test func aDescendantThatListensOnIsGivenItsTimeToEnd() {
        var life = Self.ready()
        _ = life.ended(isLast: true)
        _ = life.saw(.own)
        #expect(life.stop(at: 0) == [.ask])
        #expect(life.answered(202).isEmpty)
        #expect(life.state == .leaving)
        #expect(life.ended(isLast: true) == [.end])
    }

    @Test func whoCouldNotBeReachedIsLookedAt() {
        var life = Self.ready()
        #expect(life.refused() == [.look])
        #expect(life.saw(.nobody) == [.lose, .end])
        #expect(life.refused().isEmpty)
    }

    @Test func itIsAskedToEndAndDoes() {
        var life = Self.ready()
        #expect(life.stop(at: 0) == [.ask])
        #expect(life.answered(202).isEmpty)
        #expect(life.deadline == 10 * Self.second)
        #expect(life.ended(isLast: true) == [.end])
        #expect(life.isEnded() == [.finish])
    }

    @Test(arguments: [202, 500, nil]) func whatItAnsweredIsHeardAlthoughItHasEnded(status: Int?) {
        var life = Self.ready()
        _ = life.stop(at: 0)
        #expect(life.ended(isLast: true).isEmpty)
        #expect(life.answered(status) == [.end])
        #expect(life.isEnded() == [.finish])
    }

    @Test func anAnswerThatDoesNotComeIsNotWaitedForBehindItsEnd() {
        var life = Self.ready()
        _ = life.stop(at: 0)
        _ = life.ended(isLast: true)
        #expect(life.timePassed(at: 5 * Self.second) == [.end])
    }

    @Test(arguments: [nil, 200, 404, 503]) func whoDoesNotAgreeToEndIsSentASignal(status: Int?) {
        var life = Self.ready()
        _ = life.stop(at: 0)
        #expect(life.answered(status) == [.terminate])
        #expect(life.deadline == 10 * Self.second)
    }

    @Test func whoDoesNotAnswerIsSentASignalAtHalfTime() {
        var life = Self.ready()
        _ = life.stop(at: 0)
        #expect(life.timePassed(at: 5 * Self.second) == [.terminate])
        #expect(life.answered(202).isEmpty)
        #expect(life.timePassed(at: 10 * Self.second) == [.tellForce, .end])
    }

    @Test func whoAgreedAndStaysIsEnded() {
        var life = Self.ready()
        _ = life.stop(at: 0)
        _ = life.answered(202)
        #expect(life.timePassed(at: 10 * Self.second) == [.tellForce, .end])
    }

    @Test func otherProgramsThanASPNETCoreAreSentASignalAtOnce() {
        var life = Self.ready(hearsShutdown: false)
        #expect(life.stop(at: 0) == [.terminate])
        #expect(life.ended(isLast: true) == [.end])
    }

    @Test func aListeningDescendantMayTakeItsTimeToEnd() {
        var life = Self.ready()
        _ = life.stop(at: 0)
        _ = life.answered(202)
        #expect(life.ended(isLast: false).isEmpty)
        #expect(life.ended(isLast: true) == [.end])
    }

    @Test func aStartIsGivenUpWhenEverythingStops() {
        var life = Self.life()
        #expect(life.stop(at: 0) == [.fail(.stopped), .terminate])
        #expect(life.saw(.own).isEmpty)
        #expect(life.ended(isLast: true) == [.end])
    }

    @Test func stoppingTwiceIsStoppingOnce() {
        var life = Self.ready()
        _ = life.stop(at: 0)
        #expect(life.stop(at: 1).isEmpty)
        #expect(life.deadline == 5 * Self.second)
    }
}
