import Testing

@testable import Master

@Suite struct ShareWatchTests {
    private static let period: UInt64 = 180_000_000_000
    private var watch = ShareWatch(period: period, isAway: false)

    @Test mutating func anAnnouncedChangeIsVisitedAndTheFolderLookedAtAfterThePeriod() {
        #expect(watch.handle(.announced(.settled), now: 0) == [.visit(isAsked: false)])
        #expect(watch.handle(.visited(.read), now: 1) == [.look(after: Self.period)])
        #expect(watch.handle(.lookDue, now: Self.period) == [.visit(isAsked: false)])
    }

    @Test mutating func thereIsOneVisitAtATime() {
        _ = watch.handle(.announced(.settled), now: 0)
        #expect(watch.handle(.announced(.settled), now: 1) == [])
        #expect(watch.handle(.lookDue, now: 2) == [])
        // What was announced meanwhile is visited afterwards.
        #expect(watch.handle(.visited(.read), now: 3) == [.visit(isAsked: false)])
    }

    @Test mutating func aFolderThatDoesNotAnswerCountsAsAwayAndIsAskedNothingMore() {
        _ = watch.handle(.announced(.settled), now: 0)
        #expect(watch.handle(.overdue, now: ShareWatch.patience) == [.tellAway(isNew: true)])
        #expect(watch.handle(.lookDue, now: ShareWatch.patience + 1) == [])
        #expect(watch.handle(.announced(.asked), now: ShareWatch.patience + 2) == [.tellAway(isNew: false)])
        // The thread comes back at last.
        #expect(
            watch.handle(.visited(.read), now: 2 * ShareWatch.patience) == [.tellBack, .look(after: Self.period)])
    }

    @Test mutating func aFolderThatGoesIsDoubtedThenToldOnceAndLookedForUntilItIsBack() {
        _ = watch.handle(.announced(.gone), now: 0)
        var now = ConfigurationWatch.absence
        #expect(watch.handle(.paused, now: now) == [.visit(isAsked: false)])
        for doubt in ConfigurationWatch.doubts {
            #expect(watch.handle(.visited(.unreachable), now: now) == [.wait(doubt), .look(after: Self.period)])
            now += doubt
            #expect(watch.handle(.paused, now: now) == [.visit(isAsked: false)])
        }
        let look = ShareWatch.Step.look(after: ShareWatch.absence)
        #expect(watch.handle(.visited(.unreachable), now: now) == [.tellAway(isNew: true), look])
        #expect(watch.handle(.lookDue, now: now + 1) == [.visit(isAsked: false)])
        #expect(watch.handle(.visited(.unreachable), now: now + 2) == [.tellAway(isNew: false), look])
        _ = watch.handle(.lookDue, now: now + 3)
        #expect(watch.handle(.visited(.read), now: now + 4) == [.tellBack, .look(after: Self.period)])
    }

    @Test mutating func aBrokenFileInAFolderThatIsBackIsToldAsBroken() {
        watch = ShareWatch(period: Self.period, isAway: true)
        _ = watch.handle(.announced(.settled), now: 0)
        #expect(watch.handle(.visited(.rejected), now: 1).first == .tellBack)
        var now: UInt64 = 1
        var steps: [ShareWatch.Step] = []
        for doubt in ConfigurationWatch.doubts {
            now += doubt
            #expect(watch.handle(.paused, now: now) == [.visit(isAsked: false)])
            steps = watch.handle(.visited(.rejected), now: now)
        }
        #expect(steps == [.tellRejected, .look(after: Self.period)])
        #expect(!watch.isAway)
    }

    @Test mutating func whoAsksIsAnsweredByTheVisit() {
        #expect(watch.handle(.announced(.asked), now: 0) == [.visit(isAsked: true)])
    }
}
