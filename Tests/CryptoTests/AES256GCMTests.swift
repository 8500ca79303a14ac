import Testing

@testable import Crypto

/// The vectors of "The Galois/Counter Mode of Operation" (McGrew, Viega), appendix B, cases 13 to 16: AES-256.
struct AES256GCMTests {
    struct Case: Sendable {
        let key: String
        let nonce: String
        let context: String
        let clear: String
        let sealed: String
    }

    private static let long =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    private static let longSealed =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    private static let longKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"

    static let cases = [
        Case(
            key: String(repeating: "0", count: 64), nonce: String(repeating: "0", count: 24), context: "", clear: "",
            sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
        Case(
            key: String(repeating: "0", count: 64), nonce: String(repeating: "0", count: 24), context: "",
            clear: String(repeating: "0", count: 32),
            sealed: "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919"),
        Case(
            key: longKey, nonce: "cafebabefacedbaddecaf888", context: "", clear: long + "1aafd255",
            sealed: longSealed + "898015ad" + "b094dac5d93471bdec1a502270e3cc6c"),
        Case(
            key: longKey, nonce: "cafebabefacedbaddecaf888", context: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            clear: long, sealed: longSealed + "76fc6ece0f4e1768cddf8853bb2d551b"),
    ]

    private func key(_ text: String) throws -> SecretKey {
        var bytes = try #require(HexText.bytes(text))
        return try #require(SecretKey(taking: &bytes))
    }

    @Test(arguments: cases)
    func theVectorsAreSealedAndOpened(_ vector: Case) throws {
        let key = try key(vector.key)
        let nonce = try #require(HexText.bytes(vector.nonce))
        let context = try #require(HexText.bytes(vector.context))
        let clear = try #require(HexText.bytes(vector.clear))
        let sealed = AES256GCM.seal(clear, with: key, for: context, nonce: nonce)
        #expect(HexText.text(sealed) == vector.sealed)
        #expect(AES256GCM.open(nonce + sealed, with: key, for: context) == clear)
    }

    @Test func everyChangedBitIsSeen() throws {
        let key = SecretKey.random()
        let sealed = AES256GCM.seal(Array("secret".utf8), with: key, for: [7])
        #expect(AES256GCM.open(sealed, with: key, for: [7]) == Array("secret".utf8))
        for bit in 0..<sealed.count * 8 {
            var other = sealed
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(AES256GCM.open(other, with: key, for: [7]) == nil)
        }
        for count in 0..<sealed.count {
            #expect(AES256GCM.open(Array(sealed.prefix(count)), with: key, for: [7]) == nil)
        }
        #expect(AES256GCM.open(sealed, with: key, for: []) == nil)
        #expect(AES256GCM.open(sealed, with: .random(), for: [7]) == nil)
    }

    @Test func twoSealsOfOneTextAreNotAlike() {
        let key = SecretKey.random()
        #expect(AES256GCM.seal([1], with: key, for: []) != AES256GCM.seal([1], with: key, for: []))
    }
}
