internal import Configuration
internal import HostModel
internal import SQLite

/// How stretches of the server's file and their sections stand in the database: a row of `location` for each stretch.
struct SectionRows {
    private let database: Database
    private let insertLocation: Statement
    private let insertLine: Statement
    private let insertSection: Statement
    private let deleteSections: Statement
    private let moveSection: Statement
    private let move: Statement
    private let delete: Statement

    init(_ database: Database) throws(SQLiteError) {
        self.database = database
        // The server's own file has the key 1.
        insertLocation = try database.prepare("INSERT INTO location (file) VALUES (1)")
        insertLine = try database.prepare(insertion("location_line", ["location", "line"]))
        insertSection = try database.prepare(
            insertion(
                "section",
                ["location", "position", "path", "name", "fragment", "override_mode", "inherited", "line"]))
        deleteSections = try database.prepare("DELETE FROM section WHERE location = ?")
        moveSection = try database.prepare("UPDATE section SET line = ? WHERE location = ? AND position = ?")
        move = try database.prepare("UPDATE location_line SET line = ? WHERE location = ?")
        delete = try database.prepare("DELETE FROM location WHERE key = ?")
    }

    func insert(_ sections: [WrittenSection], line: Int) throws(SQLiteError) -> Int64 {
        try insertLocation.run()
        let key = database.lastInsertedRow
        try insertLine.run(.integer(key), SQLValue(line))
        try insert(sections, key)
        return key
    }

    /// Writes all of them where one differs, else the lines that do.
    func update(_ key: Int64, from old: [WrittenSection], to new: [WrittenSection]) throws(SQLiteError) {
        guard old == new else {
            try deleteSections.run(.integer(key))
            return try insert(new, key)
        }
        for (position, (one, other)) in zip(old, new).enumerated() where one.line.number != other.line.number {
            try moveSection.run(SQLValue(other.line.number), .integer(key), SQLValue(position))
        }
    }

    func move(_ key: Int64, to line: Int) throws(SQLiteError) { try move.run(SQLValue(line), .integer(key)) }

    /// Its sections go with it.
    func delete(_ key: Int64) throws(SQLiteError) { try delete.run(.integer(key)) }

    private func insert(_ sections: [WrittenSection], _ key: Int64) throws(SQLiteError) {
        for (position, section) in sections.enumerated() {
            try insertSection.run(
                .integer(key), SQLValue(position), .text(section.path), .text(section.section),
                .text(section.fragment), .text(section.overrideMode.rawValue), SQLValue(section.inherits),
                SQLValue(section.line.number))
        }
    }
}
