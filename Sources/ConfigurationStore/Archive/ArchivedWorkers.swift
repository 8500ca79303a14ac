internal import Administration
internal import SQLite

/// The worker processes in history.db, as events tell of them.
struct ArchivedWorkers {
    let database: Database

    /// - Parameter time: when it happened.
    func apply(_ change: WorkerProcessChange, at time: String) throws(SQLiteError) {
        switch change {
        case .started(let worker): try start(worker, time)
        case .ready(let worker):
            // Also one that was given up too early.
            try database.run(
                "UPDATE worker_process SET ready = ?, ended = NULL, outcome = NULL WHERE number = ?", .text(time),
                .integer(try row(of: worker)))
        case .ended(let worker, let end): try finish(worker, end, time)
        case .masterBegan:
            try database.run(
                "UPDATE worker_process SET ended = ?, outcome = ? WHERE ended IS NULL", .text(time), .lost)
        case .adopted(let pids): try goOn(with: pids)
        }
    }

    private func start(_ worker: WorkerProcessChange.Worker, _ time: String) throws(SQLiteError) {
        // The number is given again: nobody heard of the end of whoever had it.
        try database.run(
            "UPDATE worker_process SET ended = ?, outcome = ? WHERE worker = ? AND ended IS NULL", .text(time), .lost,
            .integer(worker.number))
        try insert(worker, started: .text(time))
    }

    private func insert(_ worker: WorkerProcessChange.Worker, started: SQLValue) throws(SQLiteError) {
        try database.run(
            "INSERT INTO worker_process (pool, worker, pid, started) VALUES (?, ?, ?, ?)", .text(worker.pool),
            .integer(worker.number), SQLValue(worker.pid), started)
    }

    private func finish(
        _ worker: WorkerProcessChange.Worker, _ end: WorkerProcessChange.End, _ time: String
    ) throws(SQLiteError) {
        try database.run(
            """
            UPDATE worker_process
            SET pid = coalesce(?, pid), ended = ?, outcome = ?, exit_code = ?, signal = ?, reason = ?, requests = ?
            WHERE number = ?
            """, SQLValue(worker.pid), .text(time), .text(end.outcome.rawValue), SQLValue(end.exitCode),
            SQLValue(end.signal), SQLValue(end.reason), SQLValue(end.requests), .integer(try row(of: worker)))
    }

    /// Of the one that runs, of one that was given up and has that process id, or else a new one.
    private func row(of worker: WorkerProcessChange.Worker) throws(SQLiteError) -> Int64 {
        if let running = try database.value(
            "SELECT number FROM worker_process WHERE worker = ? AND ended IS NULL AND pool = ? ORDER BY number DESC",
            .integer(worker.number), .text(worker.pool))?.integerValue
        {
            return running
        }
        if let lost = try database.value(
            """
            SELECT number FROM worker_process WHERE pool = ? AND worker = ? AND pid = ? AND outcome = ?
            ORDER BY number DESC
            """, .text(worker.pool), .integer(worker.number), SQLValue(worker.pid), .lost)?.integerValue
        {
            return lost
        }
        try insert(worker, started: .null)
        return database.lastInsertedRow
    }

    /// Those that were given up when this master began, or one before it that came to nothing. The newest that had a process
    /// id is meant: the process runs, so nobody else has got its number since.
    private func goOn(with pids: [Int64]) throws(SQLiteError) {
        try database.run(
            """
            UPDATE worker_process SET ended = NULL, outcome = NULL WHERE outcome = ? AND number IN
                (SELECT max(number) FROM worker_process WHERE pid IN (SELECT value FROM json_each(?)) GROUP BY pid)
            """, .lost, .text(JSONValue.array(pids.map { .integer($0) }).line))
    }
}

extension SQLValue {
    fileprivate static var lost: SQLValue { .text(WorkerProcessChange.Outcome.lost.rawValue) }

    fileprivate init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }
}
