import Glibc
import Testing

@testable import Platform
@testable import Worker

struct KeptFilesTests {
    private static let second: UInt64 = 1_000_000_000
    private var files = KeptFiles(limit: 2)

    private func stamp(_ inode: UInt, modified: Int = 0) -> FileStamp {
        var status = stat()
        status.st_ino = inode
        status.st_mtim.tv_sec = modified
        return FileStamp(status)
    }

    /// Sends the file twice; answers the place that it gets.
    private mutating func sendTwice(_ inode: UInt, at now: UInt64) -> KeptFiles.Place? {
        _ = files.admit(stamp(inode), now: now)
        return files.admit(stamp(inode), now: now)
    }

    @Test mutating func aFileIsKeptWhenItIsSentASecondTime() {
        #expect(files.admit(stamp(1), now: 0) == nil)
        #expect(files.use(stamp(1), now: 0) == nil)
        let place = files.admit(stamp(1), now: 9 * Self.second)
        #expect(place?.isReplacement == false)
        #expect(files.use(stamp(1), now: 9 * Self.second) == place?.number)
        #expect(files.contains(stamp(1)))
        // It is kept already.
        #expect(files.admit(stamp(1), now: 9 * Self.second) == nil)
    }

    @Test mutating func aFileThatIsRarelySentIsNot() {
        #expect(files.admit(stamp(1), now: 0) == nil)
        #expect(files.admit(stamp(1), now: 10 * Self.second) == nil)
        #expect(files.isEmpty)
    }

    @Test mutating func anotherStateIsAnotherFile() {
        #expect(sendTwice(1, at: 0) != nil)
        #expect(!files.contains(stamp(1, modified: 1)))
        #expect(files.use(stamp(1, modified: 1), now: 0) == nil)
    }

    @Test mutating func theLongestUnusedFileGivesWayUnlessItWasSentWithinASecond() {
        let first = sendTwice(1, at: 0)
        let second = sendTwice(2, at: 0)
        #expect(first?.number != second?.number)
        #expect(sendTwice(3, at: Self.second - 1) == nil)
        _ = files.use(stamp(1), now: Self.second)
        #expect(files.admit(stamp(3), now: Self.second) == second.map { .init(number: $0.number, isReplacement: true) })
        #expect(!files.contains(stamp(2)) && files.contains(stamp(1)) && files.contains(stamp(3)))
    }

    @Test mutating func whatIsNotSentForTenSecondsIsLetGo() {
        let first = sendTwice(1, at: 0)
        let second = sendTwice(2, at: 0)
        _ = files.use(stamp(2), now: Self.second)
        #expect(files.dropIdle(now: 10 * Self.second) == [first?.number])
        #expect(files.dropIdle(now: 11 * Self.second) == [second?.number])
        #expect(files.isEmpty)
        // Their numbers are free.
        #expect(sendTwice(3, at: 11 * Self.second)?.isReplacement == false)
        #expect(sendTwice(4, at: 11 * Self.second)?.isReplacement == false)
    }

    @Test func nothingIsKeptWhereTheRouterTakesNoFiles() {
        var files = KeptFiles(limit: 0)
        for _ in 0..<3 { #expect(files.admit(stamp(1), now: 0) == nil) }
    }
}
