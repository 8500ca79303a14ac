internal import CSQLite
internal import Glibc
internal import Platform

/// One connection to one file of SQLite, for one thread at a time.
public final class Database {
    public enum Access: Sendable {
        /// Of a file that others may write at the same time. Makes no file beside the database but its WAL index, and
        /// that only where a WAL is there and its index is not.
        case reading
        /// Of a file that nobody has open: no lock is taken, no file is made.
        case readingUnchanging
        /// Of a file that is there.
        case writing
        /// Of a file that is made (mode 0600) where it is missing.
        case creating
    }

    /// How much of what was committed may be lost when the power fails; never the file's soundness.
    public enum Durability: Sendable {
        /// The last few transactions.
        case consistent
        /// Nothing.
        case durable
    }

    let connection: Connection
    private var statements: [String: Statement] = [:]
    /// So many statements are kept by their text; more than any of our callers has.
    private static let statementLimit = 128

    private init(_ connection: Connection) { self.connection = connection }

    /// In WAL mode, with foreign keys enforced.
    ///
    /// - Parameter busyTimeout: how long a statement waits for another connection's lock before it fails with an error
    ///   that `isBusy`.
    public static func open(
        _ path: String, _ access: Access, durability: Durability = .consistent, busyTimeout: Duration = .seconds(5)
    ) throws(SQLiteError) -> Database {
        var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE
        switch access {
        case .reading, .readingUnchanging: flags |= SQLITE_OPEN_READONLY
        case .writing: flags |= SQLITE_OPEN_READWRITE
        case .creating:
            flags |= SQLITE_OPEN_READWRITE
            try make(path)
        }
        let database = try open(
            name: uri(path, access == .readingUnchanging ? "immutable=1" : nil), flags: flags, busyTimeout: busyTimeout)
        switch access {
        case .reading, .readingUnchanging:
            // Whoever only reads writes nothing back on leaving either.
            try database.configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        case .writing, .creating:
            try database.execute(
                """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = \(durability == .durable ? "FULL" : "NORMAL");
                PRAGMA journal_size_limit = 1048576
                """)
        }
        return database
    }

    /// A database of this process alone, gone with it.
    public static func memory() throws(SQLiteError) -> Database {
        try open(
            name: ":memory:",
            flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE,
            busyTimeout: .zero)
    }

    private static func open(name: String, flags: Int32, busyTimeout: Duration) throws(SQLiteError) -> Database {
        var handle: OpaquePointer?
        let code = unsafe sqlite3_open_v2(name, &handle, flags, nil)
        guard let handle = unsafe handle else { throw SQLiteError(code: code) }
        let connection = unsafe Connection(handle)
        try connection.check(code)
        let database = Database(connection)
        unsafe sqlite3_busy_timeout(handle, Int32(clamping: busyTimeout.nanoseconds / 1_000_000))
        // What stands in a file is not trusted: its schema cannot harm, and words in double quotes are names.
        try database.configure(SQLITE_DBCONFIG_DEFENSIVE, true)
        try database.configure(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)
        try database.configure(SQLITE_DBCONFIG_DQS_DML, false)
        try database.configure(SQLITE_DBCONFIG_DQS_DDL, false)
        try database.configure(SQLITE_DBCONFIG_ENABLE_FKEY, true)
        return database
    }

    /// Nobody has a file open that was just made: closing the descriptor takes nobody's locks.
    private static func make(_ path: String) throws(SQLiteError) {
        do throws(SystemError) {
            _ = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
        } catch {
            let code: Int32
            switch error.code {
            case EEXIST: return
            case ENOSPC, EDQUOT: code = SQLITE_FULL
            case EROFS, EACCES, EPERM: code = SQLITE_READONLY
            default: code = SQLITE_CANTOPEN
            }
            throw SQLiteError(code: code, text: error.reason, systemCode: error.code)
        }
    }

    /// The file as SQLite names it, whatever stands in its path.
    static func uri(_ path: String, _ query: String?) -> String {
        var uri = "file:"
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                uri += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return query.map { "\(uri)?\($0)" } ?? uri
    }

    private func configure(_ option: Int32, _ isOn: Bool) throws(SQLiteError) {
        try connection.check(unsafe hostelry_sqlite_configure(connection.handle, option, isOn ? 1 : 0))
    }

    /// Puts a further file beside this one, under the name that statements know it by. `access` is one of the reading
    /// ones.
    public func attach(_ path: String, as name: String, _ access: Access) throws(SQLiteError) {
        let query = access == .readingUnchanging ? "immutable=1&mode=ro" : "mode=ro"
        try run("ATTACH ? AS ?", .text(Self.uri(path, query)), .text(name))
    }

    /// Rows that the last statement inserted, changed or deleted.
    public var changedRows: Int { unsafe Int(sqlite3_changes64(connection.handle)) }

    /// Rows inserted, changed or deleted since it was opened.
    public var allChangedRows: Int { unsafe Int(sqlite3_total_changes64(connection.handle)) }

    public var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(connection.handle) }

    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(connection.handle) == 0 }

    // MARK: Statements

    /// Runs one or more statements that take no values and whose rows nobody wants.
    public func execute(_ sql: String) throws(SQLiteError) {
        try connection.check(unsafe sqlite3_exec(connection.handle, sql, nil, nil, nil))
    }

    /// A statement of its own, for callers that run it often in a row. One statement only.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement { try Statement(sql, connection) }

    /// The statement of that text, prepared once.
    private func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let known = statements[sql], !known.isRunning { return known }
        let statement = try Statement(sql, connection)
        if statements.count < Self.statementLimit { statements[sql] = statement }
        return statement
    }

    /// Runs a statement, for what it does.
    public func run(_ sql: String, _ values: SQLValue...) throws(SQLiteError) { try run(sql, values) }

    public func run(_ sql: String, _ values: [SQLValue]) throws(SQLiteError) { try statement(sql).run(values) }

    /// Calls `body` with the statement at each of its rows.
    public func query(
        _ sql: String, _ values: SQLValue..., row body: (Statement) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        try statement(sql).rows(values, body)
    }

    /// The first column of the first row; nil where there is none.
    public func value(_ sql: String, _ values: SQLValue...) throws(SQLiteError) -> SQLValue? {
        try statement(sql).firstValue(values)
    }

    // MARK: Transactions

    /// Commits what `body` did, or takes it back where it throws. It is the one writer from the beginning, so that nothing
    /// in it finds the file locked later. Within another transaction it is part of that one.
    public func transaction<Result>(_ body: () throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
        if isInTransaction { return try body() }
        try execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // A full disk and the like end the transaction themselves.
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }

    // MARK: Soundness

    /// What is wrong with the structure of the file, or of a table and its indices, at most ten things of a file; empty
    /// where nothing is.
    public func quickCheck(of table: String? = nil) throws(SQLiteError) -> [String] {
        var findings: [String] = []
        try query("PRAGMA quick_check(\(table ?? "10"))") { row in findings.append(row.text(0)) }
        return findings == ["ok"] ? [] : findings
    }

    /// Copies everything into another database in place of what is there, while others read and write this one.
    public func copy(into target: Database) throws(SQLiteError) {
        guard let backup = unsafe sqlite3_backup_init(target.connection.handle, "main", connection.handle, "main")
        else {
            throw unsafe target.connection.error(sqlite3_errcode(target.connection.handle))
        }
        var code: Int32
        repeat {
            code = unsafe sqlite3_backup_step(backup, Self.backupPages)
        } while code == SQLITE_OK
        let end = unsafe sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else { throw SQLiteError(code: code) }
        try target.connection.check(end)
    }

    /// Copied at once, with nothing locked in between.
    private static let backupPages: Int32 = 1024

    // MARK: Limits

    /// Asks `authorizer` what statements may do, when they are prepared. Nil: everything.
    public func authorize(_ decide: ((Authorizer.Action) -> Bool)?) {
        connection.setAuthorizer(decide.map(Authorizer.init))
    }

    /// From now on statements fail with an error that `isInterrupted` when `limit` has passed; nil: never.
    public func limitTime(to limit: Duration?) { connection.setTimeLimit(limit.map(TimeLimit.init)) }

    /// The longest text, blob or row. Unit: bytes. SQLite: 1,000,000,000.
    public func limitLength(to bytes: Int) {
        unsafe sqlite3_limit(connection.handle, SQLITE_LIMIT_LENGTH, Int32(clamping: bytes))
    }
}
