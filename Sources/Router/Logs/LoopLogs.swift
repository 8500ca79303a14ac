internal import EventLoop
internal import Platform
internal import Wire

/// The logs as one loop writes them: lines gather here and are handed to the shell, which has the files.
///
/// On the shell's own loop that happens at the end of the turn, from another one ten times a second or when many have
/// gathered: no request waits for another loop.
final class LoopLogs: TurnHandler, TimerHandler {
    /// So much goes to another loop at once. Unit: bytes.
    private static let full = 1 << 15
    /// Unit: nanoseconds.
    private static let interval: UInt64 = 100_000_000
    private static let maximumSpare = 16

    let clock: LogClock
    /// This machine's name.
    let computer = Array(CurrentProcess.hostName.utf8)
    private let loop: EventLoop
    private let shell: ShellPort
    private var errorLog: LogLines?
    private var logs: [LogID: LogLines] = [:]
    private var withLines: [LogLines] = []
    /// Buffers to gather in, so that logs with few lines hold none.
    private var spare: [[UInt8]] = []
    private let timer = Timer()

    init(on loop: EventLoop, time: WallTime, shell: ShellPort) {
        self.loop = loop
        self.shell = shell
        clock = LogClock(time)
    }

    /// Takes over new settings; answers the access logs by their sites' ids. What was logged before is handed over.
    func apply(_ table: RouteTable) -> [UInt32: LogLines] {
        handOver()
        let formats = table.logs.map(LogFormat.init)
        var kept: [LogID: LogLines] = [:]
        var bySite: [UInt32: LogLines] = [:]
        for site in table.sites {
            guard let number = site.log else { continue }
            let format = formats[Int(number)]
            let id = format.settings.isCentral ? LogID.central : .site(site.id)
            let lines = kept[id] ?? logs[id] ?? LogLines(id, format)
            lines.format = format
            kept[id] = lines
            bySite[site.id] = lines
        }
        logs = kept
        return bySite
    }

    /// Takes over the new settings of some sites; answers their access logs by their ids.
    func apply(_ difference: RouteDifference) -> [UInt32: LogLines] {
        handOver()
        for id in difference.removedSites { logs[.site(id)] = nil }
        let formats = difference.logs.map(LogFormat.init)
        var bySite: [UInt32: LogLines] = [:]
        for site in difference.sites {
            let format = site.log.map { formats[Int($0)] }
            let id = format?.settings.isCentral == true ? LogID.central : .site(site.id)
            if format == nil || id == .central { logs[.site(site.id)] = nil }
            guard let format else { continue }
            let lines = logs[id] ?? LogLines(id, format)
            lines.format = format
            logs[id] = lines
            bySite[site.id] = lines
        }
        return bySite
    }

    func record(_ entry: LogEntry, in lines: LogLines) {
        begin(lines)
        let format = lines.format
        W3CLine.append(
            entry, format.settings.fields, format.custom, clock, computer: computer, to: &lines.bytes)
        end(lines)
    }

    func record(_ entry: ErrorEntry) {
        let lines = errorLog ?? LogLines(.errors, .errors)
        errorLog = lines
        begin(lines)
        ErrorLine.append(entry, clock, to: &lines.bytes)
        end(lines)
    }

    private func begin(_ lines: LogLines) {
        clock.update()
        guard !lines.isListed else { return }
        lines.isListed = true
        lines.bytes = spare.popLast() ?? []
        if withLines.isEmpty {
            if shell.own == nil { loop.start(timer, after: Self.interval, self) } else { loop.atEndOfTurn(self) }
        }
        withLines.append(lines)
    }

    private func end(_ lines: LogLines) {
        if shell.own == nil, lines.bytes.count >= Self.full { handOver() }
    }

    func turnEnded() { handOver() }

    func timerFired(_ timer: Timer) { handOver() }

    /// Gives the shell what has gathered.
    func handOver() {
        guard !withLines.isEmpty else { return }
        if let router = shell.own {
            for lines in withLines {
                let bytes = lines.bytes
                lines.bytes = []
                lines.isListed = false
                router.write(bytes.span, lines.format, to: lines.id)
                keep(bytes)
            }
        } else {
            let batches = withLines.map { LogBatch(log: $0.id, format: $0.format, bytes: $0.bytes) }
            for lines in withLines {
                lines.bytes = []
                lines.isListed = false
            }
            shell.tell { $0.write(batches) }
        }
        withLines.removeAll(keepingCapacity: true)
    }

    private func keep(_ bytes: consuming [UInt8]) {
        guard spare.count < Self.maximumSpare, bytes.capacity <= Self.full else { return }
        bytes.removeAll(keepingCapacity: true)
        spare.append(bytes)
    }
}

/// One log's lines that have gathered on one loop.
final class LogLines {
    let id: LogID
    /// What lines are like from now on.
    fileprivate(set) var format: LogFormat
    fileprivate var bytes: [UInt8] = []
    fileprivate var isListed = false

    init(_ id: LogID, _ format: LogFormat) {
        self.id = id
        self.format = format
    }
}

/// Lines of one log on their way between loops.
struct LogBatch: Sendable {
    let log: LogID
    let format: LogFormat
    let bytes: [UInt8]
}
