import Testing

@testable import HostModel

/// What many versions share is what each would have by itself.
@Suite struct SharingTests {
    private final class Object {}

    @Test func whereObjectsStoodIsFoundWhateverCameAndWent() {
        for _ in 0..<300 {
            let old = (0..<Int.random(in: 0..<12)).map { _ in Object() }
            var new = old
            for _ in 0..<Int.random(in: 0..<4) {
                switch Int.random(in: 0..<4) {
                case 0: new.insert(Object(), at: Int.random(in: 0...new.count))
                case 1 where !new.isEmpty: new.remove(at: Int.random(in: 0..<new.count))
                case 2 where !new.isEmpty: new[Int.random(in: 0..<new.count)] = Object()
                case 3 where !new.isEmpty:
                    new.swapAt(Int.random(in: 0..<new.count), Int.random(in: 0..<new.count))
                default: break
                }
            }
            let origins = Origins(new, in: old, isSame: { $0 === $1 }, identity: { ObjectIdentifier($0) })
            let places = new.map { object in old.firstIndex { $0 === object } }
            #expect(new.indices.map { origins[$0] } == places)
            #expect(origins.fresh == new.indices.filter { places[$0] == nil })
            #expect(origins.gone == old.indices.filter { !places.contains($0) })
            let isKept = old.count == new.count && new.indices.allSatisfy { places[$0] == nil || places[$0] == $0 }
            #expect(origins.keepsPlaces == isKept)
        }
    }

    @Test func aTableIsWhatADictionaryWouldBeAndLeavesItsCopiesAlone() {
        var table = LayeredTable<Int, Int>()
        var plain: [Int: Int] = [:]
        for key in 0..<50 {
            table.change(key, from: 7) { $0 += key }
            plain[key] = 7 + key
        }
        table.share()
        var copies: [(LayeredTable<Int, Int>, [Int: Int])] = []
        // More than once as many as are kept apart.
        for _ in 0..<500 {
            let key = Int.random(in: 0..<200)
            if Bool.random() {
                table.change(key, from: 1) { $0 += 2 }
                plain[key] = (plain[key] ?? 1) + 2
            } else {
                table[key] = nil
                plain[key] = nil
            }
            if Int.random(in: 0..<10) == 0 { copies.append((table, plain)) }
        }
        copies.append((table, plain))
        for (table, plain) in copies { #expect((0..<200).map { table[$0] } == (0..<200).map { plain[$0] }) }
    }

    /// Every pair of names that is the same in one case of letters, beyond ASCII too.
    @Test func aPoolIsFoundInEverySiteThatUsesIt() throws {
        let names = ["Pool", "pOOL", "Straße", "STRASSE", "straße", "K", "\u{212A}", "k", "İ", "i̇", "i"]
        for one in names {
            let site = try model(pools: "", sites: siteText("S", id: 1, pool: one)).sites[0]
            for other in names {
                #expect(site.uses(SoughtPool(other)) == (one.lowercased() == other.lowercased()), "\(one) \(other)")
            }
        }
    }
}
