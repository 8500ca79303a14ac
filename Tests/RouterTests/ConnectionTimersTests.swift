import Testing
import Wire

@testable import Router

/// When a connection's time is up, by a clock of the test's.
struct ConnectionTimersTests {
    typealias Decision = ConnectionTimers.Decision

    static let second: UInt64 = 1_000_000_000
    let window = ReceivingRate.window
    let start: UInt64 = 1000 * second

    @Test func aClientMustTakeSoManyBytesASecond() {
        var rate = ReceivingRate()
        let first: UInt64 = 5000
        let share: UInt64 = 240 * 30
        let answers = [
            rate.isEnough(first, minimum: 240, now: start),
            // Within a window nothing is decided.
            rate.isEnough(first, minimum: 240, now: start + window / 2),
            rate.isEnough(first + share, minimum: 240, now: start + window),
            rate.isEnough(first + 2 * share - 1, minimum: 240, now: start + 2 * window),
        ]
        #expect(answers == [true, true, true, false])
    }

    @Test func aClientThatTakesNothingIsTooSlowForEveryMinimum() {
        var rate = ReceivingRate()
        let answers = [1, 2, 2].enumerated().map { index, delivered in
            rate.isEnough(delivered, minimum: 0, now: start + UInt64(index) * window)
        }
        #expect(answers == [true, true, false])
    }

    @Test func theTimeThatOutputWaitsForBandwidthDoesNotCount() {
        var timers = ConnectionTimers(.init())
        let decisions = [false, true, false, false].enumerated().map { index, isHeld in
            timers.fired(.output(delivered: 7, isHeld: isHeld), now: start + UInt64(index) * window)
        }
        #expect(decisions == [.again(window), .again(window), .again(window), .close("Timer_MinBytesPerSecond")])
    }

    @Test func aClientThatTookItsAnswerSlowlyHasItsIdleTimeAfterwards() {
        var timers = ConnectionTimers(.init(connectionTimeout: 50))
        let decisions = [
            timers.fired(.output(delivered: 0, isHeld: false), now: start), timers.fired(.request, now: start),
            timers.fired(.request, now: start),
        ]
        #expect(decisions == [.again(window), .again(50 * Self.second), .close("Timer_ConnectionIdle")])
    }

    @Test func aBodyMustGoOnComing() {
        var timers = ConnectionTimers(.init(connectionTimeout: 50))
        var decisions = [timers.fired(.body, now: start)]
        timers.progress += 1
        decisions += [
            timers.fired(.body, now: start), timers.fired(.worker, now: start), timers.fired(.body, now: start),
        ]
        let again = Decision.again(50 * Self.second)
        #expect(decisions == [again, again, again, .close("Timer_EntityBody")])
    }

    @Test func aHeadHasItsOwnTimeWhereThatIsSet() {
        var timers = ConnectionTimers(.init(connectionTimeout: 50, headerWaitTimeout: 5))
        let restarted = timers.headBegan()
        #expect(timers.first == 5 * Self.second && restarted == nil, "the first head's time is running")
        let decision = timers.fired(.head, now: start)
        #expect(decision == .close("Timer_HeaderWait"))
        #expect(ConnectionTimers(.init(connectionTimeout: 50)).first == 50 * Self.second)
    }
}
