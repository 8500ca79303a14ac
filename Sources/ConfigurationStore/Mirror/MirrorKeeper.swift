public import HostModel
internal import Platform
internal import SQLite
internal import Synchronization

/// Keeps `STATE/mirror.db` what the newest version says, on a thread of its own. A version that comes while another one
/// is written waits; only the newest of those that wait is written.
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

    private struct Open {
        let mirror: ConfigurationMirror
        let device: UInt64
        let inode: UInt64
    }

    private let file: StoreFile
    private let busyTimeout: Duration
    private let waiting = Mutex<HostConfiguration?>(nil)
    private let open = Mutex<Open?>(nil)

    /// - Parameter busyTimeout: how long another program's lock is waited for before the version waits.
    public init(state: String, busyTimeout: Duration = .seconds(2)) {
        file = .mirror(state: state)
        self.busyTimeout = busyTimeout
    }

    /// From any thread, and at once.
    public func offer(_ version: HostConfiguration) { waiting.withLock { $0 = version } }

    /// Writes what waits. May wait for the disk.
    public func work() -> Outcome {
        guard let version = waiting.withLock({ $0.take() }) else { return .nothing }
        return open.withLock { open in
            do throws(StoreTrouble) {
                return try write(version, &open)
            } catch {
                waiting.withLock { if $0 == nil { $0 = version } }
                return .trouble(error)
            }
        }
    }

    /// Leaves the file as nobody's, unless a version is being written.
    public func close() { open.withLockIfAvailable { $0 = nil } }

    private func write(_ version: HostConfiguration, _ open: inout Open?) throws(StoreTrouble) -> Outcome {
        // Somebody may have removed it, or put another one there.
        if let known = open, !isThere(known) { open = nil }
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
            let stamp = (try? FileStamp.of(file.path)) ?? nil
            open = Open(
                mirror: try naming(file.path) { () throws(SQLiteError) in try ConfigurationMirror(opened.database) },
                device: stamp?.device ?? 0, inode: stamp?.inode ?? 0)
        }
        guard let mirror = open?.mirror else { return }
        try naming(file.path) { () throws(SQLiteError) in try mirror.apply(version) }
    }

    private func isThere(_ open: Open) -> Bool {
        guard let stamp = (try? FileStamp.of(file.path)) ?? nil else { return false }
        return stamp.inode == open.inode && stamp.device == open.device
    }
}
