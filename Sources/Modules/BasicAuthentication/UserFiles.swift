import Credentials
import Pipeline
import Platform

/// A users file and its groups file, read off the event loop and read again when they change.
final class UserFiles {
    struct Paths: Hashable {
        let users: String
        let groups: String?
    }

    enum Content {
        case directory(UserDirectory)
        /// Why there is none, for the administrator.
        case unreadable(String)
    }

    /// How old the knowledge of the files may be. Unit: milliseconds.
    static let recheckInterval: UInt64 = 1000
    /// The largest file. Unit: bytes.
    private static let limit = 16 << 20

    private let paths: Paths
    private let services: any ModuleServices
    private var state: State?
    private var checkedAt: UInt64 = 0
    private var waiting: [() -> Void] = []
    private var isReading = false
    /// Goes up whenever the files say something else.
    private(set) var version = 0

    init(_ paths: Paths, _ services: any ModuleServices) {
        self.paths = paths
        self.services = services
    }

    /// What the files say, where that is known well enough now.
    var current: Content? {
        services.now - checkedAt < Self.recheckInterval ? state?.content : nil
    }

    /// Calls `completion` later, when `current` is there.
    func refresh(then completion: @escaping () -> Void) {
        waiting.append(completion)
        guard !isReading else { return }
        isReading = true
        services.perform { [paths, state] in
            State.read(paths, before: state)
        } then: { [self] new in
            isReading = false
            checkedAt = services.now
            if let new { take(new) }
            let completions = waiting
            waiting = []
            for completion in completions { completion() }
        }
    }

    private func take(_ new: State) {
        let report = new.report(paths)
        if let report, report != state?.report(paths) { services.report(report) }
        state = new
        version += 1
    }

    /// What was read.
    private struct State: Sendable {
        let stamps: [FileStamp?]
        /// Whether the same stamps, seen later, prove that nothing has changed.
        let isSettled: Bool
        let result: Result

        enum Result: Sendable {
            case directory(UserDirectory)
            case unreadable(String)
        }

        var content: Content {
            switch result {
            case .directory(let directory): .directory(directory)
            case .unreadable(let reason): .unreadable(reason)
            }
        }

        func report(_ paths: Paths) -> String? {
            switch result {
            case .unreadable(let reason): "Nobody can sign in: \(reason)"
            case .directory(let directory) where !directory.problems.isEmpty:
                "Lines that hold for nobody in \(paths.users): \(directory.problems.joined(separator: "; "))"
            case .directory: nil
            }
        }

        /// Reads the files; nil where they are as they were.
        static func read(_ paths: Paths, before: State?) -> State? {
            let names = [paths.users] + (paths.groups.map { [$0] } ?? [])
            if let before, before.isSettled, case .directory = before.result,
                names.map({ try? FileStamp.of($0) }) == before.stamps
            {
                return nil
            }
            var contents: [FileContents] = []
            do throws(FileError) {
                let reader = FileReader(limit: UserFiles.limit)
                for name in names { contents.append(try reader.read(name)) }
            } catch {
                return State(stamps: [], isSettled: false, result: .unreadable("\(error)"))
            }
            let now = FileStamp.now()
            return State(
                stamps: contents.map(\.stamp), isSettled: contents.allSatisfy { $0.stamp.isSettled(at: now) },
                result: .directory(
                    UserDirectory(users: contents[0].bytes, groups: contents.count > 1 ? contents[1].bytes : [])))
        }
    }
}
