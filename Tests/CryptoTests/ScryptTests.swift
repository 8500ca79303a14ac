import Testing

@testable import Crypto

/// RFC 7914, section 12; the last vector takes 1 GB and is left out.
struct ScryptTests {
    @Test(arguments: [
        (
            "", "", UInt64(16), UInt64(1), UInt64(1),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
        (
            "password", "NaCl", 1024, 8, 16,
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
        (
            "pleaseletmein", "SodiumChloride", 16384, 8, 1,
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        ),
    ])
    func theVectorsHold(
        _ password: String, salt: String, cost: UInt64, blockSize: UInt64, parallelism: UInt64, output: String
    ) throws {
        let scrypt = try #require(Scrypt(cost: cost, blockSize: blockSize, parallelism: parallelism))
        let derived = try #require(scrypt.derive(Array(password.utf8), Array(salt.utf8), count: 64))
        #expect(HexText.text(derived) == output)
        let key = try #require(scrypt.key(password: Array(password.utf8), salt: Array(salt.utf8)))
        #expect(HexText.text(key.bytes) == output.prefix(64))
    }

    @Test(arguments: [
        (UInt64(0), UInt64(8), UInt64(1)), (1, 8, 1), (3, 8, 1), (1 << 40, 8, 1), (1 << 24, 64, 1), (1024, 0, 1),
        (1024, 8, 0), (1024, 8, 17), (1024, .max, 1), (.max, 8, 1),
    ])
    func whatMakesNoSenseOrCostsTooMuchIsRefused(_ cost: UInt64, blockSize: UInt64, parallelism: UInt64) {
        #expect(Scrypt(cost: cost, blockSize: blockSize, parallelism: parallelism) == nil)
    }
}
