internal import Crypto
internal import SQLite

/// What a server has in force, as the history knows it.
struct AppliedVersion: Equatable {
    let number: Int64
    /// Whether it was recorded just now.
    let isNew: Bool
}

extension ConfigurationHistory {
    /// Records what a server has put in force, where it is news (`find`).
    ///
    ///     an editor saves A ─► the server reads A ─► … a command changes A to B ─► the server tells of A
    ///
    /// A change that is committed while the server still reads records what it found, and is the newest version when the
    /// server tells of that. The file has passed on: to record it again would have it changed back, and then forth again
    /// when the server tells of B. Only versions since `last` can have come about so; what is older than that, somebody
    /// has put back.
    ///
    /// - Parameters:
    ///   - author: nil: the file's owner.
    ///   - last: the version that the server told of before; nil where it is the first time.
    func applied(
        _ bytes: [UInt8], path: String, author: ChangeAuthor? = nil, after last: Int64?,
        differences: (() -> [ObjectDifference])? = nil
    ) throws -> AppliedVersion {
        if let last, let passed = try passed(SHA256.hash(bytes), since: last) {
            return AppliedVersion(number: passed, isNew: false)
        }
        let found = try find(bytes, path: path, author: author, differences: differences)
        // Without a new one the newest is this one.
        return AppliedVersion(number: try found ?? newest()?.number ?? 0, isNew: found != nil)
    }

    /// The number of a version with that hash, from `last` on, that others have followed since.
    private func passed(_ hash: SHA256Digest, since last: Int64) throws(SQLiteError) -> Int64? {
        guard try newest()?.newHash != hash else { return nil }
        return try database.value(
            "SELECT max(number) FROM versions WHERE state = 1 AND number >= ? AND hash_after = ?", .integer(last),
            .blob(hash.bytes))?.integerValue
    }
}
