import Testing

@testable import Modules

/// RFC 9110, 14.1.2 and 14.2.
struct ByteRangesTests {
    private func ranges(_ field: String, _ length: Int64 = 10_000) -> ByteRanges {
        let bytes = Array(field.utf8)
        return ByteRanges(bytes.span, length: length)
    }

    /// The examples of RFC 9110, 14.1.2, whose representation has 10,000 bytes.
    @Test(
        arguments: [
            ("bytes=0-499", [0..<500]), ("bytes=500-999", [500..<1000]), ("bytes=-500", [9500..<10_000]),
            ("bytes=9500-", [9500..<10_000]), ("bytes=0-0,-1", [0..<1, 9999..<10_000]),
            ("bytes= 0-999, 4500-5499, -1000", [0..<1000, 4500..<5500, 9000..<10_000]),
            ("bytes=500-600,601-999", [500..<601, 601..<1000]), ("bytes=500-700,601-999", [500..<701, 601..<1000]),
        ] as [(String, [Range<Int64>])])
    func theExamplesOfTheStandardMeanWhatItSays(_ field: String, _ expected: [Range<Int64>]) {
        #expect(ranges(field) == .parts(expected))
    }

    @Test(
        arguments: [
            ("bytes=0-99999", [0..<10_000]), ("bytes=-20000", [0..<10_000]), ("BYTES=1-1", [1..<2]),
            ("bytes=0-0,20000-", [0..<1]), ("bytes=,,0-0, ,\t5-6", [0..<1, 5..<7]),
            ("bytes=9999-99999999999999999999999999", [9999..<10_000]),
            ("bytes=-99999999999999999999999999", [0..<10_000]), ("bytes=5-6,0-0", [5..<7, 0..<1]),
        ] as [(String, [Range<Int64>])])
    func whatGoesBeyondTheEndIsCutOff(_ field: String, _ expected: [Range<Int64>]) {
        #expect(ranges(field) == .parts(expected))
    }

    @Test(arguments: [
        "bytes=10000-", "bytes=-0", "bytes=10000-10001,20000-", "bytes=99999999999999999999999999-", "bytes=-0,-0",
    ])
    func whatHasNothingOfTheFileCannotBeSatisfied(_ field: String) {
        #expect(ranges(field) == .unsatisfiable)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=,", "bytes=5-1", "bytes=a-b", "bytes=1", "bytes=-", "bytes=--1", "bytes=1-2-3",
        "bytes 0-1", "items=0-1", "bytes=0-1,x", "bytes=0x1-2", "bytes=1 -2", "bytes=+1-2", "bytes =0-1",
    ])
    func whatIsNotUnderstoodCountsForNothing(_ field: String) {
        #expect(ranges(field) == .whole)
    }

    @Test
    func whatAsksForMoreWorkThanItIsWorthGetsTheWhole() {
        let hundred = (0..<100).map { "\($0)-\($0 + 50)" }.joined(separator: ",")
        #expect(ranges("bytes=" + hundred) == .whole)
        #expect(ranges("bytes=" + Array(repeating: "0-", count: 1300).joined(separator: ",")) == .whole)
        #expect(ranges("bytes=0-10,5-15,9-20") == .whole)
        #expect(ranges("bytes=0-,0-") == .whole)
        let apart = (0..<64).map { "\($0 * 2)-\($0 * 2)" }
        #expect(ranges("bytes=" + apart.joined(separator: ",")) != .whole)
        #expect(ranges("bytes=" + (apart + ["500-500"]).joined(separator: ",")) == .whole)
    }

    @Test
    func nothingHasNoParts() {
        #expect(ranges("bytes=0-", 0) == .whole)
        #expect(ranges("bytes=-5", 0) == .whole)
    }
}
