/// A step of a database's structure, numbered from 1 without gaps; never changed once it was given out.
public struct Migration: Sendable {
    public let number: Int
    /// One or more statements.
    public let sql: String

    public init(number: Int, sql: String) {
        self.number = number
        self.sql = sql
    }
}

/// What became of a database's structure.
public enum MigrationResult: Equatable, Sendable {
    /// It has all steps now; `from` is the last one it had before.
    case current(from: Int, to: Int)
    /// A later version of the program made it: nothing was touched.
    case newer(Int)
}

extension Database {
    /// The last migration that the file has had (`user_version`); 0 for an empty one.
    public func version() throws(SQLiteError) -> Int {
        Int(try value("PRAGMA user_version")?.integerValue ?? 0)
    }

    /// Takes the file to the last of `migrations`, each step in a transaction of its own.
    public func migrate(_ migrations: [Migration]) throws(SQLiteError) -> MigrationResult {
        let last = migrations.last?.number ?? 0
        let first = try version()
        if first > last { return .newer(first) }
        if first == last { return .current(from: first, to: last) }
        for migration in migrations where migration.number > first {
            try transaction { () throws(SQLiteError) in
                // Another process may have been faster.
                guard try version() < migration.number else { return }
                try execute(migration.sql)
                try execute("PRAGMA user_version = \(migration.number)")
            }
        }
        let now = try version()
        return now > last ? .newer(now) : .current(from: first, to: last)
    }
}
