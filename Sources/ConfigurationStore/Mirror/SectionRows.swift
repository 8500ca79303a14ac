internal import Configuration
internal import HostModel
internal import SQLite

/// How stretches of a file and their sections stand in the database: a row of `location` for each stretch.
struct SectionRows {
    /// The server's own file has the key 1.
    static let serverFile: Int64 = 1

    let lines: LineRows
    private let database: Database
    private let insertLocation: Statement
    private let insertSection: Statement
    private let deleteSections: Statement
    private let moveSection: Statement
    private let delete: Statement

    init(_ database: Database) throws(SQLiteError) {
        self.database = database
        lines = try LineRows(database, table: "location_line", column: "location")
        insertLocation = try database.prepare(insertion("location", ["file"]))
        insertSection = try database.prepare(
            insertion(
                "section",
                ["location", "position", "path", "name", "fragment", "override_mode", "inherited", "line"]))
        deleteSections = try database.prepare("DELETE FROM section WHERE location = ?")
        moveSection = try database.prepare("UPDATE section SET line = ? WHERE location = ? AND position = ?")
        delete = try database.prepare("DELETE FROM location WHERE key = ?")
    }

    /// Answers the row's key.
    func insert(
        _ sections: [WrittenSection], file: Int64 = Self.serverFile, line: Int
    ) throws(SQLiteError) -> Int64 {
        try insertLocation.run(.integer(file))
        let key = database.lastInsertedRow
        try lines.insert(key, line: line)
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
