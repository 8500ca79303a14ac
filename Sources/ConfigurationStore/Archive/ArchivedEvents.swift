internal import Administration
internal import Events
internal import Platform
internal import SQLite

/// The events in history.db, for one thread: copied from the files in order, and removed when they are old.
struct ArchivedEvents {
    /// The event that was copied last.
    struct Place: Equatable {
        let sequence: UInt64
        let time: String
    }

    /// So many rows of a table are removed in one transaction.
    static let removalPiece = 500

    /// What it and `ArchivedWorkers` write.
    static let tables = ["event", "worker_process", "event_place"]

    let database: Database

    /// Nil before the first.
    func place() throws(SQLiteError) -> Place? {
        var place: Place?
        try database.query("SELECT sequence, time FROM event_place") { row in
            place = Place(sequence: UInt64(clamping: row.integer(0)), time: row.text(1))
        }
        return place
    }

    /// Adds those that are not there yet and what they say of worker processes, as a whole or not at all.
    ///
    /// - Returns: how many were new.
    func add(_ records: [EventRecord]) throws(SQLiteError) -> Int {
        guard let last = records.last else { return 0 }
        let workers = ArchivedWorkers(database: database)
        return try database.transaction { () throws(SQLiteError) in
            var count = 0
            for record in records {
                try insert(record)
                guard database.changedRows > 0 else { continue }
                count += 1
                if let change = WorkerProcessChange(record.event) { try workers.apply(change, at: record.time) }
            }
            try database.run(
                "INSERT OR REPLACE INTO event_place (key, sequence, time) VALUES (1, ?, ?)", SQLValue(last.sequence),
                .text(last.time))
            return count
        }
    }

    private func insert(_ record: EventRecord) throws(SQLiteError) {
        let event = record.event
        try database.run(
            """
            INSERT INTO event (sequence, time, id, level, name, object, text, fields, source)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """, SQLValue(record.sequence), .text(record.time), SQLValue(event.kind.id),
            .text(event.kind.level.rawValue), .text(event.kind.name), .text(event.object), .text(event.text),
            .text(Self.json(event.fields)), .text(event.kind.source.name))
    }

    private static func json(_ fields: [Event.Field]) -> String {
        JSONValue.object(
            fields.map { field in
                switch field.value {
                case .number(let number): JSONValue.Member(field.name, .integer(number))
                case .text(let text): JSONValue.Member(field.name, .text(text))
                }
            }
        ).line
    }

    // MARK: Retention

    /// Removes a piece of what is kept no longer; what runs stays.
    ///
    /// - Parameter now: nanoseconds since 1970.
    /// - Returns: whether there may be more.
    func removeSome(_ retention: EventRetention, now: Int64) throws(SQLiteError) -> Bool {
        let age = retention.age.components.seconds
        let (nanoseconds, isForEver) = age.multipliedReportingOverflow(by: 1_000_000_000)
        let oldest = isForEver || nanoseconds >= now ? "" : Timestamp(nanoseconds: now - nanoseconds).text
        let piece = SQLValue(Self.removalPiece)
        return try database.transaction { () throws(SQLiteError) in
            var isFull = false
            func remove(_ sql: String, _ value: SQLValue) throws(SQLiteError) {
                try database.run(sql, value, piece)
                if database.changedRows == Self.removalPiece { isFull = true }
            }
            try remove(
                "DELETE FROM event WHERE number IN (SELECT number FROM event WHERE time < ? ORDER BY time LIMIT ?)",
                .text(oldest))
            try remove(
                """
                DELETE FROM event WHERE number IN (SELECT number FROM event
                    WHERE number <= (SELECT max(number) FROM event) - ? ORDER BY number LIMIT ?)
                """, SQLValue(retention.events))
            try remove(
                """
                DELETE FROM worker_process WHERE number IN (SELECT number FROM worker_process
                    WHERE ended < ? ORDER BY ended LIMIT ?)
                """, .text(oldest))
            try remove(
                """
                DELETE FROM worker_process WHERE number IN (SELECT number FROM worker_process
                    WHERE number <= (SELECT max(number) FROM worker_process) - ? AND ended IS NOT NULL
                    ORDER BY number LIMIT ?)
                """, SQLValue(retention.workerProcesses))
            return isFull
        }
    }
}
