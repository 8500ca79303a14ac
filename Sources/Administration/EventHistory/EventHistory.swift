public import Events
import Platform
import Synchronization

/// Numbers events, passes them on, keeps them in files under the state folder, and remembers the last ones for whoever
/// follows.
///
/// A thread writes, so that no disk is waited for; what cannot be written is dropped and counted, and the count becomes
/// an event of its own when writing works again. A number stands for one event for good: it is not used again after a
/// restart unless its event was never kept.
public final class EventHistory: EventRecorder {
    /// What may wait for the disk. Unit: bytes.
    fileprivate static let waitingLimit = 4 << 20
    /// How many events are in memory for followers, and how many bytes of them.
    fileprivate static let recentLimit = 500
    fileprivate static let recentBytesLimit = 4 << 20

    fileprivate struct State {
        var last: UInt64
        /// In order, without gaps, up to `last`.
        var recent: [EventWriter.Line] = []
        var recentBytes = 0
        var waiting: [EventWriter.Line] = []
        var waitingBytes = 0
        /// How many events could not be kept, and why, since writing last worked.
        var lost = 0
        var reason = ""
        var writer: EventWriter?
        var isWriting = false
        var changed: (@Sendable () -> Void)?
        var written: (@Sendable () -> Void)?
    }

    private let log: any EventRecorder
    private let now: @Sendable () -> Int64
    private let stateFolder: String
    private let state: Mutex<State>
    private let threads: BlockingThreads?

    /// `log` hears every event first; `now` counts nanoseconds since 1970.
    public init(stateFolder: String, log: any EventRecorder, now: @escaping @Sendable () -> Int64) {
        self.log = log
        self.now = now
        self.stateFolder = stateFolder
        threads = try? BlockingThreads(limit: 1)
        var failure: FileError?
        var writer: EventWriter?
        do throws(FileError) {
            writer = try EventWriter(stateFolder: stateFolder)
        } catch {
            failure = error
        }
        state = Mutex(State(last: writer?.last ?? 0, reason: failure?.description ?? "", writer: writer))
        if let failure { log.record(Self.notKept(failure.description)) }
    }

    public func record(_ event: Event) {
        log.record(event)
        let time = Timestamp(nanoseconds: now()).text
        let (starts, changed) = state.withLock { state in
            state.last += 1
            let text = EventFormat.json.line(event, time: time, sequence: state.last, isWhole: true)
            state.add(EventWriter.Line(sequence: state.last, bytes: Array(text.utf8) + [UInt8(ascii: "\n")]))
            defer { state.isWriting = true }
            return (!state.isWriting, state.changed)
        }
        changed?()
        if starts { startWriting() }
    }

    private func startWriting() {
        do throws(SystemError) {
            guard let threads else { return write() }
            try threads.execute { [self] in write() }
        } catch {
            write()
        }
    }

    /// Writes what waits until nothing does.
    private func write() {
        while let (lines, writer) = state.withLock({ $0.takeWaiting() }) {
            do throws(FileError) {
                guard var writer else {
                    let opened = try EventWriter(stateFolder: stateFolder)
                    state.withLock { $0.opened(opened, lines) }
                    continue
                }
                try writer.append(lines)
                let (lost, reason, written) = state.withLock { $0.wrote(writer) }
                written?()
                if lost > 0 { record(Self.lost(lost, reason)) }
            } catch {
                let reason = error.description
                if state.withLock({ $0.failed(lines.count, writer, reason) }) { log.record(Self.notKept(reason)) }
            }
        }
    }

    /// Waits until all is written, two seconds at most: for a process that is about to end.
    public func finish() { threads?.finish() }

    private static func notKept(_ reason: String) -> Event {
        Event(.eventsNotKept, "Events cannot be kept, only told here: \(reason).")
    }

    private static func lost(_ count: Int, _ reason: String) -> Event {
        Event(.eventsLost, "Events are kept again; some are missing, since \(reason).", [.init("lost", count)])
    }
}

extension EventHistory.State {
    mutating func add(_ line: EventWriter.Line) {
        recent.append(line)
        recentBytes += line.bytes.count
        // Halved now and then instead of shortened each time.
        if recent.count > EventHistory.recentLimit * 2 { forget(recent.count - EventHistory.recentLimit) }
        if recentBytes > EventHistory.recentBytesLimit { forget(recent.count / 2) }
        guard waitingBytes + line.bytes.count <= EventHistory.waitingLimit else {
            if reason.isEmpty { reason = "the disk was too slow" }
            lost += 1
            return
        }
        waiting.append(line)
        waitingBytes += line.bytes.count
    }

    private mutating func forget(_ count: Int) {
        recentBytes -= recent.prefix(count).reduce(0) { $0 + $1.bytes.count }
        recent.removeFirst(count)
    }

    /// Nil where nothing waits: the thread is then done.
    mutating func takeWaiting() -> (lines: [EventWriter.Line], writer: EventWriter?)? {
        guard !waiting.isEmpty else {
            isWriting = false
            return nil
        }
        defer {
            waiting = []
            waitingBytes = 0
        }
        return (waiting, writer)
    }

    /// The folder could not be used before and can now. Where it holds numbers that were given away meanwhile, what
    /// waited is lost.
    mutating func opened(_ writer: EventWriter, _ lines: [EventWriter.Line]) {
        self.writer = writer
        guard let first = lines.first, first.sequence <= writer.last else {
            waiting = lines + waiting
            waitingBytes = waiting.reduce(0) { $0 + $1.bytes.count }
            return
        }
        lost += lines.count + waiting.count
        (waiting, waitingBytes, recent, recentBytes) = ([], 0, [], 0)
        last = max(last, writer.last)
    }

    /// What is missing and has not been told yet.
    mutating func wrote(_ writer: EventWriter) -> (lost: Int, reason: String, written: (@Sendable () -> Void)?) {
        self.writer = writer
        defer { (lost, reason) = (0, "") }
        return (lost, reason, written)
    }

    /// Whether this is news.
    mutating func failed(_ count: Int, _ writer: EventWriter?, _ text: String) -> Bool {
        self.writer = writer
        defer { reason = text }
        lost += count
        return reason.isEmpty
    }
}

/// Following.
extension EventHistory {
    /// A place behind an event, to read on from.
    public func cursor(after sequence: UInt64) -> EventCursor {
        EventCursor(stateFolder: stateFolder, after: sequence)
    }

    /// The number of the newest event; 0 before the first.
    public var last: UInt64 { state.withLock { $0.last } }

    /// Calls `changed` after each event from now on, on whatever thread; nil calls nobody.
    public func whenChanged(_ changed: (@Sendable () -> Void)?) { state.withLock { $0.changed = changed } }

    /// Calls `written` whenever events have come into the files from now on, on the thread that writes them; nil calls
    /// nobody.
    public func whenWritten(_ written: (@Sendable () -> Void)?) { state.withLock { $0.written = written } }

    /// Lines behind an event that are in memory.
    public struct Recent: Sendable {
        public let lines: [UInt8]
        /// The number of the last of them.
        public let last: UInt64
        /// Whether nothing lies between the event that was asked for and the first line.
        public let isComplete: Bool
    }

    /// The events behind `sequence` that are in memory, up to 256 KB of them.
    public func recent(after sequence: UInt64) -> Recent {
        state.withLock { state in
            let first = state.recent.first?.sequence ?? state.last + 1
            let known = sequence < first ? 0 : Int(min(sequence - first, UInt64(state.recent.count))) + 1
            var lines: [UInt8] = []
            var last = sequence
            for line in state.recent.dropFirst(known) {
                guard lines.count + line.bytes.count <= 1 << 18 || lines.isEmpty else { break }
                lines += line.bytes
                last = line.sequence
            }
            return Recent(lines: lines, last: last, isComplete: sequence >= first - 1)
        }
    }
}
