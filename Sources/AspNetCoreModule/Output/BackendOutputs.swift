import EventLoop
import Pipeline
public import Platform
import Wire

/// Where what an application's processes print goes: a log file (`stdoutLogEnabled`), or the first characters of it into
/// reports of failed starts.
///
/// All of it comes through a pipe that the worker reads and never lets fill: a process is never kept waiting for a disk,
/// nobody's log outgrows what its pool may have, and a process that prints without end costs a fair share of a turn.
public final class BackendOutputs: BackendOutput {
    /// What of the section and of the pool says where output goes.
    public struct Settings: Equatable, Sendable {
        /// `enableOutOfProcessConsoleRedirection`: false takes nothing from the processes, which print to nowhere.
        public var isRedirected = true
        /// Nil without a log.
        public var log: Log?
        public var limits = OutputLimits()

        public init() {}
    }

    public enum Log: Equatable, Sendable {
        /// `stdoutLogFile`, expanded and absolute.
        case file(String)
        /// As written: no path that there can be here.
        case impossible(String)
    }

    private let settings: Settings
    private let place: ApplicationPlace
    private unowned let host: any ModuleHost
    private var capture = CapturedOutput()
    private var readers: [ObjectIdentifier: OutputReader] = [:]
    private var writers: [ObjectIdentifier: OutputLogWriter] = [:]
    /// Whether the processes of the last request that started any write to a log file.
    private var isLogged = false

    /// `host` outlives it.
    public init(_ settings: Settings, place: ApplicationPlace, host: any ModuleHost) {
        self.settings = settings
        self.place = place
        self.host = host
    }

    public func open(for attempt: Int) throws(SystemError) -> BackendStreams {
        if attempt == 1 { capture = CapturedOutput() }
        guard settings.isRedirected else { return BackendStreams(output: nil, errors: nil) }
        let pipe = try OutputPipe.make()
        let errors = try pipe.writing.duplicate()
        let writer = openLog()
        isLogged = writer?.isInForce == true
        let reader = try OutputReader(pipe.reading, on: host.loop) { [weak self] bytes in
            self?.took(bytes, writer)
        } ended: { [weak self] reader in
            self?.ended(reader, writer)
        }
        readers[ObjectIdentifier(reader)] = reader
        if let writer { writers[ObjectIdentifier(writer)] = writer }
        return BackendStreams(output: pipe.writing, errors: errors)
    }

    private func openLog() -> OutputLogWriter? {
        switch settings.log {
        case nil: return nil
        case .impossible(let path):
            tellUnopened(path, "a path of Windows that there is not here")
            return nil
        case .file(let path):
            let file = OutputLogFile(path, pid: CurrentProcess.pid, settings.limits)
            return OutputLogWriter(file, services: host.services) { [weak self] error, isOpening in
                self?.failed(error, isOpening: isOpening)
            }
        }
    }

    private func took(_ bytes: [UInt8], _ writer: OutputLogWriter?) {
        capture.append(bytes)
        writer?.append(bytes)
    }

    private func ended(_ reader: OutputReader, _ writer: OutputLogWriter?) {
        readers[ObjectIdentifier(reader)] = nil
        guard let writer else { return }
        writer.afterWriting { [weak self] in self?.writers[ObjectIdentifier(writer)] = nil }
    }

    private func failed(_ error: FileError, isOpening: Bool) {
        guard !isOpening else {
            isLogged = false
            return tellUnopened(error.path, error.reason)
        }
        tell(
            1026,
            "The stdout log file in \(error.path) cannot be written: \(error.reason). Output is left out until it can be."
        )
    }

    private func tellUnopened(_ path: String, _ reason: String) {
        tell(1004, "Could not create stdoutLogFile '\(path)': \(reason). The application runs without it.")
    }

    private func tell(_ number: UInt16, _ text: String) {
        host.tell(ModuleNotice(number, .warning, text, site: place.siteName, application: place.path))
    }

    public func ended() {
        for reader in readers.values { reader.drain() }
    }

    public var captured: String {
        ended()
        return isLogged ? "" : capture.text
    }

    /// How long the end of an application waits for a disk. Unit: milliseconds. The module: 2 s.
    private static let patience: UInt64 = 2000

    /// Calls `action` once all that has been printed so far is in its file, or cannot be, or takes too long.
    public func afterWriting(_ action: @escaping () -> Void) {
        ended()
        var left = writers.count
        guard left > 0 else { return action() }
        var isDone = false
        func finish() {
            if !isDone { action() }
            isDone = true
        }
        host.services.after(milliseconds: Self.patience, finish)
        for writer in writers.values {
            writer.afterWriting {
                left -= 1
                if left == 0 { finish() }
            }
        }
    }
}
