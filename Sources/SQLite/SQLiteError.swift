internal import CSQLite
internal import Glibc

/// A call of SQLite that failed. Neither statements nor values stand in it.
public struct SQLiteError: Error, Equatable, Sendable, CustomStringConvertible {
    /// SQLite's extended result code.
    public let code: Int32
    /// SQLite's own words.
    public let text: String
    /// The errno behind it; 0 where none is known.
    public let systemCode: Int32

    init(code: Int32, text: String, systemCode: Int32 = 0) {
        self.code = code
        self.text = text
        self.systemCode = systemCode
    }

    init(code: Int32) { unsafe self.init(code: code, text: String(cString: sqlite3_errstr(code))) }

    /// For functions of our own that refuse their arguments: how the statement fails that calls them.
    public init(_ text: String) { self.init(code: SQLITE_ERROR, text: text) }

    /// The code without its extension.
    private var primary: Int32 { code & 0xFF }

    /// Another connection holds a lock longer than this one would wait.
    public var isBusy: Bool { primary == SQLITE_BUSY || primary == SQLITE_LOCKED }
    /// The file is damaged, or no database.
    public var isCorrupt: Bool { primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB }
    /// The disk or the quota is full; where the index of a journal finds no room, SQLite calls that an error of the disk.
    public var isFull: Bool {
        primary == SQLITE_FULL || code == SQLITE_IOERR | (19 << 8) || isInputOutput && systemCode == ENOSPC
    }
    /// The file, its folder or its file system may not be written.
    public var isReadOnly: Bool { primary == SQLITE_READONLY }
    /// The file is not there, or may not be opened.
    public var isCannotOpen: Bool { primary == SQLITE_CANTOPEN }
    /// The disk fails.
    private var isInputOutput: Bool { primary == SQLITE_IOERR }
    /// Out of time.
    public var isInterrupted: Bool { primary == SQLITE_INTERRUPT }
    /// The authorizer does not let it.
    public var isForbidden: Bool { primary == SQLITE_AUTH }
    /// A value is longer than it may be.
    public var isTooBig: Bool { primary == SQLITE_TOOBIG }

    public var description: String { "\(text) (SQLite \(code))" }
}
