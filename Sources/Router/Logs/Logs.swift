internal import Control
internal import EventLoop
internal import Platform
internal import Wire

/// All logs of the router, on the shell's loop. They get their lines from the loops (`LoopLogs`) and their files from
/// the master, are written at least once a second, and only so many files are open at once.
final class Logs: TimerHandler {
    /// The least recently used ones are closed beyond this.
    static let maximumOpen = 512
    /// How long lines may gather. Unit: nanoseconds.
    private static let writingInterval: UInt64 = 1_000_000_000
    /// How long the end may wait for the last lines. Unit: nanoseconds.
    private static let lastPatience: UInt64 = 1_000_000_000

    let loop: EventLoop
    let clock: LogClock
    private var errorLog: LogOutput?
    private var outputs: [LogID: LogOutput] = [:]
    /// Those that new settings hold no more, until their last lines have come.
    private var removed: [LogID: LogOutput] = [:]
    private var open: [LogOutput] = []
    private var withLines: [LogOutput] = []
    private let timer = Timer()
    private var lastRequest: UInt32 = 0
    /// Nil while there is none.
    private var master: ControlChannel?
    private var whenWritten: (() -> Void)?
    private let lastTimer = Timer()

    init(on loop: EventLoop, time: WallTime) {
        self.loop = loop
        clock = LogClock(time)
    }

    /// Takes over new settings.
    func apply(_ table: RouteTable) {
        let formats = table.logs.map(LogFormat.init)
        var kept: [LogID: LogOutput] = [:]
        for site in table.sites {
            guard let number = site.log else { continue }
            let format = formats[Int(number)]
            let id = format.settings.isCentral ? LogID.central : .site(site.id)
            guard kept[id] == nil else { continue }
            let output =
                outputs.removeValue(forKey: id) ?? removed.removeValue(forKey: id) ?? LogOutput(id, format, in: self)
            output.apply(format)
            kept[id] = output
        }
        removed.merge(outputs) { _, new in new }
        outputs = kept
    }

    /// No more lines come for what the settings hold no more.
    func closeRemoved() {
        for output in removed.values { close(output) }
        removed = [:]
    }

    /// Takes lines of that format.
    func write(_ lines: Span<UInt8>, _ format: LogFormat, to id: LogID) {
        if id == .errors, errorLog == nil { errorLog = LogOutput(.errors, .errors, in: self) }
        output(id)?.write(lines, format)
    }

    // MARK: The master

    func connect(_ master: ControlChannel) { self.master = master }

    func opened(_ descriptor: consuming FileDescriptor, _ answer: LogFileAnswer) {
        let file = LogFile(descriptor)
        output(answer.log)?.opened(file, answer)
    }

    func refused(_ id: LogID, number: UInt32) {
        output(id)?.refused(number: number)
        becameIdle()
    }

    /// The files that are open stay in use.
    func masterGone() {
        master = nil
        for output in outputs.values { output.masterGone() }
        for output in removed.values { output.masterGone() }
        errorLog?.masterGone()
        becameIdle()
    }

    /// Asks for every open file again.
    func reopen() {
        for output in open { output.reopen() }
    }

    private func output(_ id: LogID) -> LogOutput? { id == .errors ? errorLog : outputs[id] ?? removed[id] }

    // MARK: Outputs

    /// Asks the master for a file; answers the question's number, nil where there is no master.
    func ask(_ id: LogID, _ name: LogFileRequest.Name) -> UInt32? {
        guard let master else { return nil }
        lastRequest &+= 1
        master.send(.logWanted(LogFileRequest(log: id, number: lastRequest, name: name)))
        return lastRequest
    }

    func failed(_ id: LogID, _ reason: String) { master?.send(.logFailed(id, reason: reason)) }

    /// Lines have begun to gather.
    func hasLines(_ output: LogOutput) {
        if !output.isListed { withLines.append(output) }
        output.isListed = true
        if !timer.isRunning { loop.start(timer, after: Self.writingInterval, self) }
    }

    func opened(_ output: LogOutput) {
        if !open.contains(where: { $0 === output }) { open.append(output) }
        open.removeAll { !$0.isOpen }
        while open.count > Self.maximumOpen,
            let oldest = open.filter(\.isIdle).min(by: { $0.lastUsed < $1.lastUsed })
        {
            close(oldest)
        }
        guard whenWritten != nil else { return }
        output.flush()
        becameIdle()
    }

    private func close(_ output: LogOutput) {
        output.close()
        open.removeAll { $0 === output }
    }

    func timerFired(_ timer: Timer) {
        guard timer === self.timer else { return end() }
        for output in withLines { output.isListed = !output.flush() }
        withLines.removeAll { !$0.isListed }
        if !withLines.isEmpty { loop.start(timer, after: Self.writingInterval, self) }
    }

    // MARK: The end

    /// Writes what has gathered, and calls `completion` when it is written or after a second.
    func writeAll(then completion: @escaping () -> Void) {
        whenWritten = completion
        for output in withLines { output.flush() }
        loop.start(lastTimer, after: Self.lastPatience, self)
        becameIdle()
    }

    /// An output has nothing to write any more.
    func becameIdle() {
        guard whenWritten != nil, errorLog?.isWriting != true, !outputs.values.contains(where: \.isWriting),
            !removed.values.contains(where: \.isWriting)
        else { return }
        end()
    }

    private func end() {
        loop.cancel(lastTimer)
        let completion = whenWritten
        whenWritten = nil
        completion?()
    }
}
