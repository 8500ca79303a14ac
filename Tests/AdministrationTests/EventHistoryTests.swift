import Events
import Glibc
import Platform
import Synchronization
import TestSupport
import Testing

@testable import Administration

/// Remembers what it was told.
private final class Recorder: EventRecorder {
    private let state = Mutex<[Event]>([])

    var events: [Event] { state.withLock { $0 } }

    func record(_ event: Event) { state.withLock { $0.append(event) } }
}

@Suite struct EventHistoryTests {
    private let folder: TemporaryFolder
    private let log = Recorder()

    init() throws { folder = try TemporaryFolder() }

    private func history() -> EventHistory { EventHistory(stateFolder: folder.path, log: log) { 0 } }

    private func event(_ text: String) -> Event { Event(.workerReady, "Pool \"x\"", text, [.init("worker", 7)]) }

    private func kept(after sequence: UInt64 = 0) throws -> [EventRecord] {
        var cursor = EventCursor(stateFolder: folder.path, after: sequence)
        var records: [EventRecord] = []
        while true {
            let lines = try cursor.next()
            guard !lines.isEmpty else { return records }
            records += lines.split(separator: UInt8(ascii: "\n")).compactMap { EventRecord(line: Array($0)) }
        }
    }

    @Test func eventsAreReadAsTheyWereRecorded() throws {
        let history = history()
        for text in ["one", "two\n", "three"] { history.record(event(text)) }
        history.finish()
        let records = try kept()
        #expect(records.map(\.sequence) == [1, 2, 3])
        #expect(records.map(\.event) == ["one", "two\n", "three"].map(event))
        #expect(records.first?.time == "1970-01-01T00:00:00.000Z")
        #expect(try kept(after: 2).map(\.sequence) == [3])
        #expect(try kept(after: 3).isEmpty)
        #expect(log.events == records.map(\.event))
    }

    @Test func theNextMasterGoesOnCounting() throws {
        let first = history()
        for _ in 0..<3 { first.record(event("a")) }
        first.finish()
        let second = history()
        second.record(event("b"))
        second.finish()
        #expect(try kept().map(\.sequence) == [1, 2, 3, 4])
    }

    @Test func whatAPowerLossToreIsCutOffAndTheRestIsRead() throws {
        let first = history()
        for _ in 0..<3 { first.record(event("a")) }
        first.finish()
        let name = try #require(folder.names(in: "events").first)
        try folder.write("events/\(name)", Array("{\"sequence\":4,\"time\":\"2026".utf8), flags: O_APPEND)
        #expect(try kept().map(\.sequence) == [1, 2, 3])
        let second = history()
        second.record(event("b"))
        second.finish()
        #expect(try kept().map(\.sequence) == [1, 2, 3, 4])
    }

    @Test func blocksThatWereNeverWrittenAreLeftOut() throws {
        let first = history()
        for _ in 0..<2 { first.record(event("a")) }
        first.finish()
        let name = try #require(folder.names(in: "events").first)
        try folder.write(
            "events/\(name)", [UInt8](repeating: 0, count: 5000) + Array("\n".utf8), flags: O_APPEND)
        let second = history()
        second.record(event("b"))
        second.finish()
        #expect(try kept().map(\.sequence) == [1, 2, 3])
    }

    private static let fileLimit = 4096

    /// A writer whose files are small, and lines for it of some 500 bytes.
    private func writer() throws -> EventWriter {
        try EventWriter(stateFolder: folder.path, fileLimit: Self.fileLimit)
    }

    private func line(_ sequence: UInt64) -> EventWriter.Line {
        let text = "{\"sequence\":\(sequence),\"text\":\"\(String(repeating: "x", count: 500))\"}\n"
        return .init(sequence: sequence, bytes: Array(text.utf8))
    }

    @Test func filesAreBoundedInSizeAndNumber() throws {
        var writer = try writer()
        for sequence in UInt64(1)...200 { try writer.append([line(sequence)]) }
        let names = folder.names(in: "events")
        #expect(names.count == EventFiles.countLimit)
        for name in names { #expect(try folder.status("events/\(name)").st_size < Self.fileLimit + 600) }
        #expect(try self.writer().last == 200)
    }

    @Test func aReaderGoesOnAcrossFilesWhileTheyGrow() throws {
        var writer = try writer()
        var cursor = EventCursor(stateFolder: folder.path, after: 0)
        var read: [UInt64] = []
        for sequence in UInt64(1)...50 {
            try writer.append([line(sequence)])
            guard sequence % 7 == 0 || sequence == 50 else { continue }
            while true {
                let lines = try cursor.next()
                guard !lines.isEmpty else { break }
                read += lines.split(separator: UInt8(ascii: "\n")).compactMap { EventFiles.sequence(of: $0) }
            }
        }
        #expect(read == Array(1...50))
        #expect(folder.names(in: "events").count > 1)
    }

    @Test func whatWasRemovedBehindAPlaceIsCounted() throws {
        var writer = try writer()
        for sequence in UInt64(1)...200 { try writer.append([line(sequence)]) }
        let oldest = try #require(folder.names(in: "events").first.flatMap { UInt64($0.prefix { $0 != "." }) })
        #expect(oldest > 100)
        #expect(try EventCursor(stateFolder: folder.path, after: 10).missing() == oldest - 11)
        #expect(try EventCursor(stateFolder: folder.path, after: oldest - 1).missing() == 0)
        #expect(try EventCursor(stateFolder: folder.path, after: 200).missing() == 0)
        #expect(try EventCursor(stateFolder: folder.path, after: 0).missing() == 0)
    }

    @Test func whoeverWantsToKnowHearsThatEventsAreInTheFiles() throws {
        let history = history()
        let folder = folder
        let found = Mutex<[Int]>([])
        history.whenWritten {
            let lines = (try? EventCursor(stateFolder: folder.path, after: 0).lines()) ?? 0
            found.withLock { $0.append(lines) }
        }
        for _ in 0..<3 { history.record(event("a")) }
        history.finish()
        #expect(found.withLock { $0.last } == 3)
    }

    @Test func whatCannotBeKeptIsToldOnceAndCountedWhenItCanAgain() throws {
        // A file stands where the folder should be: nothing can be written, whoever this is.
        try folder.write("events", "")
        let history = history()
        for _ in 0..<5 { history.record(event("lost")) }
        history.finish()
        #expect(log.events.filter { $0.kind == .eventsNotKept }.count == 1)
        #expect(log.events.filter { $0 == event("lost") }.count == 5)
        folder.remove("events")
        history.record(event("kept"))
        history.finish()
        let records = try kept()
        #expect(records.map(\.event.kind) == [.workerReady, .eventsLost])
        #expect(records.map(\.sequence) == [6, 7])
        #expect(records.last?.event.fields == [.init("lost", 5)])
    }

    @Test func followersReadFromMemoryWhatIsRecent() {
        let history = history()
        for _ in 0..<1500 { history.record(event("a")) }
        let last = history.recent(after: 1499)
        #expect(last.isComplete)
        #expect(last.last == 1500)
        #expect(EventRecord(line: last.lines.dropLast())?.sequence == 1500)
        #expect(history.recent(after: 1500).lines.isEmpty)
        #expect(history.recent(after: 1500).isComplete)
        #expect(!history.recent(after: 0).isComplete)
        #expect(history.last == 1500)
        history.finish()
    }

    @Test func aLineOfAnotherVersionIsReadAsFarAsItIsUnderstood() {
        let line = """
            {"sequence":9,"time":"t","level":"warning","id":9999,"event":"moon","object":"","text":"x",\
            "fields":{"a":1,"b":"c","d":[1]},"new":true}
            """
        let record = EventRecord(line: Array(line.utf8))
        #expect(record?.line(.text) == "t warning 9999 x a=1 b=\"c\"")
        #expect(EventRecord(line: Array("{\"sequence\":9}".utf8)) == nil)
    }
}

extension EventCursor {
    /// How many there are behind it, up to a page.
    fileprivate func lines() throws -> Int {
        var cursor = self
        return try cursor.next().split(separator: UInt8(ascii: "\n")).count
    }
}
