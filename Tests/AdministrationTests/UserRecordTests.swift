import Testing

@testable import Administration

@Suite("The record of users")
struct UserRecordTests {
    private func record(_ text: String) throws -> UserRecord { try UserRecord(Array(text.utf8)) }

    @Test func anAdditionIsReadAgain() throws {
        var text: [UInt8] = []
        let owners: [UserRecord.Owner] = [
            .init(pool: "DefaultAppPool"), .account("hostelry-router"), .init(pool: "a b%/\n!ü.x"), .init(pool: ".."),
        ]
        for owner in owners {
            let record = try UserRecord(text)
            text += record.addition(try #require(record.next()), owner)
        }
        let users = try UserRecord(text).users
        #expect(owners.map { users[$0] } == (0..<4).map { 2_100_000_000 + UInt32($0) })
    }

    @Test func poolsAreTheSameInAnyCaseOfLetters() throws {
        #expect(try record("2100000007 pool shop\n").users[.init(pool: "SHOP")] == 2_100_000_007)
    }

    @Test(arguments: ["2", "2100000001", "2100000001 pool b", "2100000001 pool bb\u{0}\u{0}"])
    func aLineThatWasCutShortMeansNothingAndIsEndedByTheNext(_ rest: String) throws {
        let text = "2100000000 pool a\n\(rest)"
        let torn = try record(text)
        #expect(torn.users == [.init(pool: "a"): 2_100_000_000])
        let repaired = Array(text.utf8) + torn.addition(2_100_000_001, .init(pool: "c"))
        #expect(
            try UserRecord(repaired).users == [
                .init(pool: "a"): 2_100_000_000, .init(pool: "c"): 2_100_000_001,
            ])
        // A crash in the middle of the repair is the same thing again.
        for length in text.utf8.count..<repaired.count {
            #expect(try UserRecord(Array(repaired[..<length])).users == torn.users)
        }
    }

    @Test(arguments: [
        ("2100000000 pool a\nnonsense\n", 2), ("2100000000 pool a\n\n", 2), ("5 pool a\n", 1),
        ("2100000000 pool a\n2100000000 pool b\n", 2), ("2100000000 pool a\n2100000001 pool a\n", 2),
        ("2100000000 pool a b\n", 1), ("2100000000 pool %zz\n", 1), ("2100000000 group a\n", 1),
        ("2100000000 pool \n", 1), ("2100000000 pool %61\n", 1),
    ])
    func otherDamageIsRefusedWithItsLine(_ text: String, _ line: Int) {
        #expect { try record(text) } throws: { ($0 as? UserRecord.Damage)?.line == line }
    }

    @Test func aNumberIsNeverGivenAgain() throws {
        #expect(try record("2100000041 pool a\n2100000007 pool b\n").next() == 2_100_000_042)
        #expect(try record("2100000041 pool a\n").next(beyond: [2_100_000_050, 1000]) == 2_100_000_051)
        #expect(try record("2100999999 pool a\n").next() == nil)
    }

    @Test func aNameIsOneHarmlessFileName() {
        #expect(UserRecord.escaped("../x y") == "%2E.%2Fx%20y")
        #expect(UserRecord.escaped("Größe_1-a.b") == "Größe_1-a.b")
        #expect(UserRecord.escaped("a@b%") == "a%40b%25")
    }
}
