import Testing

@testable import Platform

@Suite struct MemoryMapTests {
    @Test func onlyWhatTheProcessWritesAndNobodySharesIsItsOwn() {
        let maps = """
            5581a000-5581b000 r-xp 00000000 fe:01 1234   /usr/bin/program
            5581b000-5581d000 rw-p 00001000 fe:01 1234   /usr/bin/program
            5581d000-55820000 rw-p 00000000 00:00 0      [heap]
            7f0000000000-7f0000010000 rw-s 00000000 00:01 77   /memfd:shared
            7f0000010000-7f0000011000 ---p 00000000 00:00 0\u{20}
            nonsense
            """
        #expect(MemoryMap.ownRanges(Array(maps.utf8)) == [0x5581_b000..<0x5581_d000, 0x5581_d000..<0x5582_0000])
    }

    @Test func theMachinesMemoryIsReadWhereverItsLinesStand() throws {
        let text = "Committed_AS:    2048 kB\nMemTotal:       16384 kB\nMemFree:         100 kB\n"
        let memory = try #require(Machine.memory(text))
        #expect(memory.physical == 16384 << 10 && memory.committed == 2048 << 10)
        #expect(Machine.memory("MemTotal: 1 kB\n") == nil)
    }
}
