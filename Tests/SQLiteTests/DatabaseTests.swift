import Glibc
import Platform
import TestSupport
import Testing

@testable import SQLite

@Suite("Databases")
struct DatabaseTests {
    @Test func valuesComeBackWithTheirTypes() throws {
        let database = try Database.memory()
        try database.execute("CREATE TABLE t (number INTEGER PRIMARY KEY, value)")
        let values: [SQLValue] = [
            nil, 1, -9_223_372_036_854_775_808, 1.5, "", "a\u{0}b", "ä€", .blob([]), .blob([0, 255]),
        ]
        for (number, value) in values.enumerated() {
            try database.run("INSERT INTO t VALUES (?, ?)", SQLValue(number), value)
        }
        var read: [SQLValue] = []
        try database.query("SELECT value FROM t ORDER BY number") { row in read.append(row.value(0)) }
        #expect(read == values)
    }

    @Test func aFileIsForItsUserAloneAndSoAreThoseBesideIt() throws {
        let folder = try TemporaryFolder()
        let database = try Database.open(folder["a b?#%.db"], .creating)
        try database.execute("CREATE TABLE t (x)")
        #expect(folder.names == ["a b?#%.db", "a b?#%.db-shm", "a b?#%.db-wal"])
        for name in folder.names { #expect(try folder.status(name).st_mode & 0o777 == 0o600) }
        #expect(try database.value("PRAGMA journal_mode") == "wal")
    }

    @Test func aTransactionThatThrowsLeavesNothing() throws {
        let database = try Database.memory()
        try database.execute("CREATE TABLE t (x UNIQUE)")
        let error = #expect(throws: SQLiteError.self) {
            try database.transaction { () throws(SQLiteError) in
                try database.run("INSERT INTO t VALUES (1)")
                try database.run("INSERT INTO t VALUES (1)")
            }
        }
        // SQLITE_CONSTRAINT_UNIQUE
        #expect(error?.code == 2067)
        #expect(!database.isInTransaction)
        #expect(try database.value("SELECT count(*) FROM t") == 0)
    }

    @Test func aWriterThatFindsTheFileLockedIsTold() throws {
        let folder = try TemporaryFolder()
        let one = try Database.open(folder["x.db"], .creating)
        try one.execute("CREATE TABLE t (x); BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)")
        let other = try Database.open(folder["x.db"], .writing, busyTimeout: .milliseconds(1))
        // Readers see what was committed.
        #expect(try other.value("SELECT count(*) FROM t") == 0)
        let error = #expect(throws: SQLiteError.self) { try other.run("INSERT INTO t VALUES (2)") }
        #expect(error?.isBusy == true)
        try one.execute("COMMIT")
        try other.run("INSERT INTO t VALUES (2)")
        #expect(try one.value("SELECT count(*) FROM t") == 2)
    }

    @Test func rubbishIsFoundCorrupt() throws {
        let folder = try TemporaryFolder()
        try folder.write("x.db", String(repeating: "rubbish ", count: 1000))
        let error = #expect(throws: SQLiteError.self) { try Database.open(folder["x.db"], .creating) }
        #expect(error?.isCorrupt == true)
    }

    @Test func foreignKeysHold() throws {
        let database = try Database.memory()
        try database.execute(
            "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a REFERENCES a ON DELETE CASCADE)")
        #expect(throws: SQLiteError.self) { try database.run("INSERT INTO b VALUES (1)") }
        try database.run("INSERT INTO a VALUES (1)")
        try database.run("INSERT INTO b VALUES (1)")
        try database.run("DELETE FROM a")
        #expect(try database.value("SELECT count(*) FROM b") == 0)
    }

    @Test func aStatementMayRunWhileTheSameOneRuns() throws {
        let database = try Database.memory()
        try database.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1), (2)")
        var pairs: [Int64] = []
        try database.query("SELECT x FROM t ORDER BY x") { (outer) throws(SQLiteError) in
            try database.query("SELECT x FROM t ORDER BY x") { inner in
                pairs.append(outer.integer(0) * 10 + inner.integer(0))
            }
        }
        #expect(pairs == [11, 12, 21, 22])
    }

    @Test(arguments: ["SELECT 1; SELECT 2", "SELECT 1; DROP TABLE t", "", "-- nothing", "SELECT 1; '"])
    func oneStatementIsOneStatement(_ sql: String) throws {
        let database = try Database.memory()
        #expect(throws: SQLiteError.self) { try database.prepare(sql) }
    }

    @Test(arguments: ["SELECT 1;", "SELECT 1 -- one", "SELECT 1; /* one */ -- and no more"])
    func commentsAreNoStatements(_ sql: String) throws {
        #expect(try Database.memory().prepare(sql).firstValue() == 1)
    }

    @Test func aCopyHoldsEverything() throws {
        let folder = try TemporaryFolder()
        let source = try Database.open(folder["a.db"], .creating)
        try source.execute("CREATE TABLE t (x); INSERT INTO t VALUES (7); PRAGMA user_version = 3")
        let target = try Database.open(folder["b.db"], .creating)
        try source.copy(into: target)
        #expect(try target.value("SELECT x FROM t") == 7)
        #expect(try target.version() == 3)
        #expect(try target.quickCheck() == [])
    }

    @Test func readingMakesNoFile() throws {
        let folder = try TemporaryFolder()
        do {
            let database = try Database.open(folder["x.db"], .creating)
            try database.execute("CREATE TABLE t (x); INSERT INTO t VALUES (7)")
        }
        #expect(folder.names == ["x.db"])
        let reader = try Database.open(folder["x.db"], .readingUnchanging)
        #expect(try reader.value("SELECT x FROM t") == 7)
        #expect(folder.names == ["x.db"])
        #expect(throws: SQLiteError.self) { try reader.run("INSERT INTO t VALUES (8)") }
        let error = #expect(throws: SQLiteError.self) { try Database.open(folder["y.db"], .reading) }
        #expect(error?.isCannotOpen == true)
        #expect(folder.names == ["x.db"])
    }

    @Test func aFileIsAttachedToBeRead() throws {
        let folder = try TemporaryFolder()
        let other = try Database.open(folder["o'ther.db"], .creating)
        try other.execute("CREATE TABLE t (x); INSERT INTO t VALUES (7)")
        let database = try Database.memory()
        try database.attach(folder["o'ther.db"], as: "other", .reading)
        #expect(try database.value("SELECT x FROM other.t") == 7)
        let error = #expect(throws: SQLiteError.self) { try database.run("INSERT INTO other.t VALUES (8)") }
        #expect(error?.isReadOnly == true)
    }
}
