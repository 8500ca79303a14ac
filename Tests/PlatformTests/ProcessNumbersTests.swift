import Glibc
import Testing

@testable import Platform

@Suite("Numbers of processes")
struct ProcessNumbersTests {
    @Test func thisProcessHasMemoryAndTime() throws {
        let memory = try #require(ProcessMemory.of(CurrentProcess.pid))
        #expect(memory.private > 0 && memory.private < memory.resident * 2)
        #expect(try #require(ProcessMemory.resident(of: CurrentProcess.pid)) > 1 << 20)
        #expect(ProcessTime.of(CurrentProcess.pid) != nil)
    }

    @Test func aProcessThatIsNotThereHasNone() {
        #expect(ProcessMemory.of(.max) == nil)
        #expect(ProcessMemory.resident(of: .max) == nil)
        #expect(ProcessTime.of(.max) == nil)
    }

    @Test func privateBytesAreThoseOfNobodyElseInMemoryAndInSwap() throws {
        let page = UInt64(sysconf(Int32(_SC_PAGESIZE)))
        let rollup = """
            5626af894000-7fff18473000 ---p 00000000 00:00 0                          [rollup]
            Rss:                1672 kB
            Shared_Clean:       1520 kB
            Private_Clean:        40 kB
            Private_Dirty:       112 kB
            Swap:                  9 kB
            SwapPss:               8 kB
            """
        let memory = try #require(
            ProcessMemory(pages: Array("765 426 399 5 0 123 0\n".utf8), rollup: Array(rollup.utf8)))
        #expect(memory.resident == 426 * page)
        #expect(memory.private == 160 * 1024)
    }

    @Test func whereTheKernelKeepsThemToItselfWhatNoFileBacksIsPrivate() throws {
        let page = UInt64(sysconf(Int32(_SC_PAGESIZE)))
        let memory = try #require(ProcessMemory(pages: Array("765 426 399 5 0 123 0\n".utf8), rollup: nil))
        #expect(memory.private == 27 * page)
    }

    @Test func aProcessesNameMayHoldAnything() throws {
        let text = "42 (a) b ( 1 2) S 7 42 41 0 -1 4194304 90 0 0 0 5 6 7 8 20 0 1 0 12345 1000 10"
        let status = try #require(ProcessStatus(Array(text.utf8)))
        #expect(status.parent == 7 && status.session == 41)
        #expect(status.time == 26 && status.startTime == 12345)
        #expect(!status.isZombie)
    }

    @Test func linesThatAreCutShortAreNobody() {
        for text in ["", "42 (name", "42 (name) S 7 42", "42 (name) S x y z"] {
            #expect(ProcessStatus(Array(text.utf8)) == nil)
        }
    }
}
