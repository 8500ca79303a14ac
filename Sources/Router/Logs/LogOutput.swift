internal import EventLoop
internal import Platform
internal import Wire

/// One log: its lines gather here, and another thread writes them to a file that the master has opened.
///
/// A line never waits for anything. Where the file is missing, or a disk is full or too slow, lines are lost, and the
/// administrator is told once.
final class LogOutput {
    private enum State {
        case closed
        /// The master was asked; lines gather. Nothing comes of it: on with `previous`.
        case opening(number: UInt32, previous: LogFile?)
        case open(LogFile)
    }

    private struct Write {
        let file: LogFile
        let bytes: [UInt8]
    }

    /// So much is written at once. Unit: bytes.
    private static let full = 1 << 16
    /// So much may wait to be written. Unit: bytes.
    private static let maximumWaiting = 1 << 20
    /// How long until the master is asked again for what it could not open. Unit: nanoseconds.
    private static let patience: UInt64 = 5_000_000_000

    let id: LogID
    /// Whether `logs` has it on its list of those with lines.
    var isListed = false
    private(set) var format: LogFormat
    /// When lines last went to the file, by the loop's clock.
    private(set) var lastUsed: UInt64 = 0
    private unowned let logs: Logs
    private var schedule: LogSchedule
    private var state = State.closed
    private var buffer: [UInt8] = []

    private var name = LogFileRequest.Name.exact("")
    /// When the file's time is over, and that of the file that was asked for. Seconds since 1970.
    private var end = Int64.max
    private var nextEnd = Int64.max
    /// The number in the file's name; 0 where it has none.
    private var fileNumber: UInt32 = 0
    /// The file's, with all that waits. Unit: bytes.
    private var length: UInt64 = 0
    /// What the lines that end the file are like; nil where this process has begun no part of it.
    private var fileFormat: LogFormat?
    /// What the first and the last lines are like that wait for the file that was asked for.
    private var gathered: (first: LogFormat, last: LogFormat)?
    /// Whether the file that was asked for is another than the one before.
    private var opensAnother = false
    private var retryAt: UInt64 = 0

    private var waiting: [Write] = []
    private var waitingBytes = 0
    private var isTorn = false
    private var hasToldFailure = false

    /// `logs` owns its outputs.
    init(_ id: LogID, _ format: LogFormat, in logs: Logs) {
        self.id = id
        self.format = format
        self.logs = logs
        schedule = LogSchedule(format)
    }

    var isOpen: Bool { if case .open = state { true } else { false } }

    /// Whether the file can be closed without losing anything.
    var isIdle: Bool { buffer.isEmpty && waiting.isEmpty }

    /// Whether lines are on their way to a file.
    var isWriting: Bool {
        if case .opening = state, !buffer.isEmpty { return true }
        return !waiting.isEmpty
    }

    /// Adds lines of that format, which may be an older one than `apply` was told last.
    func write(_ lines: Span<UInt8>, _ lineFormat: LogFormat) {
        logs.clock.update()
        prepare()
        guard waitingBytes + buffer.count < Self.maximumWaiting else { return tellFailure("The disk does not keep up") }
        switch state {
        case .closed: return
        case .opening:
            if let gathered, gathered.last.hasOtherFields(than: lineFormat) { appendHeader(lineFormat) }
            gathered = (gathered?.first ?? lineFormat, lineFormat)
        case .open:
            if fileFormat?.hasOtherFields(than: lineFormat) != false { appendHeader(lineFormat) }
            fileFormat = lineFormat
        }
        logs.hasLines(self)
        buffer.append(copying: lines)
        if buffer.count >= Self.full { flush() }
    }

    private func appendHeader(_ format: LogFormat) { format.appendHeader(logs.clock, to: &buffer) }

    /// Hands what has gathered to the writing thread; answers whether nothing remains here.
    @discardableResult
    func flush() -> Bool {
        guard case .open(let file) = state, !buffer.isEmpty else { return buffer.isEmpty }
        lastUsed = logs.loop.now
        length += UInt64(buffer.count)
        waitingBytes += buffer.count
        waiting.append(Write(file: file, bytes: buffer))
        let grows = buffer.count >= Self.full
        buffer = []
        if grows { buffer.reserveCapacity(Self.full + Self.full / 8) }
        if waiting.count == 1 { writeNext() }
        return true
    }

    // MARK: Files

    /// Sees to it that the next line has a file, or will have one.
    private func prepare() {
        switch state {
        case .closed: ask(previous: nil)
        case .open(let file) where logs.clock.seconds >= end || isFull: ask(previous: file)
        case .open, .opening: break
        }
    }

    private var isFull: Bool {
        format.settings.period == .maximumSize && length + UInt64(buffer.count) >= format.settings.truncateSize
    }

    /// Asks the master for the file of this moment. Without a master everything stays as it is.
    private func ask(previous: LogFile?) {
        guard logs.loop.now >= retryAt else { return }
        var (wanted, wantedEnd) = schedule.file(at: logs.clock.seconds)
        if case .numbered(let prefix, _, let suffix) = wanted {
            let minimum = isFull ? fileNumber + 1 : max(1, fileNumber)
            wanted = .numbered(prefix: format.numberedPrefix ?? prefix, minimum: minimum, suffix: suffix)
        }
        guard let number = logs.ask(id, wanted) else { return }
        // What has gathered belongs to the file that is left.
        flush()
        opensAnother = opensAnother || wanted != name
        name = wanted
        nextEnd = wantedEnd
        state = .opening(number: number, previous: previous)
    }

    /// The master opened a file.
    func opened(_ file: LogFile, _ answer: LogFileAnswer) {
        guard case .opening(answer.number, _) = state else { return }
        state = .open(file)
        (end, fileNumber, length) = (nextEnd, answer.fileNumber, answer.length)
        isTorn = false
        retryAt = 0
        if length == 0 || opensAnother { fileFormat = nil }
        opensAnother = false
        appendGathered()
        logs.opened(self)
    }

    /// What has gathered goes behind what the file holds, below a header of its own where it needs one.
    private func appendGathered() {
        guard let gathered else { return }
        if fileFormat?.hasOtherFields(than: gathered.first) != false {
            var header: [UInt8] = []
            gathered.first.appendHeader(logs.clock, to: &header)
            buffer.insert(contentsOf: header, at: 0)
        }
        fileFormat = gathered.last
        self.gathered = nil
    }

    /// The master could not open it.
    func refused(number: UInt32) {
        guard case .opening(number, let previous) = state else { return }
        retryAt = logs.loop.now + Self.patience
        goOn(previous)
    }

    /// There is nobody to answer.
    func masterGone() {
        if case .opening(_, let previous) = state { goOn(previous) }
    }

    private func goOn(_ previous: LogFile?) {
        if let previous {
            state = .open(previous)
            appendGathered()
        } else {
            state = .closed
            forgetGathered()
        }
    }

    /// The file may have been moved away.
    func reopen() {
        guard case .open(let file) = state else { return }
        retryAt = 0
        ask(previous: file)
    }

    /// Lets go of the file; it is asked for again when a line comes. What was written before is still written.
    func close() {
        flush()
        state = .closed
        forgetGathered()
    }

    private func forgetGathered() {
        buffer = []
        gathered = nil
    }

    /// From now on lines are like this.
    func apply(_ new: LogFormat) {
        guard new != format else { return }
        let old = format
        format = new
        schedule = LogSchedule(new)
        retryAt = 0
        guard !old.sharesFiles(with: new) else { return }
        close()
        fileFormat = nil
    }

    // MARK: Writing

    private func writeNext() {
        let file = waiting[0].file
        // What a full disk cut off does not become one line with the next.
        let bytes = isTorn ? [UInt8(ascii: "\n")] + waiting[0].bytes : waiting[0].bytes
        logs.loop.perform({ file.descriptor.writeLog(bytes) }, then: { self.written($0, bytes) })
    }

    private func written(_ result: FileDescriptor.LogWrite, _ bytes: [UInt8]) {
        let write = waiting.removeFirst()
        waitingBytes -= write.bytes.count
        if result.count > 0 { isTorn = bytes[result.count - 1] != UInt8(ascii: "\n") }
        if let error = result.error { tellFailure(error.reason) } else { hasToldFailure = false }
        if waiting.isEmpty { logs.becameIdle() } else { writeNext() }
        if result.isUnlinked, case .open(write.file) = state { reopen() }
    }

    private func tellFailure(_ reason: String) {
        guard !hasToldFailure else { return }
        hasToldFailure = true
        logs.failed(id, reason)
    }
}

/// An open file, which the loop and the writing thread share.
final class LogFile: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    static func ~= (pattern: LogFile, value: LogFile) -> Bool { pattern === value }
}

extension LogSchedule {
    fileprivate init(_ format: LogFormat) {
        period = format.settings.period
        suffix = format.custom.isEmpty ? "" : "_x"
        zoneOffset = format.settings.rollsOverInLocalTime ? { WallClock.zoneOffset(at: $0) } : nil
    }
}
