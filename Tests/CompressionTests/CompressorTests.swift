import Compression
import CompressionTesting
import HTTP1
import Testing

/// Against the libraries' own decoders.
struct CompressorTests {
    static let texts: [[UInt8]] = [
        [], [0x41], Array("The quick brown fox jumps over the lazy dog. ".utf8),
        Array(String(repeating: "<li>an item of a long list</li>\n", count: 10_000).utf8),
        (0..<70_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) },
    ]

    func compress(_ coding: ContentCoding, _ text: [UInt8], level: Int, piece: Int, knowsSize: Bool) throws -> [UInt8] {
        var compressor = try Compressor(coding, level: level, size: knowsSize ? Int64(text.count) : nil)
        var output: [UInt8] = []
        var start = 0
        while start < text.count {
            let end = min(text.count, start + piece)
            try compressor.compress(text.span.extracting(start..<end), .more, into: &output)
            start = end
        }
        try compressor.compress([UInt8]().span, .finish, into: &output)
        return output
    }

    @Test(arguments: ContentCoding.allCases)
    func whatIsCompressedComesBack(_ coding: ContentCoding) throws {
        for text in Self.texts {
            for (level, piece, knowsSize) in [(0, 1000, false), (7, 65_536, true), (100, 65_536, true)] {
                let coded = try compress(coding, text, level: level, piece: piece, knowsSize: knowsSize)
                #expect(decompress(coding, coded) == text, "\(text.count) bytes at level \(level)")
            }
        }
    }

    @Test(arguments: ContentCoding.allCases)
    func wordsThatRepeatBecomeFewBytes(_ coding: ContentCoding) throws {
        let text = Self.texts[3]
        for level in [0, 7, 10] {
            let coded = try compress(coding, text, level: level, piece: 65_536, knowsSize: true)
            #expect(coded.count * 20 < text.count, "level \(level)")
        }
    }

    @Test(arguments: ContentCoding.allCases)
    func whatIsFlushedCanBeReadBeforeTheEnd(_ coding: ContentCoding) throws {
        var compressor = try Compressor(coding, level: 1)
        var coded: [UInt8] = []
        try compressor.compress(Array("data: one\n\n".utf8).span, .flush, into: &coded)
        #expect(decompress(coding, coded) == Array("data: one\n\n".utf8))
        try compressor.compress(Array("data: two\n\n".utf8).span, .more, into: &coded)
        try compressor.compress([UInt8]().span, .flush, into: &coded)
        #expect(decompress(coding, coded) == Array("data: one\n\ndata: two\n\n".utf8))
        try compressor.compress([UInt8]().span, .finish, into: &coded)
        #expect(decompress(coding, coded) == Array("data: one\n\ndata: two\n\n".utf8))
    }

    @Test func levelsOfIISFitEachLibrary() {
        #expect(Compressor.level(0, of: .gzip) == 1 && Compressor.level(10, of: .gzip) == 9)
        #expect(Compressor.level(7, of: .deflate) == 7 && Compressor.level(0, of: .zstd) == 1)
        #expect(Compressor.level(0, of: .br) == 0 && Compressor.level(12, of: .br) == 11)
        #expect(Compressor.level(22, of: .zstd) == 19)
    }

    @Test func aContentOfAnotherSizeThanWasToldIsAnError() throws {
        var compressor = try Compressor(.zstd, level: 3, size: 10)
        var coded: [UInt8] = []
        #expect(throws: CompressionError.self) {
            try compressor.compress([UInt8](repeating: 1, count: 20).span, .more, into: &coded)
            try compressor.compress([UInt8]().span, .finish, into: &coded)
        }
    }
}
