import Testing

@testable import AspNetCoreModule

@Suite struct CapturedOutputTests {
    private func captured(_ pieces: [[UInt8]]) -> CapturedOutput {
        var capture = CapturedOutput()
        for piece in pieces { capture.append(piece) }
        return capture
    }

    @Test func thirtyThousandCharactersAreKeptNotBytes() {
        let capture = captured([Array(String(repeating: "漢", count: 31_000).utf8)])
        #expect(capture.text == String(repeating: "漢", count: 30_000))
        #expect(capture.isFull)
    }

    @Test func exactlyAsManyAsThereIsRoomForAreAllKept() {
        #expect(captured([Array(String(repeating: "a", count: 30_000).utf8)]).text.count == 30_000)
    }

    @Test func aCharacterThatComesInPiecesIsOne() {
        let bytes = Array("a漢😀ö".utf8)
        #expect(captured(bytes.map { [$0] }).text == "a漢😀ö")
    }

    @Test func anUnfinishedCharacterAtTheEndIsLeftOut() {
        #expect(captured([Array("a漢".utf8.dropLast())]).text == "a")
        #expect(
            captured([Array(String(repeating: "漢", count: 30_000).utf8), [0xE6]]).text.unicodeScalars.count == 30_000)
    }

    @Test func whatIsNoTextTakesNoMoreMemoryThanText() {
        for byte in [UInt8(0x80), 0xFF, 0xC0] {
            let capture = captured([[UInt8]](repeating: [UInt8](repeating: byte, count: 1000), count: 100))
            #expect(capture.isFull)
            #expect(capture.text == String(repeating: "\u{FFFD}", count: 30_000))
        }
    }

    @Test func whatComesAfterTheCapChangesNothing() {
        var capture = captured([Array(String(repeating: "a", count: 30_000).utf8)])
        capture.append(Array("more".utf8))
        #expect(capture.text == String(repeating: "a", count: 30_000))
    }
}
