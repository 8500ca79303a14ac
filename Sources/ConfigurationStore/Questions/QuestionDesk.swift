public import Configuration
internal import HostModel
internal import Platform
public import SQLite

/// Answers questions in SQL about an instance, beside its server or without one. Nothing is written anywhere.
public struct QuestionDesk {
    /// What an answer takes at most. Unit: bytes.
    private static let byteLimit = 256 << 20
    /// The longest value. Unit: bytes.
    private static let valueLimit = 64 << 20

    private let state: String
    private let server: () throws(ConfigurationError) -> ServerConfiguration

    /// - Parameter server: reads the configuration, when a question needs it.
    public init(state: String, server: @escaping () throws(ConfigurationError) -> ServerConfiguration) {
        self.state = state
        self.server = server
    }

    /// An answer, and what whoever reads it should know.
    public struct Answer: Sendable {
        public let table: ResultTable
        public let notes: [String]
    }

    public enum Failure: Error, CustomStringConvertible {
        case store(StoreTrouble)
        case question(SQLiteError, limit: Duration)

        public var description: String {
            switch self {
            case .store(let trouble): trouble.description
            case .question(let error, let limit):
                if error.isInterrupted {
                    "the answer was not ready after \(limit.components.seconds) s: ask for less, or give it more with --timeout"
                } else if error.isForbidden {
                    "\(error.text): only SELECT is answered, and it may read tables and views and call functions, nothing else"
                } else if error.isTooBig {
                    "a value of the answer is longer than \(QuestionDesk.valueLimit >> 20) MB"
                } else {
                    error.text
                }
            }
        }
    }

    public func answer(_ sql: String, rowLimit: Int, timeLimit: Duration) throws(Failure) -> Answer {
        // A server that has started meanwhile may have written what was read as a file of nobody: once more beside it.
        for _ in 0..<2 {
            let (answer, isOutdated) = try attempt(sql, rowLimit, timeLimit)
            if !isOutdated { return answer }
        }
        return try attempt(sql, rowLimit, timeLimit).0
    }

    private func attempt(
        _ sql: String, _ rowLimit: Int, _ timeLimit: Duration
    ) throws(Failure) -> (Answer, isOutdated: Bool) {
        var notes: [String] = []
        let mirror: StoreReading?
        let history = StoreFile.history(state: state)
        var historyAccess: Database.Access?
        let database: Database
        do throws(StoreTrouble) {
            mirror = try reading(&notes)
            if let mirror { database = mirror.database } else { database = try made() }
        } catch {
            throw .store(error)
        }
        do throws(StoreTrouble) {
            historyAccess = try history.readingAccess()
        } catch {
            // Without a server there never was one.
            if error.kind != .missing { notes.append("\(error); questions about history are not answered") }
        }
        do throws(SQLiteError) {
            if let historyAccess {
                try database.attach(history.path, as: "history", historyAccess)
                if let trouble = try Self.trouble(history, in: database) { notes.append(trouble.description) }
            }
            try EffectiveValues(server).install(in: database)
            database.limitLength(to: Self.valueLimit)
            database.authorize(Self.allows)
            database.limitTime(to: timeLimit)
            let table = try database.table(sql, rowLimit: rowLimit, byteLimit: Self.byteLimit)
            let isOutdated =
                mirror?.isOutdated == true
                || historyAccess == .readingUnchanging && StoreFile.exists(history.path + "-wal")
            switch table.cut {
            case .rows: notes.append("only the first \(rowLimit) rows are shown; --limit shows more")
            case .bytes:
                notes.append("only the first \(table.rows.count) rows are shown: the others take too much memory")
            case nil: break
            }
            return (Answer(table: table, notes: notes), isOutdated)
        } catch {
            throw .question(error, limit: timeLimit)
        }
    }

    /// Why not every question about history is answered.
    private static func trouble(_ history: StoreFile, in database: Database) throws(SQLiteError) -> StoreTrouble? {
        let version = Int(try database.value("PRAGMA history.user_version")?.integerValue ?? 0)
        let known = history.knownVersion
        guard version != known else { return nil }
        return StoreTrouble(
            history.path,
            version < known ? .older(version: version, known: known) : .newer(version: version, known: known))
    }

    /// Nil where there is no mirror.
    private func reading(_ notes: inout [String]) throws(StoreTrouble) -> StoreReading? {
        do throws(StoreTrouble) {
            return try StoreFile.mirror(state: state).read()
        } catch {
            guard error.kind == .missing || error.kind == .corrupt else { throw error }
            notes.append(
                error.kind == .missing
                    ? "No server has run on \(state) yet: answered from the configuration file."
                    : "\(error): answered from the configuration file.")
            return nil
        }
    }

    /// A mirror of the configuration file as it is now, in memory.
    private func made() throws(StoreTrouble) -> Database {
        let store = StoreFile.mirror(state: state)
        let version: HostConfiguration
        do throws(ConfigurationError) {
            version = try HostConfiguration.of(server())
        } catch {
            throw StoreTrouble(store.path, .failed, reason: "it is not there, and \(error.description)")
        }
        return try naming(store.path) { () throws(SQLiteError) in
            let database = try Database.memory()
            _ = try database.migrate(store.migrations)
            try ConfigurationMirror(database).apply(version)
            return database
        }
    }

    /// What a question may do.
    private static func allows(_ action: Authorizer.Action) -> Bool {
        switch action {
        case .select, .read, .recursion: true
        // These would load code, or write.
        case .function(let name): name.lowercased() != "load_extension"
        case .pragma, .transaction, .change: false
        }
    }
}
