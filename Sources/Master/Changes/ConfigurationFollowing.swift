import Configuration
import ConfigurationStore
import EventLoop
import Events
import Platform

/// Sees to it that the server serves what the file in force says: the local file, or that of a shared folder where
/// redirection.config says so, which is followed as well.
final class ConfigurationFollowing: ShareUser {
    /// So many threads may wait for folders that do not answer, those of folders that are followed no more included.
    private static let visitLimit = 4

    private let loop: EventLoop
    private let log: any EventRecorder
    private let copy: SharedCopy
    private let version: () -> ConfigurationVersion
    private let apply: (ConfigurationVersion) -> Void
    private let hasRead: (Int, Bool, Bool) -> Void
    private let reject: (ConfigurationError) -> Void
    private let refuse: (ConfigurationError) -> Void
    private let first: (redirection: Redirection, standing: ShareStanding)
    private var watcher: ConfigurationWatcher?
    private var follower: ShareFollower?
    private var visits = 0
    /// How often it was asked to read, and how often it had been when the shared folder was visited last.
    private var asked = 0
    private var askedAtVisit = 0
    /// Of the files that were kept last.
    private var kept: SharedFiles.Fingerprint?
    private var hasToldCopy = false

    /// - Parameters:
    ///   - apply: takes over a version.
    ///   - hasRead: hears of each reading that made sense, before its version is applied: the number of the last question
    ///     that came before it, whether somebody asked for it, and whether there is a new version.
    ///   - reject: tells that what was read is no configuration, whoever asked included.
    ///   - refuse: answers whoever asked; the event has been recorded.
    init(
        _ first: FirstReading, state: String, on loop: EventLoop, log: any EventRecorder,
        version: @escaping () -> ConfigurationVersion, apply: @escaping (ConfigurationVersion) -> Void,
        hasRead: @escaping (_ number: Int, _ isAsked: Bool, _ isNew: Bool) -> Void,
        reject: @escaping (ConfigurationError) -> Void, refuse: @escaping (ConfigurationError) -> Void
    ) {
        self.first = (first.redirection, first.standing)
        self.loop = loop
        self.log = log
        copy = SharedCopy(stateFolder: state)
        self.version = version
        self.apply = apply
        self.hasRead = hasRead
        self.reject = reject
        self.refuse = refuse
    }

    /// Begins to watch; the file in force has been read a moment ago.
    func start() {
        let file = version().file
        let watcher = ConfigurationWatcher(
            path: file.local, besides: [first.redirection.file], schemaFolder: file.schemaFolder, on: loop, log: log
        ) { [unowned self] isAsked in reread(isAsked: isAsked) }
        self.watcher = watcher
        if let folder = first.redirection.sharedFolder {
            recordFollowing(first.redirection, folder)
            if let problem = first.standing.problem {
                record(problem, isAway: first.standing.isAway, copied: first.standing.copied, folder)
            }
            follow(first.redirection, folder, standing: first.standing, isAsked: false)
        }
        watcher.start()
    }

    /// Everything is to be read again; `hasRead` hears of it with the number that this returns, or a later one.
    func ask() -> Int {
        asked += 1
        watcher?.ask()
        return asked
    }

    /// The shared folder and what it is to the server; nil where the local file is in force.
    var shared: (folder: SharedFolder, standing: ShareStanding)? { follower.map { ($0.folder, $0.standing) } }

    private func follow(_ redirection: Redirection, _ folder: SharedFolder, standing: ShareStanding, isAsked: Bool) {
        let follower = ShareFollower(redirection, folder, standing: standing, for: self, on: loop, log: log)
        self.follower = follower
        follower.start(isAsked: isAsked)
    }

    // MARK: The local files

    private enum Reading: Sendable {
        case local(ConfigurationVersion?)
        case shared(Redirection, SharedFolder)
    }

    private func reread(isAsked: Bool) {
        let number = asked
        let work: @Sendable () -> Result<Reading, ConfigurationError> = { [version = version()] in
            Result { () throws(ConfigurationError) in
                let redirection = try Redirection.beside(version.file.local)
                if let folder = redirection.sharedFolder { return .shared(redirection, folder) }
                return .local(try version.next().get())
            }
        }
        loop.perform(work) { [self] reading in
            switch reading {
            case .failure(let error):
                if watcher?.finished(false) == true { reject(error) }
            case .success(.shared(let redirection, let folder)):
                _ = watcher?.finished(true)
                if let follower, follower.redirection == redirection { return follower.ask(isAsked: isAsked) }
                follower?.stop()
                recordFollowing(redirection, folder)
                follow(redirection, folder, standing: ShareStanding(), isAsked: isAsked)
            case .success(.local(let next)):
                if let follower {
                    follower.stop()
                    self.follower = nil
                    log.record(
                        Event(
                            .sharingEnded, "The configuration is the local file's again.",
                            [.init("file", version().file.local)]))
                }
                // The shared file came into force while the local one was compared with what was in force before it.
                if next == nil, version().file.shared != nil { return reread(isAsked: isAsked) }
                take(next, number, isAsked: isAsked)
                // A next reading, which may begin now, is compared with what is in force.
                _ = watcher?.finished(true)
            }
        }
    }

    private func take(_ next: ConfigurationVersion?, _ number: Int, isAsked: Bool) {
        hasRead(number, isAsked, next != nil)
        if let next { apply(next) }
    }

    // MARK: The shared folder

    func read(_ files: SharedFiles, isAsked: Bool, from follower: ShareFollower) {
        let time = FileStamp.now()
        let number = askedAtVisit
        let folder = follower.folder
        let file = FileInForce(local: version().file.local, shared: folder)
        let work: @Sendable () -> Result<(ConfigurationVersion?, CopyOutcome), ConfigurationError> = {
            [version = version(), copy, kept] in
            Result { () throws(ConfigurationError) in
                let next = try version.next(files.server, in: file)
                return (next, CopyOutcome.keep(files, of: folder, time, in: copy, unless: kept))
            }
        }
        loop.perform(work) { [self] reading in
            guard self.follower === follower else { return }
            switch reading {
            case .failure(let error): follower.finished(error, readAt: time)
            case .success(let (next, outcome)):
                take(outcome)
                follower.finished(nil, readAt: time)
                take(next, number, isAsked: isAsked)
            }
        }
    }

    private func take(_ outcome: CopyOutcome) {
        kept = outcome.kept
        guard let error = outcome.error else {
            hasToldCopy = false
            return
        }
        guard !hasToldCopy else { return }
        hasToldCopy = true
        log.record(
            Event(
                .sharedCopyNotKept,
                "The copy of the shared configuration cannot be kept: \(error). It is served all the same, but should the "
                    + "folder be away, a restart of the server would find an older copy or none.",
                [.init("copy", copy.path)]))
    }

    func rejected(_ error: ConfigurationError, isAway: Bool, isNew: Bool, from follower: ShareFollower) {
        if isAway, isNew { record(error, isAway: true, copied: follower.standing.copied, follower.folder) }
        if isAway { refuse(error) } else { reject(error) }
    }

    func isBack(_ follower: ShareFollower) {
        log.record(
            Event(
                .sharedConfigurationBack, "The shared configuration can be read again and is followed.",
                [.init("folder", follower.folder.path)]))
    }

    func mayVisit() -> Bool {
        guard visits < Self.visitLimit else { return false }
        visits += 1
        askedAtVisit = asked
        return true
    }

    func visitEnded() { visits -= 1 }

    // MARK: Events

    private func recordFollowing(_ redirection: Redirection, _ folder: SharedFolder) {
        let reader = folder.reader.map { [Event.Field("account", $0)] } ?? []
        let remark = redirection.remark.map { " But \($0)." } ?? ""
        log.record(
            Event(
                .sharingFollowed, "The configuration is that of a shared folder, which is followed.\(remark)",
                [.init("folder", folder.path)] + reader))
    }

    private func record(_ error: ConfigurationError, isAway: Bool, copied: Int64?, _ folder: SharedFolder) {
        let served =
            copied.map { "The last good copy of it (\(Timestamp(nanoseconds: $0).text)) is served" }
            ?? "What was read last stays in force"
        let text =
            isAway
            ? "The shared configuration is away: \(error). \(served), and the folder is looked for. Mount it again, or serve "
                + "the local file with 'hostelry shared disable'."
            : "\(error). \(served)."
        log.record(
            Event(
                isAway ? .sharedConfigurationAway : .configurationRejected, text, [.init("folder", folder.path)]))
    }
}

/// What became of the attempt to keep a copy.
private struct CopyOutcome: Sendable {
    /// What is kept now, as far as it is known.
    let kept: SharedFiles.Fingerprint?
    let error: FileError?

    /// Writes nothing where the files are those that were kept last.
    static func keep(
        _ files: SharedFiles, of folder: SharedFolder, _ time: Int64, in copy: SharedCopy,
        unless kept: SharedFiles.Fingerprint?
    ) -> CopyOutcome {
        let fingerprint = files.fingerprint(in: folder)
        guard fingerprint != kept else { return CopyOutcome(kept: kept, error: nil) }
        do throws(FileError) {
            try copy.keep(files, of: folder, time: time)
            return CopyOutcome(kept: fingerprint, error: nil)
        } catch {
            return CopyOutcome(kept: nil, error: error)
        }
    }
}
