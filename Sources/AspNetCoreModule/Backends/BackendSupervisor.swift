import EventLoop
import Pipeline
import Platform
import Synchronization
import Wire

/// The processes of one application: starts them when they are asked for, watches them, ends them.
///
/// Lives on the worker's loop. Whoever has it stops it before letting it go.
public final class BackendSupervisor: BackendProcessOwner {
    public typealias Receiver = (Result<Backend, BackendFailure>) -> Void

    private let settings: BackendSettings
    private let host: any ModuleHost
    private let launcher: any BackendLauncher
    private let output: any BackendOutput
    private let events: BackendEvents
    /// The pairing token that all processes are told where the application does not choose its own.
    private let token = PairingToken.new()
    private var rota: BackendRota
    private var processes: [Int: BackendProcess] = [:]
    private var receivers: [UInt64: Receiver] = [:]
    private var lastTicket: UInt64 = 0
    private var lastProblem: StartProblem?
    private var attempts = 0
    /// What the processes of the last start that failed printed: read once, however many wait for it.
    private var lastOutput = ""
    private var whenStopped: [() -> Void] = []
    private var isStopped = false
    private lazy var sweep = AdoptedSweep(host) { [weak self] in self?.processes.isEmpty == false }

    public init(
        settings: BackendSettings, place: ApplicationPlace, host: any ModuleHost, launcher: any BackendLauncher,
        output: any BackendOutput
    ) {
        self.settings = settings
        self.host = host
        self.launcher = launcher
        self.output = output
        events = BackendEvents(place: place)
        rota = BackendRota(
            slots: settings.processesPerApplication, attempts: settings.startAttempts,
            rapidFailLimit: settings.rapidFailsPerMinute, at: host.loop.currentTime)
    }

    /// Whether a process of it takes requests now.
    public var isRunning: Bool { processes.values.contains { $0.backend?.isReady == true } }

    /// The next process, where it takes requests; nil where `backend` has to find one.
    public func readyBackend() -> Backend? { rota.ready().flatMap { processes[$0]?.backend } }

    /// Gives the next process that takes requests, at once or when it has started.
    public func backend(_ then: @escaping Receiver) {
        lastTicket += 1
        receivers[lastTicket] = then
        perform(rota.request(lastTicket, at: now))
    }

    /// Gives a process for a request that `refusing` took no connection of: once it is known whether that one still listens,
    /// the next that does, which may be the same.
    public func backend(after refusing: Backend, _ then: @escaping Receiver) {
        refusing.suspect { [self] in backend(then) }
    }

    /// Ends all processes, one after the other, each as gracefully as it lets itself be ended. Requests that wait and those
    /// that come are refused.
    public func stop(_ then: @escaping () -> Void) {
        guard !isStopped else { return then() }
        whenStopped.append(then)
        perform(rota.stop())
    }

    private var now: UInt64 { host.loop.currentTime }

    // MARK: What is done

    private func perform(_ actions: [BackendRota.Action]) {
        for action in actions { perform(action) }
    }

    private func perform(_ action: BackendRota.Action) {
        switch action {
        case .give(let ticket, let slot):
            guard let backend = processes[slot]?.backend else { return }
            receivers.removeValue(forKey: ticket)?(.success(backend))
        case .refuse(let ticket, let refusal): receivers.removeValue(forKey: ticket)?(.failure(failure(refusal)))
        case .start(let slot, let attempt): start(slot, attempt)
        case .tellFailed(let attempts):
            self.attempts = attempts
            lastOutput = output.captured
            if let lastProblem {
                host.tell(events.startFailed(lastProblem, attempts: attempts, output: lastOutput))
            }
        case .tellRapidFails: host.tell(events.rapidFailsExceeded(settings.rapidFailsPerMinute))
        case .stop(let slot): processes[slot]?.stop()
        case .finish:
            isStopped = true
            for then in whenStopped { then() }
            whenStopped = []
        }
    }

    private func failure(_ refusal: BackendRota.Refusal) -> BackendFailure {
        switch refusal {
        case .startFailed:
            BackendFailure(
                lastProblem?.isLasting == true ? .badPort : .startFailed, lastProblem?.text ?? "", attempts: attempts,
                output: lastOutput)
        case .rapidFails:
            BackendFailure(
                .rapidFailsExceeded,
                "more than \(settings.rapidFailsPerMinute) processes ended by themselves within a minute "
                    + "(rapidFailsPerMinute)")
        case .stopping: BackendFailure(.stopping, "the application is being stopped")
        }
    }

    // MARK: Starting

    private func start(_ slot: Int, _ attempt: Int) {
        attempts = attempt
        let mark = "\(CurrentProcess.pid)-\(Self.nextNumber())"
        let start = BackendStart(
            launcher: launcher,
            commandLine: [settings.processPath, settings.arguments].filter { !$0.isEmpty }.joined(separator: " "),
            token: token, socketPath: socketPath(mark), mark: mark)
        host.services.perform {
            start.plan()
        } then: { [self] result in
            switch result {
            case .success(let plan) where !rota.isStopping: run(start, plan, slot, attempt)
            case .success: failed(nil, attempt)
            case .failure(let problem): failed(problem, attempt)
            }
        }
    }

    private func run(_ start: BackendStart, _ plan: LaunchPlan, _ slot: Int, _ attempt: Int) {
        let streams = InheritedStreams(opened(for: attempt))
        host.services.perform {
            start.start(plan, streams)
        } then: { [self] result in
            switch result {
            case .success(let child):
                let process = BackendProcess(
                    child, plan, slot: slot, mark: start.mark, settings: settings, events: events, host: host,
                    owner: self
                ) { Self.living.withLock { $0.count } <= 1 }
                processes[slot] = process
                Self.living.withLock { $0.count += 1 }
                sweep.begin()
                process.begin()
                if rota.isStopping { process.stop() }
            case .failure(let problem):
                output.ended()
                failed(problem, attempt)
            }
        }
    }

    private func opened(for attempt: Int) -> BackendStreams {
        // Whoever cannot open them says so itself; the application runs without.
        do throws(SystemError) { return try output.open(for: attempt) } catch {
            return BackendStreams(output: nil, errors: nil)
        }
    }

    /// - Parameter problem: nil where the start was given up because everything is being stopped.
    private func failed(_ problem: StartProblem?, _ attempt: Int) {
        lastProblem = problem ?? lastProblem
        if let problem, !rota.isStopping { host.tell(events.attemptFailed(problem, attempt: attempt)) }
        perform(rota.failed(isLasting: problem?.isLasting == true, at: now))
    }

    /// A place for a Unix socket in the worker's own folder for temporary files; nil where there is none, or nobody could
    /// be asked whether it listens there.
    private func socketPath(_ mark: String) -> String? {
        guard let folder = host.environment.first(where: { $0.name == "TMPDIR" })?.value, folder.hasPrefix("/") else {
            return nil
        }
        let path = "\(folder)/backend-\(mark).sock"
        guard path.utf8.count <= Self.longestSocketPath, (try? ListenerQuestion()) != nil else { return nil }
        return path
    }

    /// What an address of a Unix socket has room for, a zero behind it. Unit: bytes.
    private static let longestSocketPath = 107

    /// All processes of this worker's applications.
    private struct Living {
        var count = 0
        var number: UInt64 = 0
    }

    private static let living = Mutex(Living())

    private static func nextNumber() -> UInt64 {
        living.withLock {
            $0.number += 1
            return $0.number
        }
    }

    // MARK: What becomes of processes

    func listens(_ process: BackendProcess) { perform(rota.started(at: now)) }

    func lost(_ process: BackendProcess) { rota.lost(process.slot) }

    func gone(_ process: BackendProcess, _ problem: StartProblem?) {
        Self.living.withLock { $0.count -= 1 }
        processes[process.slot] = nil
        output.ended()
        if process.backend == nil {
            failed(problem, attempts)
        } else {
            perform(rota.gone(process.slot, at: now))
        }
    }

    func tell(_ event: ModuleNotice) { host.tell(event) }
}

/// What a process proves with that a request comes from its module: 36 characters, new for each application.
enum PairingToken {
    static func new() -> String {
        var digits = Array(String(repeating: "0", count: 32).utf8)
        for index in digits.indices { digits[index] = hexadecimal(UInt8.random(in: 0..<16)) }
        // RFC 9562: version 4, random.
        digits[12] = UInt8(ascii: "4")
        digits[16] = hexadecimal(UInt8.random(in: 8..<12))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.unicodeScalars.append(Unicode.Scalar(digit))
        }
        return text
    }

    private static func hexadecimal(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
