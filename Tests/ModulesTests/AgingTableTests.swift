import Testing

@testable import Modules

struct AgingTableTests {
    @Test
    func anEntryLivesForAPeriodAndAtMostForTwo() {
        var table = AgingTable<Int, Int>(capacity: 10, period: 100)
        table.update(1, now: 0, default: 0) { $0 += 1 }
        #expect(table.value(of: 1, now: 99) == 1)
        #expect(table.value(of: 1, now: 150) == 1)
        #expect(table.value(of: 1, now: 260) == nil)
    }

    @Test
    func writingKeepsAnEntry() {
        var table = AgingTable<Int, Int>(capacity: 10, period: 100)
        for now in stride(from: UInt64(0), to: 1000, by: 60) { table.update(1, now: now, default: 0) { $0 += 1 } }
        #expect(table.value(of: 1, now: 1000) == 17)
    }

    @Test
    func aLongPauseForgetsEverything() {
        var table = AgingTable<Int, Int>(capacity: 10, period: 100)
        table.update(1, now: 0, default: 5) { _ in }
        #expect(table.value(of: 1, now: 10_000) == nil)
    }

    @Test
    func moreThanTwoGenerationsHoldPushTheEldestOut() {
        var table = AgingTable<Int, Int>(capacity: 4, period: 100)
        for key in 0..<12 { table.update(key, now: 0, default: key) { _ in } }
        let left = (0..<12).filter { table.value(of: $0, now: 0) != nil }
        #expect(left == [4, 5, 6, 7, 8, 9, 10, 11])
        table.remove(5)
        table.remove(11)
        #expect(table.value(of: 5, now: 0) == nil && table.value(of: 11, now: 0) == nil)
    }
}
