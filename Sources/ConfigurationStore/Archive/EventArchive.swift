internal import Administration
public import Events
public import Platform
internal import SQLite
internal import Synchronization

/// Copies what happens from STATE/events into the history, for questions: in the order in which it happened, a batch a
/// transaction, on the history's thread.
///
/// The files are the queue and the history is the archive. Nothing that serves waits for either: while the history is
/// away the events are in their files, and are copied when it is back. What the files have given up by then is missing,
/// and its number is told.
public final class EventArchive: Sendable {
    private struct Open {
        let events: ArchivedEvents
        var cursor: EventCursor
        let identity: StoreFile.Identity?
        /// Tables that have not been looked at for damage.
        var unchecked: [String]
    }

    private struct State {
        /// Whether the thread has been told to look.
        var isScheduled = false
        /// The history is away; it is tried again with the next tick.
        var isAway = false
        /// What was told last about that.
        var told: String?
        /// How many events have been copied since it was told.
        var caughtUp = 0
        var retention: EventRetention?
        var nextRemoval: UInt64 = 0
        /// Bytes of lines that are in no backup.
        var unsaved = 0
        var clock = SteadyClock()
    }

    /// How often it is looked whether anything is to be removed. Unit: nanoseconds.
    private static let removalInterval: UInt64 = 600_000_000_000
    /// After so many bytes the history is backed up: half of what the files hold, so that together they have everything.
    private static let backupInterval = EventCursor.keptBytes / 2

    private let folder: String
    private let threads: BlockingThreads
    private let log: any EventRecorder
    private let busyTimeout: Duration
    private let needsBackup: @Sendable () -> Void
    private let state = Mutex(State())
    private let open = Mutex<Open?>(nil)

    /// - Parameters:
    ///   - threads: where the history is written.
    ///   - busyTimeout: how long another program's lock is waited for before the events wait.
    ///   - needsBackup: called on the history's thread.
    public init(
        stateFolder: String, on threads: BlockingThreads, log: any EventRecorder, busyTimeout: Duration = .seconds(2),
        needsBackup: @escaping @Sendable () -> Void
    ) {
        folder = stateFolder
        self.threads = threads
        self.log = log
        self.busyTimeout = busyTimeout
        self.needsBackup = needsBackup
    }

    /// From now on; before the first call nothing is removed.
    public func use(_ retention: EventRetention) {
        state.withLock { state in
            state.retention = retention
            state.nextRemoval = 0
        }
    }

    /// There are new events in the files. From any thread, and at once.
    public func look() {
        if !state.withLock({ $0.isAway }) { schedule() }
    }

    /// What is to be done now and then: called every `HistoryKeeper.tickInterval`.
    public func tick() {
        state.withLock { $0.isAway = false }
        schedule()
    }

    /// Leaves the file as nobody's, unless it is being written.
    public func close() { open.withLockIfAvailable { $0 = nil } }

    private func schedule() {
        let isNew = state.withLock { state in
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        guard isNew else { return }
        do throws(SystemError) {
            try threads.execute { [self] in work() }
        } catch {
            state.withLock { $0.isScheduled = false }
        }
    }

    // MARK: On the history's thread

    /// One batch, or one piece of what is to be removed: changes of the configuration come between them.
    private func work() {
        state.withLock { $0.isScheduled = false }
        switch open.withLock({ attempt(&$0) }) {
        case .success(let isMore): if isMore { schedule() } else { tellCaughtUp() }
        case .failure(let trouble): tell(trouble)
        }
    }

    /// Whether there may be more to do.
    private func attempt(_ open: inout Open?) -> Result<Bool, Trouble> {
        do throws(Trouble) {
            // Somebody may have removed it, or put another one there.
            if let known = open, known.identity != file.identity { open = nil }
            do throws(Trouble) {
                return .success(try step(&open))
            } catch {
                guard error.isDamage else { throw error }
                // Opening it again looks at all of it and sets it aside, and what the files have is copied again.
                open = nil
                open = try opened(checking: .everything)
                return .success(try step(&open))
            }
        } catch {
            // Whatever holds it up may have an end; a lock's holder gives the same file back, and so does a full disk.
            if !error.isPassing { open = nil }
            return .failure(error)
        }
    }

    private func step(_ open: inout Open?) throws(Trouble) -> Bool {
        var current: Open
        if let known = open { current = known } else { current = try opened(checking: HistoryFile.versionTables) }
        // What is large is looked at without the lock that every change needs, and changes come between the tables.
        if let table = current.unchecked.popLast() {
            open = current
            try check(table, current.events.database)
            return true
        }
        let missing = try Trouble.files { () throws(FileError) in try current.cursor.missing() }
        let lines = try Trouble.files { () throws(FileError) in try current.cursor.next() }
        guard !lines.isEmpty else {
            open = current
            return try remove(current.events)
        }
        let count = try Trouble.store(folder) { () throws(SQLiteError) in
            try current.events.add(ArchivedEvents.records(of: lines))
        }
        // Read on only from what is in the history.
        open = current
        copied(count, bytes: lines.count)
        if missing > 0 { log.record(Self.missing(missing)) }
        return true
    }

    /// Nobody else sets it aside at the same time.
    private func opened(checking check: StoreFile.Check) throws(Trouble) -> Open {
        let result: Result<Open, Trouble>
        do throws(ChangeError) {
            result = opened(checking: check, under: try IntentFile.open(in: folder))
        } catch {
            throw .files("\(error)")
        }
        let opened = try result.get()
        let saved = savedPlace()
        let unsaved = try Trouble.files { () throws(FileError) in
            try EventCursor(stateFolder: folder, after: saved).size()
        }
        state.withLock { $0.unsaved = unsaved }
        return opened
    }

    private func opened(checking check: StoreFile.Check, under lock: borrowing IntentFile) -> Result<Open, Trouble> {
        let database: Database
        do throws(StoreTrouble) {
            database = try HistoryFile.open(folder, busyTimeout: busyTimeout, checking: check) { log.record($0) }
        } catch {
            return .failure(.store(error))
        }
        do throws(Trouble) {
            let events = ArchivedEvents(database: database)
            return .success(
                Open(
                    events: events, cursor: try events.cursor(in: folder), identity: file.identity,
                    unchecked: check == .everything ? [] : ArchivedEvents.tables))
        } catch {
            return .failure(error)
        }
    }

    private func check(_ table: String, _ database: Database) throws(Trouble) {
        let damages = try Trouble.store(folder) { () throws(SQLiteError) in try database.quickCheck(of: table) }
        if let damage = damages.first { throw .store(StoreTrouble(file.path, .corrupt, reason: damage)) }
    }

    /// The number of the last event in the backup; 0 where there is none.
    private func savedPlace() -> UInt64 {
        guard case .setAside(let backup) = file.damage, StoreFile.exists(backup),
            let database = try? Database.open(backup, .readingUnchanging)
        else { return 0 }
        return ((try? ArchivedEvents(database: database).place()) ?? nil)?.sequence ?? 0
    }

    private var file: StoreFile { .history(state: folder) }

    /// Whether there may be more to remove.
    private func remove(_ events: ArchivedEvents) throws(Trouble) -> Bool {
        let now = MonotonicClock.nanoseconds()
        let retention = state.withLock { now >= $0.nextRemoval ? $0.retention : nil }
        guard let retention else { return false }
        let wall = FileStamp.now()
        let isSteady = state.withLock { $0.clock.agrees(wall: wall, monotonic: now) }
        let isMore = try Trouble.store(folder) { () throws(SQLiteError) in
            try events.removeSome(isSteady ? retention : retention.withoutAge, now: wall)
        }
        if !isMore { state.withLock { $0.nextRemoval = now + Self.removalInterval } }
        return isMore
    }

    private func copied(_ count: Int, bytes: Int) {
        let isBackupDue = state.withLock { state in
            if state.told != nil { state.caughtUp += count }
            state.unsaved += bytes
            guard state.unsaved >= Self.backupInterval else { return false }
            state.unsaved = 0
            return true
        }
        if isBackupDue { needsBackup() }
    }

    // MARK: What is told

    /// Once, until it works again or fails otherwise.
    private func tell(_ trouble: Trouble) {
        let text = trouble.description
        let isNews = state.withLock { state in
            state.isAway = true
            guard state.told != text else { return false }
            state.told = text
            return true
        }
        guard isNews else { return }
        log.record(
            Event(
                .historyUnavailable,
                "What happens is not copied into the history: \(text). Until it is, the events are in \(folder)/events alone."
            ))
    }

    private func tellCaughtUp() {
        let count = state.withLock { state -> Int? in
            guard state.told != nil else { return nil }
            defer { (state.told, state.caughtUp) = (nil, 0) }
            return state.caughtUp
        }
        guard let count else { return }
        log.record(
            Event(.historyCaughtUp, "What happened meanwhile is in the history as well.", [.init("events", count)]))
    }

    private static func missing(_ count: UInt64) -> Event {
        Event(
            .historyEventsMissing,
            "Events are missing in the history: there were more than the files hold before it could be written.",
            [.init("missing", count)])
    }
}
