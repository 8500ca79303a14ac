import ConfigurationStore
import EventLoop
import Events
import HostModel
import Platform
import Wire

/// Has each version and what workers tell of web.config files written into the mirror, on a thread of its own, and says
/// once when that cannot be done. Nothing the server does waits for it.
final class MirrorUpkeep: TimerHandler {
    /// After how long a version that could not be written is tried again, and it is looked whether the file is still there.
    /// Unit: nanoseconds.
    private static let interval: UInt64 = 10_000_000_000

    private let keeper: MirrorKeeper
    private let loop: EventLoop
    private let log: any EventRecorder
    /// Nil where the loop's own threads have to do.
    private let thread = try? BlockingThreads(limit: 1)
    private let timer = Timer()
    private var isWriting = false
    private var isWanted = false
    private var latest: HostConfiguration?
    /// What was said last; nil where all is well.
    private var told: StoreTrouble.Kind?
    private var intake = WebConfigIntake()
    private let tickTimer = Timer()
    private var isTicking = false
    /// Whether all workers are to be asked for what they have read.
    private var wantsReports = false
    /// Pools of which it was said that a word was not taken.
    private var refused: Set<String> = []
    private let listen: (UInt64, Bool) -> Void
    private let ask: (String?) -> Void

    /// - Parameters:
    ///   - listen: whether a worker is to be listened to from now on.
    ///   - ask: has the workers of a pool tell again what they have read; nil for those of every pool.
    init(
        statePath: String, on loop: EventLoop, log: any EventRecorder, listen: @escaping (UInt64, Bool) -> Void,
        ask: @escaping (String?) -> Void
    ) {
        keeper = MirrorKeeper(state: statePath)
        self.loop = loop
        self.log = log
        self.listen = listen
        self.ask = ask
    }

    func use(_ version: ConfigurationVersion) {
        latest = version.hosted
        intake.versionChanged()
        keeper.offer(version.hosted)
        write()
    }

    /// After what is being written, for which two seconds are waited at most.
    func close() {
        thread?.finish()
        keeper.close()
    }

    func timerFired(_ timer: Timer) {
        if timer === tickTimer { tickEnded() } else { write() }
    }

    // MARK: What workers tell

    /// - Parameters:
    ///   - pool: the name of the worker's pool.
    ///   - isInformed: whether the worker knows the configuration that the server has.
    func received(_ report: WebConfigReport, from worker: UInt64, of pool: String, isInformed: Bool) {
        if !intake.receive(report, from: worker, of: pool, isInformed: isInformed) { listen(worker, false) }
        startTick()
    }

    private func startTick() {
        guard !isTicking, intake.isBusy else { return }
        isTicking = true
        loop.start(tickTimer, after: WebConfigIntake.tick, self)
    }

    private func tickEnded() {
        isTicking = false
        for worker in intake.tickEnded() { listen(worker, true) }
        // What is not taken off waits for the newest word.
        if !isWriting, told == nil {
            let reports = intake.take()
            if !reports.isEmpty {
                keeper.offer(reports)
                write()
            }
        }
        for pool in intake.takeLost() { ask(pool) }
        if told == nil { startTick() }
    }

    /// Says once of a pool that a word of its workers was not taken.
    private func tellRefusals(_ refusals: [String: ReportRefusal]) {
        for (pool, refusal) in refusals.sorted(by: { $0.key < $1.key }) where refused.insert(pool).inserted {
            log.record(
                Event(
                    .reportRefused, Report.object(pool),
                    "A worker has told of a web.config what is not taken: \(refusal). Questions about the configuration are "
                        + "answered without it; what else is not taken of the pool is not said any more."))
        }
    }

    // MARK: Writing

    private func write() {
        guard !isWriting else {
            isWanted = true
            return
        }
        isWriting = true
        isWanted = false
        loop.cancel(timer)
        let (keeper, latest) = (keeper, latest)
        loop.perform(
            on: thread,
            {
                if let latest { keeper.check(latest) }
                return keeper.work()
            }, then: { [self] in ended($0) })
    }

    private func ended(_ outcome: MirrorKeeper.Outcome) {
        isWriting = false
        tell(outcome)
        let notes = keeper.takeNotes()
        tellRefusals(notes.refusals)
        wantsReports = wantsReports || notes.wantsReports
        if told == nil {
            if wantsReports {
                wantsReports = false
                ask(nil)
            }
            startTick()
        }
        if isWanted { write() } else { loop.start(timer, after: Self.interval, self) }
    }

    private func tell(_ outcome: MirrorKeeper.Outcome) {
        switch outcome {
        case .nothing: return
        case .trouble(let trouble):
            guard trouble.kind != told else { return }
            told = trouble.kind
            log.record(
                Event(
                    .mirrorUnavailable,
                    "Questions about the configuration are not answered: \(trouble). The sites are served as before; it is "
                        + "tried again every \(Self.interval / 1_000_000_000) s.", [.init("file", trouble.path)]))
            return
        case .mirrored(let findings):
            for case .dropped(let reason) in findings { tellRebuilt(reason) }
        case .rebuilt(let reason): tellRebuilt(reason)
        }
        if told != nil {
            told = nil
            log.record(Event(.mirrorBack, "Questions about the configuration are answered again."))
        }
    }

    private func tellRebuilt(_ reason: String) {
        log.record(
            Event(
                .mirrorRebuilt,
                "The mirror of the configuration was damaged (\(reason)) and has been made again of the configuration file."
            ))
    }
}
