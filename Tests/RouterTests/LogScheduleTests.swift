import Testing
import Wire

@testable import Router

/// Expectations from the reference, §8.7, and `date`.
struct LogScheduleTests {
    /// Friday, 27 February 2026, 23:05:09 UTC.
    static let friday: Int64 = 1_772_233_509
    /// Tuesday, 29 February 2028, 00:00:00 UTC.
    static let leapDay: Int64 = 1_835_395_200

    func file(
        _ period: LogSettings.Period, at seconds: Int64, offset: Int64? = nil
    ) -> (name: LogFileRequest.Name, end: Int64) {
        let schedule = LogSchedule(period: period, zoneOffset: offset.map { offset in { _ in offset } })
        return schedule.file(at: seconds)
    }

    @Test(
        arguments: [
            (.hourly, friday, "u_ex26022723.log", friday + 54 * 60 + 51),
            (.daily, friday, "u_ex260227.log", friday + 54 * 60 + 51),
            // 1 February 2026 was a Sunday: the 27th lies in the fourth week, whose last day is the 28th, as the month's.
            (.weekly, friday, "u_ex260204.log", friday + 86400 + 54 * 60 + 51),
            (.monthly, friday, "u_ex2602.log", friday + 86400 + 54 * 60 + 51),
            (.hourly, leapDay, "u_ex28022900.log", leapDay + 3600),
            (.daily, leapDay, "u_ex280229.log", leapDay + 86400),
            // 1 February 2028 was a Tuesday: the fifth week begins on Sunday, the 27th, and March ends it.
            (.weekly, leapDay, "u_ex280205.log", leapDay + 86400), (.monthly, leapDay, "u_ex2802.log", leapDay + 86400),
        ] as [(LogSettings.Period, Int64, String, Int64)])
    func aFileIsNamedByItsTimeAndEndsWithIt(
        _ period: LogSettings.Period, _ seconds: Int64, _ name: String, _ end: Int64
    ) {
        let file = file(period, at: seconds)
        #expect(file.name == .exact(name) && file.end == end)
    }

    @Test func theLastSecondOfAPeriodBelongsToIt() {
        let end = file(.daily, at: Self.friday).end
        #expect(file(.daily, at: end - 1).name == .exact("u_ex260227.log"))
        #expect(file(.daily, at: end).name == .exact("u_ex260228.log"))
    }

    @Test func aWeekBeginsOnSunday() {
        // 8 March 2026 is a Sunday, as the 1st was.
        let saturday: Int64 = 1_772_928_000 - 1
        #expect(file(.weekly, at: saturday).name == .exact("u_ex260301.log"))
        #expect(file(.weekly, at: saturday).end == saturday + 1)
        #expect(file(.weekly, at: saturday + 1).name == .exact("u_ex260302.log"))
    }

    @Test func aDayOfLocalTimeEndsAtLocalMidnight() {
        // Two hours ahead it is 01:05:09 on the 28th.
        let ahead = file(.daily, at: Self.friday, offset: 7200)
        #expect(ahead.name == .exact("u_ex260228.log") && ahead.end == Self.friday - 3909 + 86400)
        // Five hours behind it is 18:05:09 on the 27th.
        let behind = file(.daily, at: Self.friday, offset: -18000)
        #expect(behind.name == .exact("u_ex260227.log") && behind.end == Self.friday + 5 * 3600 + 54 * 60 + 51)
    }

    @Test func aLogBySizeNeverEndsByTime() {
        let file = file(.maximumSize, at: Self.friday)
        #expect(file.name == .numbered(prefix: "u_extend", minimum: 1) && file.end == .max)
        var custom = LogSchedule(period: .maximumSize, zoneOffset: nil)
        custom.suffix = "_x"
        #expect(custom.file(at: 0).name == .numbered(prefix: "u_extend", minimum: 1, suffix: "_x"))
    }
}
