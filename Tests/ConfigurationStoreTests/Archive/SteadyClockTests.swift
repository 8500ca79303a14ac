import Testing

@testable import ConfigurationStore

struct SteadyClockTests {
    private static let minute: Int64 = 60_000_000_000
    private static let start: Int64 = 1_795_867_200_000_000_000

    /// Looks at these minutes of the monotonic clock, each with how far the wall clock is ahead of it. Unit: minutes.
    private func verdicts(_ looks: (Int64, ahead: Int64)...) -> [Bool] {
        var clock = SteadyClock()
        return looks.map { minute, ahead in
            clock.agrees(
                wall: Self.start + (minute + ahead) * Self.minute, monotonic: UInt64((1000 + minute) * Self.minute))
        }
    }

    @Test func oneThatGoesOnIsBelieved() {
        #expect(verdicts((0, 0), (10, 0), (20, 1), (10_000, 30)) == [true, true, true, true])
    }

    @Test(arguments: [130_000, -130_000] as [Int64]) func oneThatLeapsIsBelievedWhenItIsBack(ahead: Int64) {
        #expect(
            verdicts((0, 0), (10, ahead), (20, ahead), (1000, ahead), (1010, 0), (1020, 0))
                == [true, false, false, false, true, true])
    }

    @Test func oneThatKeepsItsNewTimeForADayIsBelieved() {
        #expect(
            verdicts((0, 0), (10, 9000), (20, 9000), (1440, 9000), (1450, 9000), (1460, 9000))
                == [true, false, false, false, true, true])
    }

    @Test func oneThatLeapsAgainIsTriedAnew() {
        #expect(
            verdicts((0, 0), (10, 9000), (1000, 99_000), (1450, 99_000), (2440, 99_000))
                == [true, false, false, false, true])
    }

    @Test func noNumberIsTooLarge() {
        var clock = SteadyClock()
        let verdicts = [clock.agrees(wall: .min, monotonic: 0), clock.agrees(wall: .max, monotonic: .max)]
        #expect(verdicts == [true, false])
    }
}
