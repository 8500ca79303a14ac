internal import Administration
internal import Platform
internal import SQLite

extension ArchivedEvents {
    /// Behind what has been copied of the files in `stateFolder`/events.
    ///
    /// The files may have been lost, or what a power loss did not let them keep, and numbers are given again. Where the
    /// event is not the one that was copied last, the last that is known here counts: nothing before it is news, though
    /// it may have been removed here since.
    func cursor(in stateFolder: String) throws(EventArchive.Trouble) -> EventCursor {
        let place = try EventArchive.Trouble.store(stateFolder) { () throws(SQLiteError) in try self.place() }
        guard let place, place.sequence > 0 else { return EventCursor(stateFolder: stateFolder, after: 0) }
        var before = EventCursor(stateFolder: stateFolder, after: place.sequence - 1)
        let following = try Self.lines(&before)
        if let next = Self.records(of: following).first,
            next.sequence > place.sequence || next.time == place.time
        {
            return EventCursor(stateFolder: stateFolder, after: place.sequence)
        }
        return EventCursor(stateFolder: stateFolder, after: try lastKnown(in: stateFolder))
    }

    /// The number of the last event in the files that is here; 0 where none is.
    private func lastKnown(in stateFolder: String) throws(EventArchive.Trouble) -> UInt64 {
        var known: UInt64 = 0
        var cursor = EventCursor(stateFolder: stateFolder, after: 0)
        while case let lines = try Self.lines(&cursor), !lines.isEmpty {
            for record in Self.records(of: lines) where try isKnown(record, stateFolder) { known = record.sequence }
        }
        return known
    }

    private func isKnown(_ record: EventRecord, _ stateFolder: String) throws(EventArchive.Trouble) -> Bool {
        try EventArchive.Trouble.store(stateFolder) { () throws(SQLiteError) in
            try database.value(
                "SELECT 1 FROM event WHERE time = ? AND sequence = ?", .text(record.time), SQLValue(record.sequence))?
                .integerValue == 1
        }
    }

    private static func lines(_ cursor: inout EventCursor) throws(EventArchive.Trouble) -> [UInt8] {
        try EventArchive.Trouble.files { () throws(FileError) in try cursor.next() }
    }

    static func records(of lines: [UInt8]) -> [EventRecord] {
        lines.split(separator: UInt8(ascii: "\n")).compactMap { EventRecord(line: Array($0)) }
    }
}
