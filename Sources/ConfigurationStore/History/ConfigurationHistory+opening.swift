package import Events
internal import SQLite

extension ConfigurationHistory {
    /// Why the history cannot be read.
    public struct Unreadable: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// For looking; nil where nothing was ever recorded.
    public static func reading(state: String) throws(Unreadable) -> ConfigurationHistory? {
        do throws(StoreTrouble) {
            return try read(state)
        } catch {
            switch error.kind {
            case .missing where !StoreFile.history(state: state).hasBackup: return nil
            // Whoever may write it can put this right.
            case .missing, .unfinished, .older:
                guard (try? IntentRecovery.finish(state: state)) != nil, let history = try? read(state) else {
                    throw Unreadable(description: error.description)
                }
                return history
            default: throw Unreadable(description: error.description)
            }
        }
    }

    private static func read(_ state: String) throws(StoreTrouble) -> ConfigurationHistory {
        ConfigurationHistory(try StoreFile.history(state: state).read().database, state: state)
    }

    /// For writing, by whoever holds the lock of STATE/intent.
    package static func opened(_ state: String, told: (Event) -> Void = { _ in }) throws(ChangeError)
        -> ConfigurationHistory
    {
        do throws(StoreTrouble) {
            return ConfigurationHistory(try HistoryFile.open(state, told: told), state: state)
        } catch {
            throw .history(error.description)
        }
    }

    /// Does what writes to the history, with its errors as those of a change.
    func recording<Result>(_ body: (ConfigurationHistory) throws -> Result) throws(ChangeError) -> Result {
        do {
            return try body(self)
        } catch let error as SQLiteError {
            throw .history(StoreTrouble(StoreFile.history(state: state).path, error).description)
        } catch {
            throw .history("\(error)")
        }
    }
}
