import Testing

@testable import Platform

@Suite("Access lists")
struct AccessListTests {
    @Test func aModeBecomesAListThatIsReadAgain() throws {
        var list = AccessList(mode: 0o640)
        list.grant([.read], to: 2_100_000_000)
        list.grant([.read, .write], to: 5)
        #expect(try #require(AccessList(list.bytes)) == list)
        #expect(
            list.entries == [
                .init(tag: .owner, permissions: [.read, .write]),
                .init(tag: .user, permissions: [.read, .write], id: 5),
                .init(tag: .user, permissions: .read, id: 2_100_000_000), .init(tag: .owningGroup, permissions: .read),
                .init(tag: .mask, permissions: [.read, .write]), .init(tag: .other, permissions: []),
            ])
        // As the kernel lays it out.
        #expect(list.bytes.prefix(20) == [2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 6, 0, 5, 0, 0, 0])
    }

    @Test func grantingTwiceIsGrantingOnce() {
        var list = AccessList(mode: 0o755)
        list.grant([.read, .execute], to: 7)
        let once = list
        list.grant([.read, .execute], to: 7)
        #expect(list == once)
    }

    @Test func whatAMaskKeptFromOthersDoesNotComeBack() {
        // A group that may write, and a mask that lets it read only.
        var bytes = AccessList(mode: 0o660).bytes
        bytes.insert(contentsOf: [16, 0, 4, 0, 255, 255, 255, 255], at: bytes.count - 8)
        guard var list = AccessList(bytes) else { return #expect(Bool(false)) }
        #expect(list.permissions(of: 9, in: [50], owner: 1, group: 50) == .read)
        list.grant([.read, .write], to: 7)
        #expect(list.permissions(of: 9, in: [50], owner: 1, group: 50) == .read)
        #expect(list.permissions(of: 7, in: [], owner: 1, group: 50) == [.read, .write])
    }

    @Test func theFirstClassThatFitsDecides() {
        var list = AccessList(mode: 0o075)
        list.grant([], to: 7)
        #expect(list.permissions(of: 1, in: [50], owner: 1, group: 50) == [])
        #expect(list.permissions(of: 7, in: [50], owner: 1, group: 50) == [])
        #expect(list.permissions(of: 8, in: [50], owner: 1, group: 50) == [.read, .write, .execute])
        #expect(list.permissions(of: 8, in: [51], owner: 1, group: 50) == [.read, .execute])
    }

    @Test func bytesThatAreNoListAreNone() {
        let good = AccessList(mode: 0o755).bytes
        for length in 0..<good.count { #expect(AccessList(Array(good[..<length])) == nil) }
        #expect(AccessList([1, 0, 0, 0]) == nil)
        #expect(AccessList(good + [3, 0, 7, 0, 0, 0, 0, 0]) == nil)
        #expect(AccessList(good + good[4..<12]) == nil)
    }
}
