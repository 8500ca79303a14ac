import Testing

@testable import SQLite

@Suite("Limits of databases")
struct LimitTests {
    private static let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"

    @Test func timeRunsOut() throws {
        let database = try Database.memory()
        database.limitTime(to: .milliseconds(10))
        let error = #expect(throws: SQLiteError.self) { try database.value(Self.endless) }
        #expect(error?.isInterrupted == true)
        database.limitTime(to: nil)
        #expect(try database.value("SELECT 1") == 1)
    }

    @Test func theAuthorizerSaysWhatStatementsMayDo() throws {
        let database = try Database.memory()
        try database.execute("CREATE TABLE t (x); CREATE TABLE secret (y)")
        var asked: [Authorizer.Action] = []
        database.authorize { action in
            asked.append(action)
            switch action {
            case .select, .function: return true
            case .read(let table, _, _): return table != "secret"
            default: return false
            }
        }
        #expect(try database.value("SELECT count(x) FROM t") == 0)
        #expect(asked.contains(.read(table: "t", column: "x", database: "main")))
        #expect(asked.contains(.function("count")))
        for sql in [
            "SELECT y FROM secret", "INSERT INTO t VALUES (1)", "PRAGMA user_version", "BEGIN", "ATTACH 'x' AS y",
            "DROP TABLE t", Self.endless,
        ] {
            let error = #expect(throws: SQLiteError.self) { try database.run(sql) }
            #expect(error?.isForbidden == true, "\(sql)")
        }
        database.authorize(nil)
        #expect(try database.value("SELECT count(*) FROM secret") == 0)
    }

    @Test func rowsAndBytesAreCounted() throws {
        let database = try Database.memory()
        let sql = "SELECT column1 AS a, 'x' AS b FROM (VALUES (1), (2), (3))"
        let all = try database.table(sql, rowLimit: 3, byteLimit: 10_000)
        #expect(all == ResultTable(columns: ["a", "b"], rows: [[1, "x"], [2, "x"], [3, "x"]], cut: nil))
        let two = try database.table(sql, rowLimit: 2, byteLimit: 10_000)
        #expect(two == ResultTable(columns: ["a", "b"], rows: [[1, "x"], [2, "x"]], cut: .rows))
        #expect(try database.table(sql, rowLimit: 3, byteLimit: 100).cut == .bytes)
        #expect(try database.table("SELECT 1 AS one WHERE 0", rowLimit: 3, byteLimit: 100).columns == ["one"])
    }

    @Test func valuesHaveALimit() throws {
        let database = try Database.memory()
        database.limitLength(to: 1000)
        let error = #expect(throws: SQLiteError.self) { try database.value("SELECT zeroblob(1001)") }
        #expect(error?.isTooBig == true)
    }
}

@Suite("Functions in Swift")
struct FunctionTests {
    @Test func aFunctionTakesAndGivesEveryType() throws {
        let database = try Database.memory()
        try database.addFunction("same", arguments: 1) { $0[0] }
        for value: SQLValue in [nil, 5, 0.5, "", "text", .blob([]), .blob([1, 2])] {
            #expect(try database.value("SELECT same(?)", value) == value)
        }
    }

    @Test func whatItThrowsIsTheStatementsError() throws {
        let database = try Database.memory()
        try database.addFunction("refuse", arguments: 0) { (_) throws(SQLiteError) in throw SQLiteError("no such site")
        }
        let error = #expect(throws: SQLiteError.self) { try database.value("SELECT refuse()") }
        #expect(error?.text == "no such site")
    }

    @Test func viewsMayUseIt() throws {
        let database = try Database.memory()
        try database.addFunction("twice", arguments: 1) { SQLValue(($0[0].integerValue ?? 0) * 2) }
        try database.execute("CREATE VIEW v AS SELECT twice(4) AS x")
        #expect(try database.value("SELECT x FROM v") == 8)
    }
}

@Suite("Migrations")
struct MigrationTests {
    private let steps = [
        Migration(number: 1, sql: "CREATE TABLE a (x); CREATE TABLE b (y)"),
        Migration(number: 2, sql: "ALTER TABLE a ADD z"),
    ]

    @Test func eachStepIsTakenOnce() throws {
        let database = try Database.memory()
        #expect(try database.migrate([steps[0]]) == .current(from: 0, to: 1))
        #expect(try database.migrate(steps) == .current(from: 1, to: 2))
        #expect(try database.migrate(steps) == .current(from: 2, to: 2))
        #expect(try database.value("SELECT count(z) FROM a") == 0)
    }

    @Test func aLaterVersionIsLeftAlone() throws {
        let database = try Database.memory()
        _ = try database.migrate(steps)
        #expect(try database.migrate([steps[0]]) == .newer(2))
        #expect(try database.version() == 2)
    }

    @Test func aStepThatFailsLeavesTheOneBefore() throws {
        let database = try Database.memory()
        let broken = steps + [Migration(number: 3, sql: "CREATE TABLE c (x); CREATE TABLE a (x)")]
        #expect(throws: SQLiteError.self) { try database.migrate(broken) }
        #expect(try database.version() == 2)
        #expect(throws: SQLiteError.self) { try database.value("SELECT count(*) FROM c") }
    }
}
