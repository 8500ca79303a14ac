public import Platform

/// The folder of one instance: whoever holds its lock is the instance's master.
///
///     STATE/master.pid        locked by the master, holds its process id
///     STATE/roles, STATE/run   the processes that it runs (`RoleRegistry`)
///     STATE/standing          what the next master is to know beside them (`Standing`)
public struct StateFolder: ~Copyable {
    public let path: String
    private let lock: ProcessLock

    /// Why a folder cannot be this instance's.
    public enum Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        /// A master runs on it already; 0 where it has not written its id yet.
        case taken(path: String, pid: Int32)
        case unusable(FileError)

        public var description: String {
            switch self {
            case .taken(let path, 0): "another master is starting on the state folder \(path)"
            case .taken(let path, let pid): "a master runs on the state folder \(path) already: process \(pid)"
            case .unusable(let error): "the state folder cannot be used: \(error)"
            }
        }
    }

    /// Makes the folder where it is missing, checks that it is this user's alone, and takes the lock.
    public static func open(_ path: String) throws(Refusal) -> StateFolder {
        try open(path) { file throws(ProcessLock.Failure) in try ProcessLock.take(file) }
    }

    /// The same, with the lock that the program before this one held in this process.
    static func open(_ path: String, over lock: consuming FileDescriptor) throws(Refusal) -> StateFolder {
        var lock: FileDescriptor? = consume lock
        return try open(path) { file throws(ProcessLock.Failure) in
            guard let lock = lock.take() else { return try ProcessLock.take(file) }
            return try ProcessLock.take(over: lock, file)
        }
    }

    /// The descriptor that holds the lock.
    var lockDescriptor: Int32 { lock.descriptorNumber }

    private static func open(
        _ path: String, locking: (String) throws(ProcessLock.Failure) -> ProcessLock
    ) throws(Refusal) -> StateFolder {
        do throws(FileError) {
            try Folder.makeOwned(path)
        } catch {
            throw .unusable(error)
        }
        do throws(ProcessLock.Failure) {
            return StateFolder(path: path, lock: try locking("\(path)/master.pid"))
        } catch {
            switch error {
            case .held(let pid): throw .taken(path: path, pid: pid)
            case .file(let error): throw .unusable(error)
            }
        }
    }
}
