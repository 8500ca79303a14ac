import HostModel
import Platform
import SQLite

/// How web.config files stand in the database: a row of `file` with one of `location` for each.
struct WebConfigRows {
    private let database: Database
    private let sections: SectionRows
    private let insertFile: Statement
    private let insertProblem: Statement
    private let updateFile: Statement
    private let confirmFile: Statement
    private let moveFile: Statement
    private let deleteFile: Statement
    private let deleteProblem: Statement
    private let findLocation: Statement

    init(_ database: Database, _ sections: SectionRows) throws(SQLiteError) {
        self.database = database
        self.sections = sections
        insertFile = try database.prepare(
            insertion("file", ["path", "kind", "reporter", "site", "application", "url", "reported"]))
        insertProblem = try database.prepare(insertion("file_problem", ["file", "line", "message"]))
        updateFile = try database.prepare(
            "UPDATE file SET path = ?, reporter = ?, application = ?, url = ?, reported = ? WHERE key = ?")
        confirmFile = try database.prepare("UPDATE file SET reported = ? WHERE key = ?")
        moveFile = try database.prepare("UPDATE file SET application = ? WHERE key = ?")
        deleteFile = try database.prepare("DELETE FROM file WHERE key = ?")
        deleteProblem = try database.prepare("DELETE FROM file_problem WHERE file = ?")
        findLocation = try database.prepare("SELECT key FROM location WHERE file = ?")
    }

    /// Answers the row's key.
    func insert(_ report: ReportedFile, at place: WebConfigPlace) throws(SQLiteError) -> Int64 {
        try insertFile.run(
            .text(report.file), .text("web.config"), .text(report.pool), SQLValue(report.siteID),
            .text(place.application), .text(place.path), SQLValue(FileStamp.now()))
        let key = database.lastInsertedRow
        try insertContent(of: report, key)
        return key
    }

    func replace(_ key: Int64, with report: ReportedFile, at place: WebConfigPlace) throws(SQLiteError) {
        try updateFile.run(
            .text(report.file), .text(report.pool), .text(place.application), .text(place.path),
            SQLValue(FileStamp.now()), .integer(key))
        if case .integer(let location)? = try findLocation.firstValue([.integer(key)]) { try sections.delete(location) }
        try deleteProblem.run(.integer(key))
        try insertContent(of: report, key)
    }

    /// It was read again and says the same.
    func confirm(_ key: Int64) throws(SQLiteError) { try confirmFile.run(SQLValue(FileStamp.now()), .integer(key)) }

    func move(_ key: Int64, to application: String) throws(SQLiteError) {
        try moveFile.run(.text(application), .integer(key))
    }

    /// What is the file's goes with it.
    func delete(_ key: Int64) throws(SQLiteError) { try deleteFile.run(.integer(key)) }

    private func insertContent(of report: ReportedFile, _ key: Int64) throws(SQLiteError) {
        guard case .read(let written, let problem) = report.content else { return }
        // Lines of the server's file begin at 1: what moves there leaves this row alone.
        if !written.isEmpty { _ = try sections.insert(written, file: key, line: 0) }
        if let problem { try insertProblem.run(.integer(key), SQLValue(problem.line), .text(problem.message)) }
    }
}
