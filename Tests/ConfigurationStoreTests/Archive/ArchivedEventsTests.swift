import Administration
import Events
import SQLite
import Testing

@testable import ConfigurationStore

/// Events as the files hold them, one a second.
enum Happened {
    /// 2026-11-28T12:00:00Z.
    static let start: Int64 = 1_795_867_200_000_000_000

    static func time(_ second: Int) -> String { Timestamp(nanoseconds: start + Int64(second) * 1_000_000_000).text }

    /// - Parameter second: nil for as many as the sequence says.
    static func line(_ event: Event, _ sequence: Int, at second: Int? = nil) -> String {
        EventFormat.json.line(event, time: time(second ?? sequence), sequence: UInt64(sequence))
    }

    static func record(_ event: Event, _ sequence: Int, at second: Int? = nil) throws -> EventRecord {
        try #require(EventRecord(line: Array(line(event, sequence, at: second).utf8)))
    }

    static func worker(_ kind: EventKind, _ worker: Int, pid: Int?, _ more: Event.Field...) -> Event {
        Event(
            kind, EventObject.pool("Shop"), "text",
            [Event.Field("worker", worker)] + (pid.map { [Event.Field("pid", $0)] } ?? []) + more)
    }
}

@Suite("Events in the history")
struct ArchivedEventsTests {
    private let database: Database
    private let events: ArchivedEvents

    init() throws {
        database = try Database.memory()
        _ = try database.migrate(EmbeddedMigrations.of("history"))
        events = ArchivedEvents(database: database)
    }

    private func rows(_ sql: String) throws -> [[SQLValue]] {
        try database.table(sql, rowLimit: 1000, byteLimit: .max).rows
    }

    private func happen(_ all: Event..., from first: Int = 1) throws {
        _ = try events.add(
            try all.enumerated().map { place, event in try Happened.record(event, first + place) })
    }

    private static let workers =
        "SELECT worker, pid, started IS NULL, ready IS NULL, outcome, exit_code, signal, reason, requests FROM worker_processes ORDER BY started, worker"

    @Test func theViewShowsThemAsTheyWereRecorded() throws {
        try happen(Event(.workerReady, "Pool \"Sh\u{e4}dy\"", "a\nb", [.init("worker", 7), .init("said", "\"x\"")]))
        #expect(
            try rows("SELECT * FROM events") == [
                [
                    1, "2026-11-28T12:00:01.000Z", 1401, "information", "worker-ready", "Pool \"Sh\u{e4}dy\"", "a\nb",
                    "{\"worker\":7,\"said\":\"\\\"x\\\"\"}",
                    "Hostelry",
                ]
            ])
        #expect(try rows("SELECT json_extract(fields, '$.worker') FROM events") == [[7]])
        #expect(try events.place() == .init(sequence: 1, time: "2026-11-28T12:00:01.000Z"))
    }

    @Test func oneThatIsThereIsNotAddedAgain() throws {
        let start = Happened.worker(.workerStarted, 1, pid: 10)
        #expect(try events.add([Happened.record(start, 1), Happened.record(start, 2)]) == 2)
        #expect(try events.add([Happened.record(start, 2), Happened.record(start, 3)]) == 1)
        #expect(try database.value("SELECT group_concat(sequence) FROM events") == "1,2,3")
        #expect(try database.value("SELECT count(*) FROM worker_processes") == 3)
        // The numbers began anew.
        #expect(try events.add([Happened.record(start, 1, at: 100)]) == 1)
        #expect(try events.place()?.sequence == 1)
    }

    @Test func aWorkerStartsBecomesReadyAndEnds() throws {
        try happen(
            Happened.worker(.workerStarted, 1, pid: 10), Happened.worker(.workerReady, 1, pid: 10),
            Happened.worker(.workerStarted, 2, pid: 11))
        #expect(
            try rows(Self.workers) == [
                [1, 10, 0, 0, nil, nil, nil, nil, nil], [2, 11, 0, 1, nil, nil, nil, nil, nil],
            ])
        try happen(
            Happened.worker(
                .workerEnded, 1, pid: 10, .init("status", 0), .init("requests", 5), .init("reason", "worker-idle")),
            Happened.worker(.workerCrashed, 2, pid: 11, .init("signal", 11)), from: 4)
        #expect(
            try rows(Self.workers) == [
                [1, 10, 0, 0, "exited", 0, nil, "worker-idle", 5], [2, 11, 0, 1, "crashed", nil, 11, nil, nil],
            ])
        #expect(try rows("SELECT lifetime FROM worker_processes ORDER BY worker") == [[3.0], [2.0]])
    }

    @Test func aMasterGoesOnWithWhatItAdoptsAndTheRestIsLost() throws {
        try happen(
            Happened.worker(.workerStarted, 1, pid: 10), Happened.worker(.workerStarted, 2, pid: 11),
            Event(.serverStarting, "x"), Event(.rolesAdopted, "x", [.init("workers", "11 12")]))
        #expect(
            try rows("SELECT worker, outcome, ended FROM worker_processes ORDER BY worker") == [
                [1, "lost", .text(Happened.time(3))], [2, nil, nil],
            ])
        // It was given up too early: its end is heard of all the same.
        try happen(Happened.worker(.workerEnded, 1, pid: 10, .init("status", 0)), from: 5)
        #expect(try rows("SELECT outcome FROM worker_processes WHERE worker = 1") == [["exited"]])
    }

    @Test func aMasterThatCannotStartGivesUpNobodyWhomTheNextOneAdopts() throws {
        try happen(
            Happened.worker(.workerStarted, 1, pid: 10), Happened.worker(.workerCrashed, 1, pid: 10),
            Happened.worker(.workerStarted, 2, pid: 10), Happened.worker(.workerStarted, 3, pid: 11),
            Event(.serverStarting, "x"), Event(.serverStarting, "x"),
            Event(.rolesAdopted, "x", [.init("workers", "10")]))
        #expect(
            try rows("SELECT worker, outcome FROM worker_processes ORDER BY worker") == [
                [1, "crashed"], [2, nil], [3, "lost"],
            ])
    }

    @Test func aNumberThatIsGivenAgainIsAnotherWorker() throws {
        try happen(Happened.worker(.workerStarted, 1, pid: 10), Happened.worker(.workerStarted, 1, pid: 20))
        try happen(Happened.worker(.workerCrashed, 1, pid: 20, .init("status", 3)), from: 3)
        #expect(
            try rows("SELECT pid, outcome FROM worker_processes ORDER BY started") == [[10, "lost"], [20, "crashed"]])
    }

    @Test func oneWhoseStartNobodySawIsThereWithItsEnd() throws {
        try happen(Happened.worker(.workerCrashed, 9, pid: 10, .init("signal", 6)))
        #expect(try rows(Self.workers) == [[9, 10, 1, 1, "crashed", nil, 6, nil, nil]])
    }

    private static let forEver = Duration.seconds(1_000_000_000)

    private func remove(_ retention: EventRetention, now second: Int) throws {
        while try events.removeSome(retention, now: Happened.start + Int64(second) * 1_000_000_000) {}
    }

    @Test func whatIsOlderThanTheAgeGoesAndWhatRunsStays() throws {
        try happen(
            Happened.worker(.workerStarted, 1, pid: 10), Happened.worker(.workerStarted, 2, pid: 11),
            Happened.worker(.workerCrashed, 1, pid: 10), Happened.worker(.workerReady, 2, pid: 11))
        try remove(EventRetention(age: .seconds(10), events: 1000, workerProcesses: 1000), now: 14)
        #expect(try database.value("SELECT group_concat(sequence) FROM events") == "4")
        #expect(try database.value("SELECT group_concat(worker) FROM worker_processes") == "2")
        try remove(EventRetention(age: .seconds(10), events: 1000, workerProcesses: 1000), now: 1000)
        #expect(try database.value("SELECT count(*) FROM events") == 0)
        #expect(try database.value("SELECT group_concat(worker) FROM worker_processes") == "2")
        #expect(try events.place()?.sequence == 4)
    }

    @Test func ofMoreThanMayBeTheOldestGoInSmallPieces() throws {
        let count = ArchivedEvents.removalPiece * 2 + 10
        _ = try events.add(
            (1...count).map { number in
                try Happened.record(
                    number % 2 == 1
                        ? Happened.worker(.workerStarted, number, pid: number)
                        : Happened.worker(.workerCrashed, number - 1, pid: number - 1), number)
            })
        let retention = EventRetention(age: Self.forEver, events: 5, workerProcesses: 3)
        #expect(try events.removeSome(retention, now: Happened.start))
        #expect(
            try database.value("SELECT count(*) FROM events") == .integer(Int64(count - ArchivedEvents.removalPiece)))
        try remove(retention, now: 0)
        #expect(try database.value("SELECT min(sequence) FROM events") == .integer(Int64(count - 4)))
        #expect(try database.value("SELECT count(*) FROM events") == 5)
        #expect(try database.value("SELECT count(*) FROM worker_processes") == 3)
    }

    @Test func questionsByObjectAndByTimeUseAnIndex() throws {
        let byObject = "SELECT * FROM events WHERE object = 'x' AND time BETWEEN 'a' AND 'b' ORDER BY time"
        let byTime = "SELECT * FROM events WHERE time > 'a' ORDER BY time"
        for (question, index) in [(byObject, "event_by_object"), (byTime, "event_by_time")] {
            let plan = try rows("EXPLAIN QUERY PLAN \(question)").map { "\($0)" }.joined()
            #expect(plan.contains("USING INDEX \(index)"), "\(plan)")
        }
    }
}
