import Testing
import Wire

@testable import Modules

struct SignInDelaysTests {
    private let client = IPAddress(v4: 0xC000_0201)

    /// The delays of `count` wrong guesses at one name, all begun at the same moment and each judged at once.
    private func guess(_ delays: inout SignInDelays, _ name: String, _ count: Int, now: UInt64 = 1000) -> [UInt64?] {
        (0..<count).map { _ in
            let delay = delays.begin(name, from: client, now: now)
            delays.end(name, from: client, isRight: false, now: now)
            return delay
        }
    }

    @Test
    func afterThreeWrongGuessesEachWaitsTwiceAsLongBehindTheOneBefore() {
        var delays = SignInDelays()
        #expect(guess(&delays, "bob", 8) == [0, 0, 0, 250, 750, 1750, 3750, 7750])
        #expect(guess(&delays, "bob", 3) == [15750, 23750, 31750])
    }

    @Test
    func othersAreNotSlowedDownByGuessesAtTheirName() {
        var delays = SignInDelays()
        _ = guess(&delays, "bob", 10)
        #expect(delays.begin("bob", from: IPAddress(v4: 0xC000_0202), now: 1000) == 0)
        #expect(delays.begin("alice", from: client, now: 1000) == 0)
    }

    @Test
    func guessesAtManyNamesAreSlowedDownTogether() {
        var delays = SignInDelays()
        for index in 0..<20 { #expect(guess(&delays, "user\(index)", 1) == [0]) }
        #expect(guess(&delays, "another", 1) == [250])
        #expect(guess(&delays, "yet another", 1) == [750])
    }

    @Test
    func theRightPasswordForgivesWhatWasGuessedBefore() {
        var delays = SignInDelays()
        _ = guess(&delays, "bob", 4)
        #expect(delays.begin("bob", from: client, now: 10_000) == 500)
        delays.end("bob", from: client, isRight: true, now: 10_500)
        #expect(guess(&delays, "bob", 1, now: 10_500) == [0])
    }

    @Test
    func guessesThatAreBegunAtOnceCountBeforeTheyAreJudged() {
        var delays = SignInDelays()
        let begun = (0..<16).map { _ in delays.begin("bob", from: client, now: 0) }
        #expect(begun.prefix(4) == [0, 0, 0, 250])
        #expect(!begun.contains(nil))
        #expect(delays.begin("bob", from: client, now: 0) == nil)
        #expect(delays.begin("alice", from: client, now: 0) == nil)
        #expect(delays.begin("bob", from: IPAddress(v4: 1), now: 0) == 0)
    }

    @Test
    func aClientOfIPv6IsItsWholeNetwork() {
        var delays = SignInDelays()
        for low in 0..<UInt64(4) { _ = delays.begin("bob", from: IPAddress(high: 0x2001_0db8, low: low), now: 0) }
        #expect(delays.begin("bob", from: IPAddress(high: 0x2001_0db8, low: 99), now: 0) == 750)
    }

    @Test
    func allIsForgottenInTime() {
        var delays = SignInDelays()
        _ = guess(&delays, "bob", 10, now: 0)
        #expect(guess(&delays, "bob", 1, now: 700_000) == [0])
    }
}
