import Crypto
import Testing

/// FIPS 180-4's examples (NIST, "SHA256.pdf") and those of NESSIE.
struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func theStandardsExamplesHold(_ text: String, digest: String) {
        #expect(SHA256.hash(Array(text.utf8)).description == digest)
    }

    @Test func aMillionLettersInPiecesHashLikeAtOnce() {
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 997)
        var hash = SHA256()
        var left = 1_000_000
        while left > 0 {
            let count = min(left, piece.count)
            hash.update(piece.span.extracting(first: count))
            left -= count
        }
        let digest = hash.finish()
        #expect(digest.description == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        #expect(digest == SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)))
    }

    @Test func aHashThatIsNotFinishedIsGivenBack() {
        var hash = SHA256()
        hash.update([1, 2, 3].span)
    }

    @Test func aDigestIsReadFromItsText() {
        let digest = SHA256.hash(Array("abc".utf8))
        #expect(SHA256Digest(digest.description) == digest)
        #expect(SHA256Digest(digest.description.uppercased()) == digest)
        #expect(SHA256Digest(bytes: digest.bytes) == digest)
        for text in [
            "", String(digest.description.dropLast()), digest.description + "00", "g" + digest.description.dropFirst(),
        ] {
            #expect(SHA256Digest(text) == nil)
        }
    }
}
