import Testing

@testable import Router

struct LinkLedgerTests {
    @Test func aWorkersLinksGoToTheLoopsOneByOne() {
        var ledger = LinkLedger(loopCount: 3)
        let numbers = (0..<5).map { _ in ledger.assign(1, of: 7) }
        #expect(numbers == [0, 1, 2, nil, nil])
        let other = ledger.assign(2, of: 7)
        #expect(other == 0)
    }

    @Test func theMasterIsAskedOnceUntilAWorkerComesOrNoneWill() {
        var ledger = LinkLedger(loopCount: 2)
        let first = [ledger.wants(7), ledger.wants(7), ledger.wants(8)]
        #expect(first == [true, false, true])
        ledger.activationFailed(7)
        let again = ledger.wants(7)
        #expect(again)
        _ = ledger.assign(1, of: 7)
        let onTheWay = ledger.wants(7)
        #expect(!onTheWay, "the other loop's link is on its way")
    }

    @Test func aBrokenLinkIsToldOnceAndTheWorkerGetsNoFurtherOne() {
        var ledger = LinkLedger(loopCount: 3)
        _ = ledger.assign(1, of: 7)
        _ = ledger.assign(1, of: 7)
        let first = ledger.ended(1)
        let next = ledger.assign(1, of: 7)
        let asks = ledger.wants(7)
        let second = ledger.ended(1)
        #expect(first && next == nil && asks && !second)
    }

    @Test func aRetiredWorkersLinksEndWithoutAWord() {
        var ledger = LinkLedger(loopCount: 2)
        _ = ledger.assign(1, of: 7)
        _ = ledger.assign(1, of: 7)
        ledger.retire(1)
        let asks = ledger.wants(7)
        let ends = [ledger.ended(1), ledger.ended(1), ledger.ended(1)]
        #expect(asks && ends == [false, false, false])
    }
}
