import Testing

@testable import Master

@Suite struct ConfigurationWatchTests {
    private var watch = ConfigurationWatch()
    private let millisecond: UInt64 = 1_000_000

    @Test mutating func aFinishedFileIsReadAtOnce() {
        #expect(watch.handle(.settled, now: 5) == .read(isAsked: false))
        #expect(watch.handle(.read, now: 6) == nil)
    }

    @Test mutating func aFileThatIsBeingWrittenIsReadWhenItsWriterPauses() {
        #expect(watch.handle(.touched, now: 0) == .wait(ConfigurationWatch.quiet))
        #expect(watch.handle(.touched, now: 10 * millisecond) == .wait(ConfigurationWatch.quiet))
        #expect(watch.handle(.expired, now: 15 * millisecond) == .wait(10 * millisecond))
        #expect(watch.handle(.expired, now: 25 * millisecond) == .read(isAsked: false))
    }

    @Test mutating func aWriterThatNeverPausesIsNotWaitedForWithoutEnd() {
        var now: UInt64 = 0
        var step: ConfigurationWatch.Step?
        while step != .read(isAsked: false), now < 1_000 * millisecond {
            step = watch.handle(.touched, now: now)
            now += 5 * millisecond
        }
        #expect(now <= ConfigurationWatch.longestQuiet + 5 * millisecond)
    }

    @Test mutating func closingReadsWhatWasBeingWritten() {
        _ = watch.handle(.touched, now: 0)
        #expect(watch.handle(.settled, now: millisecond) == .read(isAsked: false))
        // The timer of the writing fires all the same.
        #expect(watch.handle(.read, now: 2 * millisecond) == nil)
        #expect(watch.handle(.expired, now: 15 * millisecond) == nil)
    }

    @Test mutating func whatHappensDuringAReadingIsReadAfterIt() {
        _ = watch.handle(.settled, now: 0)
        #expect(watch.handle(.settled, now: 1) == nil)
        #expect(watch.handle(.read, now: 2) == .read(isAsked: false))
        #expect(watch.handle(.read, now: 3) == nil)
    }

    @Test mutating func aFileThatIsAwayForAMomentIsNoError() {
        #expect(watch.handle(.gone, now: 0) == .wait(ConfigurationWatch.absence))
        #expect(watch.handle(.settled, now: millisecond) == .read(isAsked: false))
        #expect(watch.handle(.read, now: millisecond) == nil)
    }

    @Test mutating func anErrorIsToldWhenItStays() {
        #expect(watch.handle(.settled, now: 0) == .read(isAsked: false))
        var now: UInt64 = 0
        for doubt in ConfigurationWatch.doubts {
            #expect(watch.handle(.failed, now: now) == .wait(doubt))
            now += doubt
            #expect(watch.handle(.expired, now: now) == .read(isAsked: false))
        }
        #expect(watch.handle(.failed, now: now) == .tell)
    }

    @Test mutating func aFileThatIsMendedInTimeIsNeverComplainedAbout() {
        _ = watch.handle(.settled, now: 0)
        #expect(watch.handle(.failed, now: 0) == .wait(ConfigurationWatch.doubts[0]))
        #expect(watch.handle(.settled, now: 1) == .read(isAsked: false))
        #expect(watch.handle(.read, now: 2) == nil)
        // And the next error has its doubts again.
        _ = watch.handle(.settled, now: 3)
        #expect(watch.handle(.failed, now: 3) == .wait(ConfigurationWatch.doubts[0]))
    }

    @Test mutating func whoAskedIsNotForgottenWhereTheFirstReadingFails() {
        #expect(watch.handle(.asked, now: 0) == .read(isAsked: true))
        #expect(watch.handle(.failed, now: 0) == .wait(ConfigurationWatch.doubts[0]))
        #expect(watch.handle(.expired, now: ConfigurationWatch.doubts[0]) == .read(isAsked: true))
        #expect(watch.handle(.read, now: ConfigurationWatch.doubts[0]) == nil)
        let now = ConfigurationWatch.doubts[0] + 1
        #expect(watch.handle(.settled, now: now) == .read(isAsked: false))
    }

    @Test mutating func whoAsksHasItAppliedEvenIfNothingChanged() {
        #expect(watch.handle(.asked, now: 0) == .read(isAsked: true))
        #expect(watch.handle(.asked, now: 1) == nil)
        #expect(watch.handle(.read, now: 2) == .read(isAsked: true))
        #expect(watch.handle(.read, now: 3) == nil)
        #expect(watch.handle(.settled, now: 4) == .read(isAsked: false))
    }
}
