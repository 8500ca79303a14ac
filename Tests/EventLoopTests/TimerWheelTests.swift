import Testing

@testable import EventLoop

/// Timers with a clock of the test's own. Unit of the numbers: milliseconds.
struct TimerWheelTests {
    final class Recorder: TimerHandler {
        var fired = 0

        func timerFired(_ timer: Timer) { fired += 1 }
    }

    static func time(_ milliseconds: UInt64) -> UInt64 { milliseconds * 1_000_000 }

    var wheel = TimerWheel(now: 0)
    let recorder = Recorder()

    mutating func firedWhenReaching(_ milliseconds: UInt64) -> Int {
        let before = recorder.fired
        for timer in wheel.advance(to: Self.time(milliseconds)) { timer.callHandler() }
        return recorder.fired - before
    }

    @Test mutating func aTimerFiresOnceAndNeverEarly() {
        let timer = Timer()
        wheel.start(timer, handler: recorder, at: Self.time(100), now: 0)
        #expect(firedWhenReaching(99) == 0)
        #expect(timer.isRunning)
        #expect(firedWhenReaching(108) == 1)
        #expect(!timer.isRunning && wheel.count == 0)
        #expect(firedWhenReaching(100_000) == 0)
    }

    @Test mutating func aTimerOfMoreThanOneRoundWaitsForItsRound() {
        // A round is 1024 ticks of 8 ms: 8192 ms.
        let timer = Timer()
        wheel.start(timer, handler: recorder, at: Self.time(120_000), now: 0)
        for time in stride(from: UInt64(1000), through: 119_000, by: 1000) { #expect(firedWhenReaching(time) == 0) }
        #expect(firedWhenReaching(120_008) == 1)
    }

    @Test mutating func aTimerStartedAgainFiresAtItsNewTimeOnly() {
        let timer = Timer()
        wheel.start(timer, handler: recorder, at: Self.time(100), now: 0)
        wheel.start(timer, handler: recorder, at: Self.time(20_000), now: 0)
        #expect(firedWhenReaching(19_000) == 0)
        wheel.start(timer, handler: recorder, at: Self.time(19_500), now: Self.time(19_000))
        #expect(firedWhenReaching(19_508) == 1)
        #expect(firedWhenReaching(40_000) == 0)
    }

    @Test mutating func aTimerStartedAgainAndAgainForNowFiresWithTheNextTick() {
        // Turns of 4 ms, each of which starts it before time moves on; ticks are 8 ms.
        let timer = Timer()
        let fired = stride(from: UInt64(1), through: 41, by: 4).first { moment in
            wheel.start(timer, handler: recorder, at: Self.time(moment), now: Self.time(moment))
            return firedWhenReaching(moment) > 0
        }
        #expect(fired == 9)
    }

    @Test mutating func aTimerThatStartsItselfAgainForNowLetsTheTurnEnd() {
        let timer = Timer()
        wheel.start(timer, handler: recorder, at: Self.time(8), now: 0)
        #expect(firedWhenReaching(16) == 1)
        wheel.start(timer, handler: recorder, at: Self.time(16), now: Self.time(16))
        #expect(firedWhenReaching(16) == 0)
        #expect(firedWhenReaching(24) == 1)
    }

    @Test mutating func aCancelledTimerNeverFires() {
        let timers = (0..<5).map { _ in Timer() }
        for timer in timers { wheel.start(timer, handler: recorder, at: Self.time(100), now: 0) }
        wheel.cancel(timers[1])
        wheel.cancel(timers[4])
        #expect(wheel.count == 3)
        #expect(firedWhenReaching(200) == 3)
    }

    @Test mutating func aTimerCancelledByAnotherOfTheSameMomentDoesNotFire() {
        let timers = [Timer(), Timer()]
        for timer in timers { wheel.start(timer, handler: recorder, at: Self.time(100), now: 0) }
        let due = wheel.advance(to: Self.time(200))
        #expect(due.count == 2)
        wheel.cancel(due[1])
        for timer in due { timer.callHandler() }
        #expect(recorder.fired == 1)
    }

    @Test mutating func aPauseOfManyRoundsFiresWhatIsDueInOrder() {
        let times: [UInt64] = [70_000, 5, 9_000, 300_000]
        let timers = times.map { _ in Timer() }
        for (timer, time) in zip(timers, times) { wheel.start(timer, handler: recorder, at: Self.time(time), now: 0) }
        let due = wheel.advance(to: Self.time(200_000))
        let order = due.map { timer in timers.firstIndex { $0 === timer } }
        #expect(order == [1, 2, 0])
        #expect(timers[3].isRunning)
    }

    @Test mutating func theWaitIsNeverLongerThanToTheNextTimer() throws {
        #expect(wheel.wait(now: 0) == nil)
        let timer = Timer()
        wheel.start(timer, handler: recorder, at: Self.time(1000), now: 0)
        let wait = try #require(wheel.wait(now: Self.time(400)))
        #expect(wait <= Self.time(608) && wait >= Self.time(600))
        #expect(wheel.wait(now: Self.time(2000)) == 0)
    }
}
