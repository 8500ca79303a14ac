import Glibc
import Platform
import TestSupport
import Testing

struct ProcessFamilyTests {
    /// This process is 10; it started 20 (the leader) and 30, and adopted what else has the parent 10.
    private static func members(
        _ entries: [ProcessTable.Entry], marked: Set<Int32> = [], knowsStarts: Bool = true, withStrangers: Bool = false
    ) -> [Int32] {
        let table = ProcessTable(
            [
                .init(pid: 1, parent: 0, group: 1, startTime: 0), .init(pid: 10, parent: 1, group: 10, startTime: 10),
                .init(pid: 20, parent: 10, group: 20, startTime: 100),
                .init(pid: 30, parent: 10, group: 30, startTime: 90),
            ] + entries)
        let family = ProcessFamily(leader: .init(pid: 20, startTime: 100), mark: "A=1")
        return family.members(
            in: table, own: 10, started: knowsStarts ? [20, 30] : nil, withStrangers: withStrangers
        ) { marked.contains($0) }.map(\.pid)
    }

    @Test func descendantsBelongToTheFamilyAndOthersOfTheWorkerDoNot() {
        #expect(
            Self.members([
                .init(pid: 21, parent: 20, group: 20, startTime: 101),
                .init(pid: 22, parent: 21, group: 22, startTime: 102),
                .init(pid: 31, parent: 30, group: 30, startTime: 101),
            ]) == [20, 21, 22])
    }

    @Test func orphansOfItsGroupBelongToIt() {
        #expect(Self.members([.init(pid: 21, parent: 10, group: 20, startTime: 101)]) == [20, 21])
    }

    @Test func orphansOfAnotherGroupAreKnownByTheirMark() {
        let orphans: [ProcessTable.Entry] = [
            .init(pid: 21, parent: 10, group: 21, startTime: 101),
            .init(pid: 22, parent: 21, group: 21, startTime: 102),
            .init(pid: 23, parent: 10, group: 23, startTime: 101),
        ]
        #expect(Self.members(orphans, marked: [21]) == [20, 21, 22])
        #expect(Self.members(orphans) == [20])
    }

    @Test func strangersBelongToItWhereItIsTheOnlyFamily() {
        let orphans: [ProcessTable.Entry] = [
            .init(pid: 21, parent: 10, group: 21, startTime: 101), .init(pid: 9, parent: 10, group: 9, startTime: 50),
        ]
        // What was there before it is none of it, nor what the worker started itself.
        #expect(Self.members(orphans, withStrangers: true) == [20, 21])
        #expect(Self.members(orphans, knowsStarts: false, withStrangers: true) == [20])
    }

    @Test func anotherProcessWithTheLeadersNumberIsNotTheLeader() {
        let table = ProcessTable([.init(pid: 20, parent: 10, group: 5, startTime: 700)])
        let family = ProcessFamily(leader: .init(pid: 20, startTime: 100), mark: "A=1")
        #expect(family.members(in: table, own: 10, started: [20], withStrangers: false) { _ in false }.isEmpty)
    }

    @Test func whatHasEndedIsNoMember() {
        #expect(Self.members([.init(pid: 21, parent: 20, group: 20, startTime: 101, isZombie: true)]) == [20])
    }
}
