import Configuration
import EventLoop
import Events
import Platform

/// Watches the server's file and the folder of schema files beside it, and has them read when `ConfigurationWatch` says.
///
/// The kernel announces changes (inotify), of every symbolic link on the way too; where the user may have no more
/// watches, or a folder is not there, the files are looked at every `pollInterval`.
final class ConfigurationWatcher: ReadinessHandler, TimerHandler {
    /// How often the file is looked at where nothing is announced; schema files every tenth time. Unit: nanoseconds.
    private static let pollInterval: UInt64 = 50_000_000

    private let path: String
    /// Further files that decide on what is read.
    private let besides: [String]
    private let schemaFolder: String
    private let loop: EventLoop
    private let log: any EventRecorder
    /// Starts a reading; `finished` is called when it ends.
    private let read: (_ isAsked: Bool) -> Void
    private var machine = ConfigurationWatch()
    private let waitTimer = Timer()
    private let pollTimer = Timer()

    /// Nil where the kernel announces nothing.
    private let announcements: Announcements?
    /// The watched folders' numbers, and which names in each matter; nil: every `.xml` file.
    private var folders: [String: Int32] = [:]
    private var names: [Int32: Set<String>] = [:]
    private var schemaWatch: Int32?
    private final class Announcements {
        let watch: FolderWatch

        init(_ watch: consuming FolderWatch) { self.watch = watch }
    }

    private var lastFiles: [FileStamp?] = []
    private var lastSchema: SchemaStamps = [:]
    private var polls = 0
    private var hasToldPolling = false

    /// `read` is called for each reading; whoever made the watcher calls `finished` when it is done. `isAnnounced`: by
    /// the kernel, as far as it can.
    init(
        path: String, besides: [String] = [], schemaFolder: String, isAnnounced: Bool = true, on loop: EventLoop,
        log: any EventRecorder,
        read: @escaping (_ isAsked: Bool) -> Void
    ) {
        self.path = path
        self.besides = besides
        self.schemaFolder = schemaFolder
        announcements = isAnnounced ? try? Announcements(FolderWatch()) : nil
        self.loop = loop
        self.log = log
        self.read = read
    }

    /// Begins to watch; the file has been read a moment ago.
    func start() {
        if let number = announcements?.watch.descriptor.number {
            do throws(SystemError) {
                try loop.register(number, self)
            } catch {
                tellPolling("\(error)")
            }
        }
        lastFiles = stamps
        lastSchema = SchemaStamps.of(schemaFolder)
        if watchFolders() { handle(.touched) }
    }

    /// An administrator wants the file read again.
    func ask() { handle(.asked) }

    /// The reading ended; answers whether its error is to be told.
    func finished(_ isRead: Bool) -> Bool {
        let step = machine.handle(isRead ? .read : .failed, now: loop.currentTime)
        perform(step)
        if watchFolders() { handle(.touched) }
        return step == .tell
    }

    private func handle(_ happening: ConfigurationWatch.Happening) {
        perform(machine.handle(happening, now: loop.currentTime))
    }

    private func perform(_ step: ConfigurationWatch.Step?) {
        switch step {
        case .read(let isAsked): read(isAsked)
        case .wait(let delay): loop.start(waitTimer, after: delay, self)
        case .tell, nil: break
        }
    }

    // MARK: Announcements

    func ready(_ readiness: Readiness) {
        guard let happenings = announcements?.watch.happenings() else { return }
        for happening in happenings where concerns(happening) {
            switch happening.kind {
            case .settled: handle(.settled)
            case .touched, .overflow: handle(.touched)
            case .gone: handle(.gone)
            case .folderGone:
                forget(happening.folder)
                handle(.gone)
            }
        }
    }

    private func concerns(_ happening: FolderWatch.Happening) -> Bool {
        if happening.kind == .overflow { return true }
        if happening.kind == .folderGone { return names[happening.folder] != nil || schemaWatch == happening.folder }
        if names[happening.folder]?.contains(happening.name) == true { return true }
        return schemaWatch == happening.folder && happening.name.hasSuffix(".xml")
    }

    private func forget(_ folder: Int32) {
        names[folder] = nil
        if schemaWatch == folder { schemaWatch = nil }
        folders = folders.filter { $0.value != folder }
    }

    /// Watches what decides now what the file's name leads to. Answers whether there is a folder among them that was not
    /// watched before: what happened there since the file was read was announced to nobody.
    private func watchFolders() -> Bool {
        guard let announcements else {
            poll("no more instances of inotify may be made")
            return false
        }
        var wanted: [String: Set<String>] = [:]
        for place in ([path, schemaFolder] + besides).flatMap(FilePath.places) {
            wanted[place.folder, default: []].insert(place.name)
        }
        var numbers: [String: Int32] = [:]
        names = [:]
        var failure: SystemError?
        func add(_ folder: String) -> Int32? {
            do throws(SystemError) {
                let number = try announcements.watch.add(folder)
                numbers[folder] = number
                return number
            } catch {
                failure = error
                return nil
            }
        }
        for (folder, interesting) in wanted {
            guard let number = add(folder) else { continue }
            names[number, default: []].formUnion(interesting)
        }
        // Without such a folder its making is announced by the one it would lie in.
        let missing = failure
        schemaWatch = add(schemaFolder)
        failure = missing
        let (kept, known) = (Set(numbers.values), Set(folders.values))
        for number in known.subtracting(kept) { announcements.watch.remove(number) }
        folders = numbers
        if let failure { poll("\(failure)") } else { loop.cancel(pollTimer) }
        return !kept.isSubset(of: known)
    }

    // MARK: Polling

    private func poll(_ reason: String) {
        tellPolling(reason)
        if !pollTimer.isRunning { loop.start(pollTimer, after: Self.pollInterval, self) }
    }

    private func tellPolling(_ reason: String) {
        guard !hasToldPolling else { return }
        hasToldPolling = true
        log.record(
            Event(
                .configurationPolled,
                "Changes of the configuration are not announced here (\(reason)); the file is looked at instead.",
                [.init("file", path)]))
    }

    /// The file's first.
    private var stamps: [FileStamp?] { ([path] + besides).map { try? FileStamp.of($0) } }

    func timerFired(_ timer: Timer) {
        guard timer === pollTimer else { return handle(.expired) }
        loop.start(pollTimer, after: Self.pollInterval, self)
        polls += 1
        let files = stamps
        if files != lastFiles {
            lastFiles = files
            handle(files[0] == nil ? .gone : .touched)
        }
        guard polls.isMultiple(of: 10) else { return }
        if watchFolders() { handle(.touched) }
        let schema = SchemaStamps.of(schemaFolder)
        if schema != lastSchema {
            lastSchema = schema
            handle(.touched)
        }
    }
}

/// The states of the schema files in a folder, by their paths.
typealias SchemaStamps = [String: FileStamp]

extension SchemaStamps {
    /// None where there is no such folder, or it cannot be looked at.
    static func of(_ folder: String) -> SchemaStamps {
        var stamps: SchemaStamps = [:]
        for path in (try? ServerConfiguration.schemaPaths(in: folder)) ?? [] { stamps[path] = try? FileStamp.of(path) }
        return stamps
    }
}
