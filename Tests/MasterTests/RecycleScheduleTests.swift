import Testing

@testable import Master

@Suite struct RecycleScheduleTests {
    /// Midnight of some day. Unit: seconds since 1970, local.
    private let midnight: Int64 = 1_764_288_000

    /// The local times at which a clock that shows `clock` one after the other finds `times` due.
    private func due(_ times: [Duration], _ clock: [Int64]) -> [Int64] {
        var schedule = RecycleSchedule()
        return clock.filter { schedule.isDue(times, local: midnight + $0) }
    }

    private func time(_ hours: Int64, _ minutes: Int64 = 0) -> Int64 { hours * 3600 + minutes * 60 }

    @Test func aTimeOfDayIsDueOnceADay() {
        let clock = (0..<(3 * 1440)).map { Int64($0) * 60 }
        let days: [Int64] = [time(6, 30), time(30, 30), time(54, 30)]
        #expect(due([.seconds(time(6, 30))], clock) == days)
    }

    @Test func aMinuteThatIsNotLookedAtIsMadeUpFor() {
        #expect(due([.seconds(time(6))], [time(5, 59), time(6, 4), time(6, 5)]) == [time(6, 4)])
    }

    @Test func theTimeAtWhichItBeginsIsNotDue() {
        #expect(due([.seconds(time(6))], [time(6), time(6, 1)]).isEmpty)
        #expect(due([.zero], [time(23, 59), time(24)]) == [time(24)])
    }

    @Test func whatTheClockLeavesOutInSpringIsMadeUpFor() {
        #expect(due([.seconds(time(2, 30))], [time(1, 59), time(3), time(3, 1)]) == [time(3)])
    }

    @Test func whatTheClockShowsTwiceInAutumnIsDueOnce() {
        let clock = [time(2, 29), time(2, 30), time(2, 59), time(2), time(2, 30), time(2, 59), time(3), time(26, 30)]
        #expect(due([.seconds(time(2, 30))], clock) == [time(2, 30), time(26, 30)])
    }

    @Test func aClockThatIsSetBackByDaysIsBelieved() {
        #expect(due([.seconds(time(6))], [time(5), time(-72), time(-67), time(-66), time(-65)]) == [time(-66)])
    }
}
