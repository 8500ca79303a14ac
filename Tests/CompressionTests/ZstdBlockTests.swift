import Compression
import Testing

@Suite struct ZstdBlockTests {
    @Test(arguments: [0, 1, 1000, 3_000_000])
    func bytesComeBack(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let frame = try ZstdBlock.compress(bytes)
        #expect(try ZstdBlock.decompress(frame, size: count) == bytes)
    }

    @Test func whatThePrefixHoldsCostsNextToNothing() throws {
        var generator = SystemRandomNumberGenerator()
        let prefix = (0..<4_000_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let bytes = prefix[1_000_000..<3_000_000] + [1, 2, 3]
        let frame = try ZstdBlock.compress(Array(bytes), onto: prefix)
        #expect(frame.count < 10_000)
        #expect(try ZstdBlock.decompress(frame, onto: prefix, size: bytes.count) == Array(bytes))
    }

    @Test func aFrameOfAnotherSizeIsRefused() throws {
        let frame = try ZstdBlock.compress([1, 2, 3])
        #expect(throws: CompressionError.self) { try ZstdBlock.decompress(frame, size: 2) }
        #expect(throws: CompressionError.self) { try ZstdBlock.decompress(frame, size: 4) }
        #expect(throws: CompressionError.self) { try ZstdBlock.decompress([1, 2, 3], size: 3) }
    }
}
