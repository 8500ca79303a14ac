internal import SQLite

/// The table that says where the objects of one kind begin.
struct LineRows {
    private let insert: Statement
    private let moveOne: Statement
    private let moveStretches: Statement

    /// - Parameter column: the object's key.
    init(_ database: Database, table: String, column: String) throws(SQLiteError) {
        insert = try database.prepare(insertion(table, [column, "line"]))
        moveOne = try database.prepare("UPDATE \(table) SET line = ? WHERE \(column) = ?")
        let cases = (0..<LineMoves.stretchLimit).reversed().map { number in
            "WHEN line >= ?\(2 * number + 1) THEN ?\(2 * number + 2)"
        }
        moveStretches = try database.prepare(
            "UPDATE \(table) SET line = line + CASE \(cases.joined(separator: " ")) END WHERE line >= ?1")
    }

    func insert(_ key: Int64, line: Int) throws(SQLiteError) { try insert.run(.integer(key), SQLValue(line)) }

    func move(_ moves: LineMoves) throws(SQLiteError) {
        if !moves.stretches.isEmpty {
            var values: [SQLValue] = []
            for stretch in moves.stretches { values += [SQLValue(stretch.first), SQLValue(stretch.offset)] }
            // Beyond any line.
            while values.count < 2 * LineMoves.stretchLimit { values += [.integer(.max), 0] }
            try moveStretches.run(values)
        }
        for single in moves.singles { try moveOne.run(SQLValue(single.line), .integer(single.key)) }
    }
}
