import Administration
import Events
import Glibc
import Platform
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import ConfigurationStore

@Suite("Copying events into the history")
struct EventArchiveTests {
    private final class Recorder: EventRecorder {
        private let state = Mutex<[Event]>([])
        var events: [Event] { state.withLock { $0 } }
        var kinds: [EventKind] { events.map(\.kind) }

        func record(_ event: Event) { state.withLock { $0.append(event) } }
    }

    private let folder: TemporaryFolder
    private let log = Recorder()
    private let threads: BlockingThreads
    private let archive: EventArchive

    init() throws {
        folder = try TemporaryFolder()
        folder.makeFolder("events")
        threads = try BlockingThreads(limit: 1)
        archive = Self.archive(folder, threads, log)
    }

    private static func archive(_ folder: TemporaryFolder, _ threads: BlockingThreads, _ log: Recorder) -> EventArchive
    {
        EventArchive(stateFolder: folder.path, on: threads, log: log, busyTimeout: .milliseconds(1)) {}
    }

    private func file(_ first: Int) -> String {
        "events/\(String(repeating: "0", count: 20 - "\(first)".count))\(first).jsonl"
    }

    /// Events are in a file that begins with the number `first`; `delay` seconds after the time that their number says.
    private func happen(_ sequences: ClosedRange<Int>, in first: Int = 1, delay: Int = 0) throws {
        let lines = sequences.map {
            Happened.line(Event(.siteStarted, "Site \"x\"", "text"), $0, at: $0 + delay) + "\n"
        }
        try folder.write(file(first), Array(lines.joined().utf8), flags: O_APPEND)
    }

    /// Until everything that follows from it is done: each batch has the next one begin.
    private func look(_ archive: EventArchive? = nil) throws {
        (archive ?? self.archive).tick()
        for _ in 0..<8 {
            let idle = try HistoryKeeperTests.Signal()
            try threads.execute { idle.give() }
            idle.wait()
        }
    }

    private var history: String { StoreFile.history(state: folder.path).path }

    private func sequences() throws -> String {
        let database = try StoreFile.history(state: folder.path).read().database
        guard
            case .text(let all) = try database.value(
                "SELECT group_concat(sequence) FROM (SELECT sequence FROM event ORDER BY number)")
        else {
            return ""
        }
        return all
    }

    @Test func theyAreCopiedOnceAndInOrder() throws {
        try look()
        #expect(try sequences() == "")
        try happen(1...3)
        try look()
        try happen(4...5)
        try happen(6...7, in: 6)
        try look()
        #expect(try sequences() == "1,2,3,4,5,6,7")
        #expect(log.kinds == [])
    }

    @Test func theNextMasterGoesOnWhereThisOneStopped() throws {
        try happen(1...3)
        try look()
        archive.close()
        try happen(4...5)
        try look(Self.archive(folder, threads, log))
        #expect(try sequences() == "1,2,3,4,5")
        #expect(log.kinds == [])
    }

    @Test func whileAnotherProgramHoldsTheHistoryTheyWaitInTheirFilesAndAreCopiedLater() throws {
        try happen(1...2)
        try look()
        let other = try Database.open(history, .writing)
        try other.execute("BEGIN EXCLUSIVE")
        try happen(3...4)
        try look()
        try look()
        #expect(log.kinds == [.historyUnavailable])
        // Not tried again with each event.
        archive.look()
        try other.execute("ROLLBACK")
        try look()
        #expect(try sequences() == "1,2,3,4")
        #expect(log.kinds == [.historyUnavailable, .historyCaughtUp])
        #expect(log.events.last?.fields == [.init("events", 2)])
    }

    @Test func aHistoryThatWasRemovedIsMadeAgainOfTheFiles() throws {
        try happen(1...2)
        try look()
        for name in folder.names where name.hasPrefix("history.db") { folder.remove(name) }
        try happen(3...3)
        try look()
        #expect(try sequences() == "1,2,3")
    }

    @Test func aDamagedHistoryIsSetAsideAndMadeAgainOfTheFiles() throws {
        try happen(1...2)
        try look()
        archive.close()
        try folder.write("history.db", String(repeating: "rubbish ", count: 2000))
        try look()
        #expect(try sequences() == "1,2")
        #expect(log.kinds == [.historySetAside])
        #expect(folder.names.contains("history.db.damaged-1"))
    }

    @Test func aHistoryOfALaterVersionIsLeftAlone() throws {
        try Database.open(history, .creating).execute("PRAGMA user_version = 99")
        try happen(1...2)
        try look()
        try look()
        #expect(log.kinds == [.historyUnavailable])
        #expect(try Database.open(history, .reading).version() == 99)
    }

    @Test func whatTheFilesHaveGivenUpIsCounted() throws {
        try happen(1...3)
        try look()
        folder.remove(file(1))
        try happen(10...12, in: 10)
        try look()
        #expect(try sequences() == "1,2,3,10,11,12")
        #expect(log.events.map(\.fields) == [[.init("missing", 6)]])
        #expect(log.kinds == [.historyEventsMissing])
    }

    @Test func whereTheFilesWereLostNumbersBeginAnewAndNothingIsMissing() throws {
        try happen(1...3)
        try look()
        archive.close()
        folder.remove(file(1))
        try happen(1...2, delay: 1000)
        try look(Self.archive(folder, threads, log))
        #expect(try sequences() == "1,2,3,1,2")
        #expect(log.kinds == [])
    }

    @Test func whatAPowerLossTookFromTheFilesStaysInTheHistory() throws {
        try happen(1...5)
        try look()
        archive.close()
        folder.remove(file(1))
        try happen(1...3)
        try happen(4...6, delay: 1000)
        try look(Self.archive(folder, threads, log))
        #expect(try sequences() == "1,2,3,4,5,4,5,6")
    }

    @Test func whatWasRemovedDoesNotComeBackWithAPowerLoss() throws {
        try happen(1...5)
        archive.use(EventRetention(age: .seconds(Int64.max), events: 2, workerProcesses: 100))
        try look()
        #expect(try sequences() == "4,5")
        archive.close()
        folder.remove(file(1))
        try happen(1...4)
        try happen(5...6, delay: 1000)
        try look(Self.archive(folder, threads, log))
        #expect(try sequences() == "4,5,5,6")
    }

    /// Its pages are looked at when the file is opened, and not under the lock that changes need.
    @Test(arguments: ["event", "event_place"]) func damageInTheEventsIsFound(_ table: String) throws {
        try happen(1...2)
        try look()
        let page = try #require(
            try StoreFile.history(state: folder.path).read().database.value(
                "SELECT rootpage FROM sqlite_schema WHERE name = ?", .text(table))?.integerValue)
        archive.close()
        let rubbish = [UInt8](repeating: 0xA5, count: 4096)
        let file = unsafe open(history, O_WRONLY)
        #expect(unsafe pwrite(file, rubbish, rubbish.count, off_t(page - 1) * 4096) == 4096)
        close(file)
        try look()
        #expect(log.kinds == [.historySetAside])
        #expect(try sequences() == "1,2")
    }

    /// Masters that live for a short time ask for a backup in good time too.
    @Test func whatNoBackupHasIsCountedFromMasterToMaster() throws {
        let asked = Mutex(0)
        let archive = EventArchive(stateFolder: folder.path, on: threads, log: log, busyTimeout: .milliseconds(1)) {
            asked.withLock { $0 += 1 }
        }
        try happen(1...1)
        try look(archive)
        archive.close()
        #expect(asked.withLock(\.self) == 0)
        try folder.write(file(2), [UInt8](repeating: UInt8(ascii: "\n"), count: EventCursor.keptBytes / 2))
        try happen(2...2, in: 2)
        try look(archive)
        #expect(asked.withLock(\.self) == 1)
        try happen(3...3, in: 2)
        try look(archive)
        #expect(asked.withLock(\.self) == 1)
    }
}
