import Testing

@testable import AspNetCoreModule

private struct Setup: YieldingSetup, Equatable {
    var version = 1
    var ignoresChanges = false

    func yields(to new: Setup?) -> Bool { new != self && !ignoresChanges }
}

private typealias Life = ProgramLife<Setup, String, String>

/// The states of the reference's §19b and the rules of §3 and §4, with a clock of the test's own.
struct ProgramLifeTests {
    private static func serving(_ setup: Setup = Setup()) -> Life {
        var life = Life()
        _ = life.request(isNews: true, now: 0)
        _ = life.looked(.ready(setup), now: 0)
        return life
    }

    private static func isWait(_ answer: Life.Answer) -> Bool { if case .wait = answer { true } else { false } }
    private static func isServe(_ answer: Life.Answer) -> Bool { if case .serve = answer { true } else { false } }

    @Test func theFirstRequestWaitsForALookAndTheNextOnesForTheSame() {
        var life = Life()
        let (first, looks) = life.request(isNews: true, now: 0)
        #expect(Self.isWait(first))
        #expect(looks == [.look])
        let (second, none) = life.request(isNews: true, now: 1)
        #expect(Self.isWait(second))
        #expect(none == [])
        #expect(life.looked(.ready(Setup()), now: 2) == [.open, .release])
        #expect(Self.isServe(life.request(isNews: false, now: 3).0))
    }

    @Test func anOfflinePageIsAnsweredFor200MillisecondsWithoutALook() {
        var life = Life()
        _ = life.request(isNews: true, now: 0)
        #expect(life.looked(.offline("<p>"), now: 1000) == [.release])
        guard case (.offline("<p>"), []) = life.request(isNews: false, now: 1199) else {
            Issue.record("the page was looked for again")
            return
        }
        let (answer, actions) = life.request(isNews: false, now: 1200)
        #expect(Self.isWait(answer))
        #expect(actions == [.look])
    }

    @Test func anOfflinePageStopsWhatServesAndIsToldOnce() {
        var life = Self.serving()
        #expect(life.changed() == [.look])
        #expect(life.looked(.offline("p"), now: 5) == [.tellOffline, .stop])
        // Requests wait for the stop and are not dropped.
        #expect(Self.isWait(life.request(isNews: false, now: 6).0))
        #expect(life.stopped() == [.release])
        #expect(life.request(isNews: false, now: 7).1 == [.look])
        #expect(life.looked(.offline("p"), now: 8) == [.release])
    }

    @Test func whenThePageGoesTheProgramServesAgain() {
        var life = Life()
        _ = life.request(isNews: true, now: 0)
        _ = life.looked(.offline("p"), now: 0)
        #expect(life.changed() == [])
        #expect(life.request(isNews: false, now: 1).1 == [.look])
        #expect(life.looked(.ready(Setup()), now: 2) == [.open, .release])
    }

    @Test func otherSettingsStartTheProgramAnewAndTheSameOnesDoNot() {
        var life = Self.serving()
        #expect(life.request(isNews: true, now: 1).1 == [.look])
        #expect(life.looked(.ready(Setup()), now: 1) == [.release])
        #expect(life.request(isNews: true, now: 2).1 == [.look])
        #expect(life.looked(.ready(Setup(version: 2)), now: 2) == [.stop])
        #expect(life.stopped() == [.release])
        _ = life.request(isNews: false, now: 3)
        #expect(life.looked(.ready(Setup(version: 2)), now: 3) == [.open, .release])
    }

    @Test func aProgramThatIgnoresChangesGoesOnAndStillGoesOffline() {
        var life = Self.serving(Setup(ignoresChanges: true))
        _ = life.changed()
        #expect(life.looked(.ready(Setup(version: 2)), now: 1) == [.release])
        _ = life.changed()
        #expect(life.looked(.failed("broken"), now: 2) == [.release])
        _ = life.changed()
        #expect(life.looked(.offline("p"), now: 3) == [.tellOffline, .stop])
    }

    @Test func aFailureStaysUntilSomethingChanges() {
        var life = Life()
        _ = life.request(isNews: true, now: 0)
        _ = life.looked(.failed("no"), now: 0)
        guard case (.failed("no"), []) = life.request(isNews: false, now: 100) else {
            Issue.record("the failure was forgotten")
            return
        }
        #expect(life.request(isNews: true, now: 101).1 == [.look])
        #expect(life.looked(.ready(Setup()), now: 102) == [.open, .release])
    }

    @Test func whatHappensDuringALookIsLookedAtAgain() {
        var life = Self.serving()
        #expect(life.changed() == [.look])
        #expect(life.changed() == [])
        #expect(life.looked(.ready(Setup()), now: 1) == [.look, .release])
        #expect(life.looked(.ready(Setup()), now: 2) == [.release])
    }

    @Test func whatNobodyWatchesIsLookedAtWhileItServes() {
        var life = Self.serving()
        #expect(life.request(isNews: false, isUnwatched: true, now: 199).1 == [])
        let (answer, actions) = life.request(isNews: false, isUnwatched: true, now: 200)
        #expect(Self.isServe(answer))
        #expect(actions == [.look])
        #expect(life.looked(.offline("p"), now: 201) == [.tellOffline, .stop])
    }

    @Test func theEndStopsWhatServesAndRefusesWhatComes() {
        var life = Self.serving()
        #expect(life.end() == [.stop])
        #expect(Self.isWait(life.request(isNews: false, now: 1).0))
        #expect(life.stopped() == [.release])
        guard case (.refused, []) = life.request(isNews: false, now: 2) else {
            Issue.record("a request was taken after the end")
            return
        }
    }

    @Test func theEndOfWhatDoesNotServeIsAtOnce() {
        var life = Life()
        #expect(life.end() == [.release])
        guard case (.refused, []) = life.request(isNews: true, now: 0) else {
            Issue.record("a request was taken after the end")
            return
        }
    }

    @Test func aLookThatEndsBehindTheEndChangesNothing() {
        var life = Life()
        _ = life.request(isNews: true, now: 0)
        #expect(life.end() == [.release])
        #expect(life.looked(.ready(Setup()), now: 1) == [])
    }
}
