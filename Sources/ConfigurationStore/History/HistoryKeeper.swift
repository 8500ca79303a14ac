public import Events
public import HostModel
public import Platform
internal import Synchronization

/// Keeps the history of a running master: records what it applies, backs the history up, and makes the folders of
/// `configHistory`. All of it on a thread of its own, so that nothing that serves waits for a disk.
public final class HistoryKeeper: Sendable {
    /// One version that the master applied.
    public struct Version: Sendable {
        let file: FileInForce
        let model: HostModel
        let folders: HistoryFolders
        let bytes: @Sendable () -> [UInt8]?

        /// - Parameter bytes: what the file held; asked for on the keeper's thread.
        public init(
            file: FileInForce, model: HostModel, folders: HistoryFolders, bytes: @escaping @Sendable () -> [UInt8]?
        ) {
            self.file = file
            self.model = model
            self.folders = folders
            self.bytes = bytes
        }
    }

    private struct State {
        /// Those that are in force since, the newest last: `waitingLimit` at most.
        var waiting: [Version] = []
        /// The newest of those that could not be recorded.
        var failed: Version?
        /// Whether the thread has been told to look.
        var isScheduled = false
        /// The one that was recorded last.
        var recorded: Version?
        /// Its number in the history.
        var number: Int64?
        /// What was told last about what cannot be done, by what.
        var failures: [String: String] = [:]
        var isBackupDue = false
        var nextBackup: UInt64 = 0
        var nextFolder: UInt64 = 0
    }

    /// Of more versions than these, all of them whole, the oldest are never recorded: the disk does not keep up.
    private static let waitingLimit = 8
    /// Backups are at least so far apart. Unit: nanoseconds.
    private static let backupInterval: UInt64 = 300_000_000_000

    private let state = Mutex(State())
    private let folder: String
    private let log: any EventRecorder
    /// Where changes are committed too, so that they and what is found come one after the other.
    public let threads: BlockingThreads

    public init(stateFolder: String, log: any EventRecorder) throws(SystemError) {
        folder = stateFolder
        self.log = log
        threads = try BlockingThreads(limit: 1)
    }

    /// Records a version that is in force now, where the history does not know it yet.
    public func applied(_ version: Version) {
        state.withLock { state in
            state.waiting.append(version)
            if state.waiting.count > Self.waitingLimit { state.waiting.removeFirst() }
        }
        schedule()
    }

    /// What is to be done now and then: called every `tickInterval`.
    public func tick() { schedule() }

    /// Unit: nanoseconds.
    public static let tickInterval: UInt64 = 10_000_000_000

    /// Has the thread do what is due, once however often it is told to before it does.
    private func schedule() {
        let isNew = state.withLock { state in
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isNew { perform { keeper in keeper.work() } }
    }

    private func perform(_ work: @escaping @Sendable (HistoryKeeper) -> Void) {
        do throws(SystemError) {
            try threads.execute { [self] in work(self) }
        } catch {
            state.withLock { $0.isScheduled = false }
            tell("thread", Event(.historyUnavailable, "The history is not kept: \(error)."))
        }
    }

    /// Waits until what was begun is done, two seconds at most: for a master that is about to end.
    public func finish() { threads.finish() }

    // MARK: On the keeper's thread

    private func work() {
        state.withLock { state in
            state.isScheduled = false
            if let failed = state.failed, state.waiting.isEmpty { state.waiting = [failed] }
            state.failed = nil
        }
        while let version = state.withLock({ $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }) { record(version) }
        backUpIfDue()
        makeFolderIfDue()
    }

    private func record(_ version: Version) {
        let (before, last) = state.withLock { ($0.recorded, $0.number) }
        do throws(ChangeError) {
            // Asked before the lock is taken: a share may hang.
            let author = ChangeAuthor.owner(of: version.file.path)
            let settled = try SettledState.open(folder) { log.record($0) }
            if case .finished(let number) = settled.outcome { log.record(Self.finished(number)) }
            if let bytes = version.bytes() {
                let differences = before.map { before in
                    { ModelDifferences.all(from: before.model, to: version.model) }
                }
                let applied = try settled.history.recording { history throws in
                    let applied = try history.applied(
                        bytes, path: version.file.path, author: author, after: last, differences: differences)
                    if let last, let differences { try history.compare(applied.number, since: last, differences) }
                    return applied
                }
                state.withLock {
                    $0.number = applied.number
                    if applied.isNew { $0.isBackupDue = true }
                }
            }
            state.withLock {
                $0.recorded = version
                $0.failed = nil
                $0.failures["record"] = nil
            }
        } catch {
            state.withLock { $0.failed = version }
            tell(
                "record",
                Event(.historyUnavailable, "The configuration is in force; its history is not kept: \(error)."))
        }
    }

    /// A change was committed in this process, whose version comes behind all before.
    public func committed() {
        state.withLock { state in
            state.isBackupDue = true
            state.failed = nil
        }
    }

    /// More has come into the history than versions.
    public func needsBackup() { state.withLock { $0.isBackupDue = true } }

    private func backUpIfDue() {
        let now = MonotonicClock.nanoseconds()
        let isDue = state.withLock { state in
            guard state.isBackupDue, now >= state.nextBackup else { return false }
            state.nextBackup = now + Self.backupInterval
            state.isBackupDue = false
            return true
        }
        guard isDue else { return }
        do throws(StoreTrouble) {
            try HistoryFile.backUp(folder)
            state.withLock { $0.failures["backup"] = nil }
        } catch {
            state.withLock { $0.isBackupDue = true }
            tell("backup", Event(.historyUnavailable, "The history cannot be backed up: \(error)."))
        }
    }

    private func makeFolderIfDue() {
        let now = MonotonicClock.nanoseconds()
        let due = state.withLock { state -> Version? in
            guard let version = state.recorded, version.folders.isEnabled, now >= state.nextFolder else { return nil }
            state.nextFolder = now + version.folders.period
            return version
        }
        // One without the server's text would be none.
        guard let due, let server = due.bytes() else { return }
        do {
            for failure in try due.folders.update(server: server, local: due.file.local, state: folder) {
                log.record(Event(.historyUnavailable, "An old folder of configHistory cannot be removed: \(failure)."))
            }
            state.withLock { $0.failures["folder"] = nil }
        } catch {
            tell("folder", Event(.historyUnavailable, "No folder of configHistory can be made: \(error)."))
        }
    }

    /// Once, until it works again or fails otherwise.
    private func tell(_ what: String, _ event: Event) {
        let isNews = state.withLock { state in
            guard state.failures[what] != event.text else { return false }
            state.failures[what] = event.text
            return true
        }
        if isNews { log.record(event) }
    }

    private static func finished(_ number: Int64) -> Event {
        Event(
            .changeFinished, "A change of the configuration that had stopped half-way is finished: version \(number).",
            [.init("version", number)])
    }

    /// What a crash left half-way is brought to an end, before the configuration is read.
    public static func recover(stateFolder: String, log: any EventRecorder) {
        StagedChange.clear(state: stateFolder)
        do throws(ChangeError) {
            switch try IntentRecovery.finish(state: stateFolder, told: { log.record($0) }) {
            case .nothing: break
            case .finished(let number): log.record(finished(number))
            case .undone(let tool):
                log.record(
                    Event(
                        .changeUndone,
                        "A change of the configuration that had stopped half-way was not made: nothing is different.",
                        [.init("tool", tool)]))
            }
        } catch {
            log.record(Event(.historyUnavailable, "\(error)."))
        }
    }
}
