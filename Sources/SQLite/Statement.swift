internal import CSQLite

/// A prepared statement: values go in, rows come out.
@safe
public final class Statement {
    private let connection: Connection
    private let handle: OpaquePointer

    init(_ sql: String, _ connection: Connection) throws(SQLiteError) {
        var handle: OpaquePointer?
        var isAlone = true
        let code = unsafe sql.utf8CString.withUnsafeBufferPointer { text in
            var rest: UnsafePointer<CChar>?
            let code = unsafe sqlite3_prepare_v3(
                connection.handle, text.baseAddress, Int32(clamping: text.count), 0, &handle, &rest)
            // What follows the first statement may be blanks and comments: then nothing can be prepared of it.
            if code == SQLITE_OK, let rest = unsafe rest, unsafe rest.pointee != 0 {
                var next: OpaquePointer?
                let after = unsafe sqlite3_prepare_v3(connection.handle, rest, -1, 0, &next, nil)
                isAlone = unsafe after == SQLITE_OK && next == nil
                unsafe sqlite3_finalize(next)
            }
            return code
        }
        try connection.check(code)
        guard let handle = unsafe handle else { throw SQLiteError("no statement") }
        guard isAlone else {
            unsafe sqlite3_finalize(handle)
            throw SQLiteError("more than one statement")
        }
        self.connection = connection
        unsafe self.handle = handle
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Whether it changes nothing in any file.
    public var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(handle) != 0 }

    /// Whether it stands at a row.
    var isRunning: Bool { unsafe sqlite3_stmt_busy(handle) != 0 }

    public var columnNames: [String] {
        (0..<columnCount).map { index in
            unsafe sqlite3_column_name(handle, Int32(index)).map { unsafe String(cString: $0) } ?? ""
        }
    }

    private var columnCount: Int { unsafe Int(sqlite3_column_count(handle)) }

    // MARK: Running

    /// Runs it to its end, for what it does.
    public func run(_ values: SQLValue...) throws(SQLiteError) { try run(values) }

    public func run(_ values: [SQLValue]) throws(SQLiteError) { try rows(values) { (_) throws(SQLiteError) in } }

    /// Calls `body` at each row, then makes the statement ready for the next run.
    public func rows(
        _ values: [SQLValue] = [], _ body: (Statement) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        defer { reset() }
        try bind(values)
        while try step() { try body(self) }
    }

    /// The first column of the first row; nil where there is none.
    public func firstValue(_ values: [SQLValue] = []) throws(SQLiteError) -> SQLValue? {
        defer { reset() }
        try bind(values)
        return try step() ? value(0) : nil
    }

    /// Gives the parameters their values, the first one first.
    public func bind(_ values: [SQLValue]) throws(SQLiteError) {
        for (index, value) in values.enumerated() { try bind(value, at: index + 1) }
    }

    /// - Parameter index: from 1.
    public func bind(_ value: SQLValue, at index: Int) throws(SQLiteError) {
        let index = Int32(clamping: index)
        let code: Int32
        switch value {
        case .null: code = unsafe sqlite3_bind_null(handle, index)
        case .integer(let number): code = unsafe sqlite3_bind_int64(handle, index, number)
        case .real(let number): code = unsafe sqlite3_bind_double(handle, index, number)
        case .text(var text):
            // SQLite copies the bytes.
            code = text.withUTF8 { text in
                // An empty text has no address, and nil would be NULL.
                guard let start = text.baseAddress else {
                    return unsafe hostelry_sqlite_bind_text(handle, index, "", 0)
                }
                return unsafe hostelry_sqlite_bind_text(
                    handle, index, UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), UInt64(text.count))
            }
        case .blob(let bytes):
            // SQLite copies the bytes.
            code = unsafe bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return unsafe sqlite3_bind_zeroblob(handle, index, 0) }
                return unsafe hostelry_sqlite_bind_blob(handle, index, start, UInt64(bytes.count))
            }
        }
        try connection.check(code)
    }

    /// Goes to the next row; false at the end.
    public func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw connection.error(code)
        }
    }

    /// Ends the run and forgets the values.
    public func reset() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    // MARK: The row's columns, from 0

    public func integer(_ column: Int) -> Int64 { unsafe sqlite3_column_int64(handle, Int32(column)) }

    public func flag(_ column: Int) -> Bool { integer(column) != 0 }

    private func real(_ column: Int) -> Double { unsafe sqlite3_column_double(handle, Int32(column)) }

    /// Empty for NULL.
    public func text(_ column: Int) -> String {
        let column = Int32(column)
        // The memory is SQLite's until the next step; the count is that of the text asked for just before.
        guard let start = unsafe sqlite3_column_text(handle, column) else { return "" }
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Empty for NULL.
    public func blob(_ column: Int) -> [UInt8] {
        let column = Int32(column)
        // The memory is SQLite's until the next step; the count is that of the blob asked for just before.
        let start = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    public func isNull(_ column: Int) -> Bool { unsafe sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

    public func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

    public func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }

    public func value(_ column: Int) -> SQLValue {
        switch unsafe sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_FLOAT: .real(real(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }
}
