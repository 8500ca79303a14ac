import Crypto
import Testing

struct SecretKeyTests {
    @Test func aKeyTakesTheBytesAndShowsThemToNobody() throws {
        var bytes = [UInt8](repeating: 0xA5, count: SecretKey.size)
        let key = try #require(SecretKey(taking: &bytes))
        #expect(bytes.allSatisfy { $0 == 0 })
        #expect(key.bytes.allSatisfy { $0 == 0xA5 })
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains("165") && !text.lowercased().contains("a5"))
        }
    }

    @Test func onlyBytesOfItsSizeAreAKey() {
        for count in [0, 31, 33] {
            var bytes = [UInt8](repeating: 1, count: count)
            #expect(SecretKey(taking: &bytes) == nil)
        }
    }

    @Test func randomKeysDiffer() {
        #expect(SecretKey.random().bytes != SecretKey.random().bytes)
    }

    @Test func anIdNamesOneKey() throws {
        let key = SecretKey.random()
        var bytes = key.bytes
        let again = try #require(SecretKey(taking: &bytes))
        #expect(again.id == key.id)
        #expect(key.id.count == 8)
        #expect(key.id != SecretKey.random().id)
    }
}
