internal import CSQLite

/// The open handle, shared by the database and its statements; closed with the last of them.
@safe
final class Connection {
    let handle: OpaquePointer
    /// What SQLite calls back, as long as the connection is open.
    var authorizer: Authorizer?
    var timeLimit: TimeLimit?

    init(_ handle: OpaquePointer) { unsafe self.handle = handle }

    deinit {
        // Statements hold the connection: none is left when it closes.
        unsafe sqlite3_close_v2(handle)
    }

    func error(_ code: Int32) -> SQLiteError {
        unsafe SQLiteError(
            code: code, text: String(cString: sqlite3_errmsg(handle)), systemCode: sqlite3_system_errno(handle))
    }

    func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// Takes back the function, authorizer and limit that point into this process.
    func setAuthorizer(_ authorizer: Authorizer?) {
        self.authorizer = authorizer
        // `self.authorizer` keeps the object as long as SQLite may call it.
        if let authorizer {
            unsafe sqlite3_set_authorizer(
                handle,
                { context, action, first, second, database, _ in
                    unsafe Unmanaged<Authorizer>.fromOpaque(context!).takeUnretainedValue()
                        .verdict(action, first, second, database)
                }, Unmanaged.passUnretained(authorizer).toOpaque())
        } else {
            unsafe sqlite3_set_authorizer(handle, nil, nil)
        }
    }

    func setTimeLimit(_ limit: TimeLimit?) {
        timeLimit = limit
        // `timeLimit` keeps the object as long as SQLite may call it.
        if let limit {
            unsafe sqlite3_progress_handler(
                handle, TimeLimit.interval,
                { context in unsafe Unmanaged<TimeLimit>.fromOpaque(context!).takeUnretainedValue().isOver ? 1 : 0 },
                Unmanaged.passUnretained(limit).toOpaque())
        } else {
            unsafe sqlite3_progress_handler(handle, 0, nil, nil)
        }
    }
}
