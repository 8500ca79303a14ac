internal import Platform
internal import Synchronization

/// A file that may lie on a share which hangs: whoever works with it waits for a limited time.
///
/// What is given up on goes on waiting on a thread of its own, and until that comes back nothing else is begun with the
/// file: threads do not pile up, and nothing is decided that the one which waits may still overturn.
struct DoubtfulFile {
    private static let busy = Mutex<Set<String>>([])

    let path: String

    init(_ path: String) { self.path = path }

    /// What `body` returns; throws `silent` where it has not within `limit`, or an earlier one still waits.
    func perform<Value: Sendable>(
        within limit: Duration = SharedFolder.patience, _ body: @escaping @Sendable () throws(FileError) -> Value
    ) throws(FileError) -> Value {
        guard Self.busy.withLock({ $0.insert(path).inserted }) else { throw FileError(path, .silent(limit)) }
        let outcome: Result<Value, FileError>?
        do throws(SystemError) {
            outcome = try BoundedCall.run(limit: limit) { [path] in
                defer { _ = Self.busy.withLock { $0.remove(path) } }
                return Result { () throws(FileError) in try body() }
            }
        } catch {
            _ = Self.busy.withLock { $0.remove(path) }
            throw FileError(path, error)
        }
        guard let outcome else { throw FileError(path, .silent(limit)) }
        return try outcome.get()
    }

    /// As `DocumentFile.read`.
    func read() throws(FileError) -> [UInt8]? {
        try perform { [path] () throws(FileError) in try DocumentFile(path).read()?.bytes }
    }
}
