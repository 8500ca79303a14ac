internal import CSQLite

extension Database {
    /// Gives statements a function of our own, that views and indexes may use too.
    ///
    /// - Parameter isDeterministic: it says the same for the same values as long as one statement runs.
    /// - Parameter function: called on the database's thread; what it throws is what the statement fails with.
    public func addFunction(
        _ name: String, arguments: Int, isDeterministic: Bool = true,
        _ function: @escaping ([SQLValue]) throws(SQLiteError) -> SQLValue
    ) throws(SQLiteError) {
        let flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | (isDeterministic ? SQLITE_DETERMINISTIC : 0)
        // SQLite owns the reference: it calls the destructor at the end, or where this call fails.
        let context = unsafe Unmanaged.passRetained(ScalarFunction(function)).toOpaque()
        let code = unsafe sqlite3_create_function_v2(
            connection.handle, name, Int32(clamping: arguments), flags, context,
            { context, count, values in
                guard let context = unsafe context, let user = unsafe sqlite3_user_data(context) else { return }
                unsafe Unmanaged<ScalarFunction>.fromOpaque(user).takeUnretainedValue().call(context, count, values)
            }, nil, nil,
            { unsafe Unmanaged<ScalarFunction>.fromOpaque($0!).release() })
        try connection.check(code)
    }
}

private final class ScalarFunction {
    private let function: ([SQLValue]) throws(SQLiteError) -> SQLValue

    init(_ function: @escaping ([SQLValue]) throws(SQLiteError) -> SQLValue) { self.function = function }

    /// The values live during the call; SQLite copies the result.
    @unsafe func call(_ context: OpaquePointer, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?) {
        var arguments: [SQLValue] = []
        for index in 0..<Int(count) { unsafe arguments.append(SQLValue(values?[index])) }
        do throws(SQLiteError) {
            switch try function(arguments) {
            case .null: unsafe sqlite3_result_null(context)
            case .integer(let number): unsafe sqlite3_result_int64(context, number)
            case .real(let number): unsafe sqlite3_result_double(context, number)
            case .text(let text):
                unsafe text.utf8CString.withUnsafeBufferPointer { text in
                    unsafe hostelry_sqlite_result_text(context, text.baseAddress, UInt64(text.count - 1))
                }
            case .blob(let bytes):
                unsafe bytes.withUnsafeBytes { bytes in
                    guard let start = bytes.baseAddress else { return unsafe sqlite3_result_zeroblob(context, 0) }
                    unsafe hostelry_sqlite_result_blob(context, start, UInt64(bytes.count))
                }
            }
        } catch {
            unsafe sqlite3_result_error(context, error.text, -1)
        }
    }
}

extension SQLValue {
    /// A value that SQLite lends during a call.
    @unsafe fileprivate init(_ value: OpaquePointer?) {
        switch unsafe sqlite3_value_type(value) {
        case SQLITE_INTEGER: self = unsafe .integer(sqlite3_value_int64(value))
        case SQLITE_FLOAT: self = unsafe .real(sqlite3_value_double(value))
        case SQLITE_TEXT:
            let start = unsafe sqlite3_value_text(value)
            let count = unsafe start == nil ? 0 : Int(sqlite3_value_bytes(value))
            self = unsafe .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = unsafe sqlite3_value_blob(value)
            let count = unsafe start == nil ? 0 : Int(sqlite3_value_bytes(value))
            self = unsafe .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
        default: self = .null
        }
    }
}
