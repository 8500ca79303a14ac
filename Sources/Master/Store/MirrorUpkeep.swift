import ConfigurationStore
import EventLoop
import Events
import HostModel
import Platform

/// Has each version written into the mirror, on a thread of its own, and says once when that cannot be done. Nothing the
/// server does waits for it.
final class MirrorUpkeep: TimerHandler {
    /// After how long a version that could not be written is tried again. Unit: nanoseconds.
    private static let retryInterval: UInt64 = 10_000_000_000

    private let keeper: MirrorKeeper
    private let loop: EventLoop
    private let log: any EventRecorder
    /// Nil where the loop's own threads have to do.
    private let thread = try? BlockingThreads(limit: 1)
    private let timer = Timer()
    private var isWriting = false
    private var isWanted = false
    /// What was said last; nil where all is well.
    private var told: StoreTrouble.Kind?

    init(statePath: String, on loop: EventLoop, log: any EventRecorder) {
        keeper = MirrorKeeper(state: statePath)
        self.loop = loop
        self.log = log
    }

    func use(_ version: ConfigurationVersion) {
        keeper.offer(version.hosted)
        write()
    }

    /// After what is being written, for which two seconds are waited at most.
    func close() {
        thread?.finish()
        keeper.close()
    }

    func timerFired(_ timer: Timer) { write() }

    private func write() {
        guard !isWriting else {
            isWanted = true
            return
        }
        isWriting = true
        isWanted = false
        loop.cancel(timer)
        let keeper = keeper
        loop.perform(on: thread, { keeper.work() }, then: { [self] in ended($0) })
    }

    private func ended(_ outcome: MirrorKeeper.Outcome) {
        isWriting = false
        tell(outcome)
        if isWanted {
            write()
        } else if case .trouble = outcome {
            loop.start(timer, after: Self.retryInterval, self)
        }
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
                        + "tried again every \(Self.retryInterval / 1_000_000_000) s.", [.init("file", trouble.path)]))
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
