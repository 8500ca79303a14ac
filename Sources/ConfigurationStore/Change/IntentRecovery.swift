public import Events
internal import Platform

/// What is done about a change that a crash or an error left half-way: by the master when it starts, and by every command
/// that writes.
public enum IntentRecovery {
    public enum Outcome: Equatable, Sendable {
        /// Nothing was half-way.
        case nothing
        /// The change is in force.
        case finished(version: Int64)
        /// The change was never made.
        case undone(tool: String)
    }

    /// Finishes or undoes what STATE/intent tells of. Takes no time where it tells of nothing.
    ///
    /// - Parameter told: hears what happened to the history when it was opened.
    @discardableResult
    public static func finish(
        state: String, told: (Event) -> Void = { _ in }
    ) throws(ChangeError) -> Outcome {
        try SettledState.open(state, told: told).outcome
    }

    /// Whether a change is under way, or half-way. Takes no lock.
    public static func isNeeded(state: String) -> Bool {
        ((try? FileStamp.of(IntentFile.path(in: state))) ?? nil).map { $0.size > 0 } ?? false
    }

    /// The change that is half-way; nil where there is none, or where it was made and its record was to be emptied.
    static func unsettled(
        _ intent: borrowing IntentFile, _ history: ConfigurationHistory
    ) throws(ChangeError) -> ChangeRecord? {
        guard let record = try intent.record() else { return nil }
        return try history.recording { history throws in try history.isInForce(record.number) } ? nil : record
    }

    /// For `SettledState`, which has seen that the files answer.
    static func settle(_ intent: borrowing IntentFile, _ history: ConfigurationHistory) throws(ChangeError) -> Outcome {
        guard let record = try intent.record() else {
            // Versions that were written before an intent was.
            try history.recording { history throws in try history.removeUnfinished() }
            return .nothing
        }
        // An intent that was to be emptied: the change was made, and more may have happened since.
        let isStale = try history.recording { history throws in try history.isInForce(record.number) }
        if !isStale { for file in record.files { try file.clearLeftovers() } }
        let outcome = isStale ? .finished : try record.settle(preferring: .finished)
        try history.recording { history throws in try history.end(record, outcome) }
        try intent.clear()
        return outcome == .finished ? .finished(version: record.number) : .undone(tool: record.tool)
    }

    /// Gives up a change of a shared folder's files that can be neither finished nor undone now, for a server that leaves
    /// the folder: what the files hold is found when somebody reads them again. Takes no time where there is none.
    ///
    /// - Returns: whether there was one.
    public static func giveUp(in folder: SharedFolder, state: String) throws(ChangeError) -> Bool {
        guard isNeeded(state: state) else { return false }
        do throws(ChangeError) {
            _ = try SettledState.open(state)
            return false
        } catch {
            guard case .unfinished = error else { throw error }
            let intent = try IntentFile.open(in: state)
            let history = try ConfigurationHistory.opened(state)
            // Somebody else may have been luckier since.
            guard let record = try unsettled(intent, history) else { return false }
            guard record.files.allSatisfy({ folder.holds($0.path) }) else { throw error }
            try history.recording { history throws in try history.end(record, .undone) }
            try intent.clear()
            return true
        }
    }
}
