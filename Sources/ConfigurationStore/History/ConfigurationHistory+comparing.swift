internal import Platform
internal import SQLite

/// Versions are written without their differences (`uncompared`), so that a change waits for no comparison of whole texts.
/// A master that takes the version over has both models, and writes them then; what is asked for before is found from the
/// texts.
extension ConfigurationHistory {
    private func uncomparedPath(_ number: Int64) throws(SQLiteError) -> String? {
        try database.value("SELECT path FROM uncompared WHERE version = ?", .integer(number))?.textValue
    }

    /// What is known of a version's differences.
    enum Comparison {
        /// They are written.
        case settled
        case found([ObjectDifference])
        /// One of the two texts cannot be read now.
        case unreadable
    }

    /// The differences of a version that has none yet, by reading both texts.
    func compared(_ number: Int64) throws(SQLiteError) -> Comparison {
        guard let path = try uncomparedPath(number) else { return .settled }
        let before = try database.value(
            "SELECT max(number) FROM versions WHERE number < ? AND state = 1", .integer(number))?.integerValue
        guard let before, let old = try text(of: before), let new = try text(of: number) else {
            return .unreadable
        }
        return .found(ModelDifferences.between(old, new, path: path, state: state))
    }

    /// Writes the differences of a version that has none yet, where `before` is the version it was made of.
    func compare(_ number: Int64, since before: Int64, _ differences: () -> [ObjectDifference]) throws(SQLiteError) {
        guard number != before, try uncomparedPath(number) != nil, let version = try version(number),
            try self.version(before)?.newHash == version.oldHash
        else { return }
        try settle(number, differences())
    }

    /// Looks for the differences of all versions that have none yet: for questions about them in SQL, which find what is
    /// written alone. Takes no time where there are none, and does nothing where the history cannot be written.
    public static func compareAll(state: String) {
        guard let history = try? reading(state: state), let waiting = try? history.uncompared(), !waiting.isEmpty,
            let intent = try? IntentFile.open(in: state), let history = try? opened(state)
        else { return }
        withExtendedLifetime(intent) {
            for number in waiting {
                guard case .found(let differences)? = try? history.compared(number) else { continue }
                try? history.settle(number, differences)
            }
        }
    }

    private func uncompared() throws(SQLiteError) -> [Int64] {
        var all: [Int64] = []
        try database.query(
            "SELECT version FROM uncompared JOIN versions ON number = version WHERE state = 1 ORDER BY version"
        ) { row in all.append(row.integer(0)) }
        return all
    }

    private func settle(_ number: Int64, _ differences: [ObjectDifference]) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try database.run("DELETE FROM uncompared WHERE version = ?", .integer(number))
            try write(differences, of: number)
        }
    }

    func write(_ differences: [ObjectDifference], of number: Int64) throws(SQLiteError) {
        for (position, change) in differences.enumerated() {
            try database.run(
                "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)", .integer(number), SQLValue(position),
                .text(change.kind.rawValue), .text(change.name), .text(change.aspect), SQLValue(change.old),
                SQLValue(change.new))
        }
    }
}
