import Testing

@testable import Modules

struct BoundedTableTests {
    private func table(_ keys: ClosedRange<Int>) -> BoundedTable<Int, String> {
        var table = BoundedTable<Int, String>()
        for key in keys { table.insert("\(key)", key, cost: 10, capacity: 30) }
        return table
    }

    @Test
    func whatWasNotUsedGoesFirst() {
        var table = table(1...3)
        _ = table.find(1)
        table.insert("4", 4, cost: 10, capacity: 30)
        #expect(table.find(2) == nil)
        #expect(table.find(1) == "1" && table.find(3) == "3" && table.find(4) == "4")
        #expect(table.size == 30)
    }

    @Test
    func aNewcomerStaysThoughAllOthersAreInUse() {
        var table = table(1...3)
        for key in 1...3 { _ = table.find(key) }
        table.insert("4", 4, cost: 10, capacity: 30)
        #expect(table.find(4) == "4")
        #expect(table.size == 30)
    }

    @Test
    func whatIsLargerThanAllRoomIsNotTaken() {
        var table = table(1...3)
        table.insert("4", 4, cost: 31, capacity: 30)
        #expect(table.find(4) == nil && table.size == 30)
    }
}
