/// What a question was answered with, within limits.
public struct ResultTable: Equatable, Sendable {
    public let columns: [String]
    public let rows: [[SQLValue]]
    /// Why there may be more; nil where this is all.
    public let cut: Cut?

    public enum Cut: Equatable, Sendable {
        case rows
        case bytes
    }
}

extension Database {
    /// Runs one statement and takes its rows, up to so many rows and so many bytes of values.
    public func table(
        _ sql: String, rowLimit: Int, byteLimit: Int
    ) throws(SQLiteError) -> ResultTable {
        let statement = try prepare(sql)
        defer { statement.reset() }
        let columns = statement.columnNames
        var rows: [[SQLValue]] = []
        var bytes = 0
        while try statement.step() {
            guard rows.count < rowLimit else { return ResultTable(columns: columns, rows: rows, cut: .rows) }
            let row = columns.indices.map(statement.value)
            bytes += row.reduce(0) { $0 + $1.size }
            guard bytes <= byteLimit else { return ResultTable(columns: columns, rows: rows, cut: .bytes) }
            rows.append(row)
        }
        return ResultTable(columns: columns, rows: rows, cut: nil)
    }
}

extension SQLValue {
    /// About how many bytes of memory it takes.
    fileprivate var size: Int {
        switch self {
        case .text(let text): 32 + text.utf8.count
        case .blob(let bytes): 32 + bytes.count
        case .null, .integer, .real: 32
        }
    }
}
