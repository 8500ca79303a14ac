import Testing

@testable import ConfigurationStore

@Suite struct LineMovesTests {
    /// A hundred rows, one on each line from 10 on.
    private func rows(_ new: (Int) -> Int) -> [(key: Int64, old: Int, new: Int)] {
        (10..<110).map { (key: Int64($0), old: $0, new: new($0)) }
    }

    private func lines(_ rows: [(key: Int64, old: Int, new: Int)]) -> [Int] {
        let moves = LineMoves(rows)
        let singles = Dictionary(uniqueKeysWithValues: moves.singles.map { ($0.key, $0.line) })
        return rows.map { singles[$0.key] ?? $0.old + moves.offset(of: $0.old) }
    }

    @Test func whatStandsWhereItStoodMovesNothing() {
        let moves = LineMoves(rows { $0 })
        #expect(moves.stretches.isEmpty && moves.singles.isEmpty)
    }

    @Test func aLineAboveAllMovesThemAsOne() {
        let moves = LineMoves(rows { $0 + 1 })
        #expect(moves.stretches == [.init(first: 10, offset: 1)])
        #expect(moves.singles.isEmpty)
    }

    @Test func linesInTwoPlacesMakeTwoStretches() {
        let moves = LineMoves(rows { $0 < 20 ? $0 : $0 < 60 ? $0 + 3 : $0 - 2 })
        #expect(moves.stretches == [.init(first: 20, offset: 3), .init(first: 60, offset: -2)])
        #expect(moves.singles.isEmpty)
    }

    @Test func aFewRowsMoveOneByOne() {
        let moves = LineMoves(rows { $0 < 100 ? $0 : $0 + 1 })
        #expect(moves.stretches.isEmpty)
        #expect(moves.singles.map(\.key) == Array(100..<110))
    }

    @Test func whatMovesElsewhereIsPutRightByItself() {
        let moves = LineMoves(rows { $0 == 50 ? 7 : $0 + 1 })
        #expect(
            moves.singles.contains(.init(key: 50, line: 7)) || moves.stretches.contains(.init(first: 50, offset: -43)))
        #expect(lines(rows { $0 == 50 ? 7 : $0 + 1 })[40] == 7)
    }

    @Test func rowsOfOneLineMayPart() {
        let rows = (0..<100).map { (key: Int64($0), old: 5, new: 5 + $0) }
        #expect(lines(rows) == rows.map(\.new))
    }

    @Test(arguments: 0..<50) func everyRowGetsItsLine(_ seed: Int) {
        var random = Seeded(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
        var offset = 0
        let rows = (0..<300).map { number -> (key: Int64, old: Int, new: Int) in
            if Int.random(in: 0..<[3, 20, 150][seed % 3], using: &random) == 0 {
                offset = Int.random(in: -9...9, using: &random)
            }
            let old = 100 + number - Int.random(in: 0...2, using: &random)
            return (key: Int64(number), old: old, new: old + offset)
        }
        #expect(lines(rows) == rows.map(\.new))
        #expect(LineMoves(rows).stretches.count <= LineMoves.stretchLimit)
    }
}

/// xorshift64.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
