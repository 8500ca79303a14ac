internal import Platform
internal import SQLite

extension EventArchive {
    /// Why events are not copied.
    enum Trouble: Error, CustomStringConvertible {
        case store(StoreTrouble)
        /// Those of the events, or the lock.
        case files(String)

        var description: String {
            switch self {
            case .store(let trouble): trouble.description
            case .files(let reason): reason
            }
        }

        /// What is open can be used again when it is over.
        var isPassing: Bool {
            switch self {
            case .store(let trouble): trouble.kind == .locked || trouble.kind == .full
            case .files: true
            }
        }

        var isDamage: Bool {
            if case .store(let trouble) = self { trouble.kind == .corrupt } else { false }
        }

        static func files<Result>(_ body: () throws(FileError) -> Result) throws(Trouble) -> Result {
            do throws(FileError) { return try body() } catch { throw .files(error.description) }
        }

        static func store<Result>(
            _ state: String, _ body: () throws(SQLiteError) -> Result
        ) throws(Trouble) -> Result {
            do throws(SQLiteError) {
                return try body()
            } catch {
                throw .store(StoreTrouble(StoreFile.history(state: state).path, error))
            }
        }
    }
}
