import Crypto
import Testing

struct SmallPartsTests {
    @Test(arguments: [("", "", true), ("a", "a", true), ("a", "b", false), ("a", "ab", false), ("ab", "a", false)])
    func bytesAreComparedByAllOfThem(_ left: String, right: String, areEqual: Bool) {
        #expect(ConstantTime.areEqual(Array(left.utf8), Array(right.utf8)) == areEqual)
    }

    @Test func randomBytesAreAsManyAsAskedForAndDiffer() {
        #expect(RandomBytes.make(0).isEmpty)
        #expect(RandomBytes.make(33).count == 33)
        #expect(RandomBytes.make(16) != RandomBytes.make(16))
    }

    /// RFC 4231, test case 2.
    @Test func theMessageCodeIsTheStandards() throws {
        let code = try #require(MessageCode.make(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
        #expect(HexText.text(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    /// Wikipedia's example of HMAC_SHA256("", "").
    @Test func theMessageCodeOfNothingUnderNothingIsOneToo() throws {
        #expect(
            HexText.text(try #require(MessageCode.make([], key: [])))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    /// RFC 1321, A.5, and FIPS 180-4's example.
    @Test func theOldDigestsAreTheStandards() throws {
        let abc = Array("abc".utf8)
        #expect(HexText.text(try #require(OldDigests.md5(abc))) == "900150983cd24fb0d6963f7d28e17f72")
        #expect(HexText.text(try #require(OldDigests.sha1(abc))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test func hexadecimalDigitsAreReadInPairs() {
        #expect(HexText.bytes("00fFa0") == [0, 255, 160])
        #expect(HexText.text([0, 255, 160]) == "00ffa0")
        for text in ["0", "0g", "é0", " 0"] { #expect(HexText.bytes(text) == nil) }
    }
}
