internal import Events

/// The lock of STATE/intent and the history, with no change half-way: what everybody begins with who writes.
struct SettledState: ~Copyable {
    let intent: IntentFile
    let history: ConfigurationHistory
    /// What was done about a change that a crash left half-way.
    let outcome: IntentRecovery.Outcome

    /// So many changes that stop half-way one after the other are looked at before the lock is taken.
    private static let attempts = 4

    /// Finishes or undoes what is half-way. Its files may lie on a share that hangs: whether they answer is found without the
    /// lock, so that nobody else waits for them.
    ///
    /// - Parameters:
    ///   - state: the state folder; made where it is missing.
    ///   - told: hears what happened to the history when it was opened.
    static func open(_ state: String, told: (Event) -> Void = { _ in }) throws(ChangeError) -> SettledState {
        var answering: ChangeRecord?
        for _ in 1..<attempts {
            let intent = try IntentFile.open(in: state)
            let history = try ConfigurationHistory.opened(state, told: told)
            guard let record = try IntentRecovery.unsettled(intent, history), record != answering else {
                return try settled(intent, history)
            }
            _ = consume intent
            for file in record.files { try file.awaitAnswer() }
            answering = record
        }
        return try settled(try IntentFile.open(in: state), try ConfigurationHistory.opened(state, told: told))
    }

    private static func settled(
        _ intent: consuming IntentFile, _ history: ConfigurationHistory
    ) throws(ChangeError) -> SettledState {
        let outcome = try IntentRecovery.settle(intent, history)
        return SettledState(intent: intent, history: history, outcome: outcome)
    }
}
