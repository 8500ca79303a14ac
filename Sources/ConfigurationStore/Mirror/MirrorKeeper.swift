public import HostModel
internal import Platform
internal import SQLite
internal import Synchronization

/// Keeps `STATE/mirror.db` what the newest version says, and what workers say of web.config files, on a thread of its own. A
/// version that comes while another one is written waits; only the newest of those that wait is written.
public final class MirrorKeeper: Sendable {
    /// What came of writing.
    public enum Outcome: Sendable {
        /// Nothing waited.
        case nothing
        case mirrored([StoreFinding])
        /// The database did not take it, and was made again of the version.
        case rebuilt(reason: String)
        /// The version waits, for another try.
        case trouble(StoreTrouble)
    }

    /// What whoever has work done should know, beside what came of it.
    public struct Notes: Sendable {
        /// Pools of whose workers something was not taken.
        public var refusals: [String: ReportRefusal] = [:]
        /// The database holds no word of any worker, and is to be told again.
        public var wantsReports = false
    }

    private struct Open {
        let mirror: ConfigurationMirror
        let identity: StoreFile.Identity?
    }

    private let file: StoreFile
    private let busyTimeout: Duration
    private struct Waiting {
        var version: HostConfiguration?
        var reports: [ReportedFile] = []
        var notes = Notes()
    }

    private let waiting = Mutex(Waiting())
    private let open = Mutex<Open?>(nil)

    /// - Parameter busyTimeout: how long another program's lock is waited for before the version waits.
    public init(state: String, busyTimeout: Duration = .seconds(2)) {
        file = .mirror(state: state)
        self.busyTimeout = busyTimeout
    }

    /// From any thread, and at once.
    public func offer(_ version: HostConfiguration) {
        waiting.withLock { waiting in
            waiting.version = version
            // None of those who told them knew it.
            for index in waiting.reports.indices { waiting.reports[index].isInformed = false }
        }
    }

    /// From any thread, and at once. What cannot be written is not kept: it is asked for again.
    public func offer(_ reports: [ReportedFile]) { waiting.withLock { $0.reports += reports } }

    /// What has been noted since it was last asked.
    public func takeNotes() -> Notes {
        waiting.withLock { waiting in
            defer { waiting.notes = Notes() }
            return waiting.notes
        }
    }

    /// Has the version written again that was written last, where somebody has removed the file or put another one in its
    /// place.
    public func check(_ version: HostConfiguration) {
        let isLost = open.withLockIfAvailable { open in open.map { $0.identity != file.identity } ?? false } ?? false
        if isLost { waiting.withLock { if $0.version == nil { $0.version = version } } }
    }

    /// Writes what waits. May wait for the disk.
    public func work() -> Outcome {
        let (version, reports) = waiting.withLock { waiting in
            defer { (waiting.version, waiting.reports) = (nil, []) }
            return (waiting.version, waiting.reports)
        }
        guard version != nil || !reports.isEmpty else { return .nothing }
        return open.withLock { open in
            do throws(StoreTrouble) {
                var outcome = Outcome.nothing
                if let version { outcome = try write(version, &open) }
                try write(reports, &open)
                return outcome
            } catch {
                // Where the words of workers were not taken, the version is tried again as well: in a new file, if need be.
                let tried = version ?? open?.mirror.version
                if version == nil, error.kind != .locked { open = nil }
                waiting.withLock { waiting in
                    if waiting.version == nil { waiting.version = tried }
                    if !reports.isEmpty { waiting.notes.wantsReports = true }
                }
                return .trouble(error)
            }
        }
    }

    private func write(_ reports: [ReportedFile], _ open: inout Open?) throws(StoreTrouble) {
        guard !reports.isEmpty else { return }
        // Where there is no mirror, the next version makes one.
        guard let mirror = open?.mirror else { return waiting.withLock { $0.notes.wantsReports = true } }
        let refusals = try naming(file.path) { () throws(SQLiteError) in try mirror.write(reports) }
        waiting.withLock { $0.notes.refusals.merge(refusals) { known, _ in known } }
    }

    /// Leaves the file as nobody's, unless a version is being written.
    public func close() { open.withLockIfAvailable { $0 = nil } }

    private func write(_ version: HostConfiguration, _ open: inout Open?) throws(StoreTrouble) -> Outcome {
        // Somebody may have removed it, or put another one there.
        if let known = open, known.identity != file.identity { open = nil }
        var findings: [StoreFinding] = []
        do throws(StoreTrouble) {
            try apply(version, &open, &findings)
            return .mirrored(findings)
        } catch {
            switch error.kind {
            case .corrupt, .failed: break
            default:
                // Whatever holds it up now may have an end; a lock's holder gives the same file back.
                if error.kind != .locked { open = nil }
                throw error
            }
            // What it holds can be made again.
            open = nil
            try file.remove()
            try apply(version, &open, &findings)
            return .rebuilt(reason: error.reason)
        }
    }

    private func apply(
        _ version: HostConfiguration, _ open: inout Open?, _ findings: inout [StoreFinding]
    ) throws(StoreTrouble) {
        if open == nil {
            let opened = try file.open(busyTimeout: busyTimeout)
            findings = opened.findings
            open = Open(
                mirror: try naming(file.path) { () throws(SQLiteError) in try ConfigurationMirror(opened.database) },
                identity: file.identity)
            waiting.withLock { $0.notes.wantsReports = true }
        }
        guard let mirror = open?.mirror else { return }
        try naming(file.path) { () throws(SQLiteError) in try mirror.apply(version) }
    }
}
