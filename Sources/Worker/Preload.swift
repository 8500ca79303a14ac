import EventLoop
import Pipeline

/// Warms applications up with requests of the worker's own: before the worker says that it is ready, as long as its pool's
/// startupTimeLimit allows, so that no client meets an application that is still starting.
final class Preload: TimerHandler, TurnHandler {
    /// So many requests at once: applications start processes of their own.
    private static let parallel = 8

    private let loop: EventLoop
    private let services: any ModuleServices
    private let timer = Timer()
    private var pages: [PreloadPlan.Page] = []
    private var sinks: [ObjectIdentifier: PreloadSink] = [:]
    private var isListed = false
    /// Whether web.config files are being read for it.
    private var isReading = false
    private var isStopped = false
    private var pipeline: RequestPipeline?
    private var waiting: [() -> Void] = []

    init(on loop: EventLoop, services: any ModuleServices) {
        self.loop = loop
        self.services = services
    }

    /// Whether somebody waits for applications to be warm.
    var isAwaited: Bool { !waiting.isEmpty }

    /// Warms up, and calls `then` when those are warm that the worker is to be ready with, or at once where it serves
    /// already.
    ///
    /// - Parameter isFirst: whether the worker does not serve yet.
    func run(
        _ plan: PreloadPlan, in pipeline: RequestPipeline, isFirst: Bool, then: @escaping () -> Void
    ) {
        self.pipeline = pipeline
        guard !plan.preloaded.isEmpty else {
            if isAwaited { waiting.append(then) } else { then() }
            return read { isFirst ? plan.otherPages() : [] }
        }
        if isFirst || isAwaited {
            waiting.append(then)
            // The master gives up at the limit; four fifths of it leave the time to say that the worker is ready.
            let nanoseconds = plan.limit.components.seconds * 800_000_000
            if isFirst { loop.start(timer, after: UInt64(clamping: nanoseconds), self) }
        } else {
            then()
        }
        // The others restart with the worker, and otherwise when a client asks.
        read { plan.preloadedPages() + (isFirst ? plan.otherPages() : []) }
    }

    /// Nothing is served any more: what is under way is given up.
    func stop() {
        isStopped = true
        pages = []
        for sink in sinks.values { sink.request?.clientGone() }
        sinks = [:]
        finish()
    }

    func timerFired(_ timer: Timer) { finish() }

    private func read(_ plan: @escaping @Sendable () -> [PreloadPlan.Page]) {
        // Another version of the configuration warms up what the first is warming up already.
        guard !isReading, sinks.isEmpty, !isStopped else { return finishIfDone() }
        isReading = true
        services.perform(plan) { [self] (found: [PreloadPlan.Page]) in
            isReading = false
            if !isStopped { pages = found }
            next()
        }
    }

    private func next() {
        guard let pipeline else { return }
        while sinks.count < Self.parallel, !pages.isEmpty {
            guard let head = pages.removeFirst().head() else { continue }
            let sink = PreloadSink { [weak self] in self?.ended($0) }
            sinks[ObjectIdentifier(sink)] = sink
            let request = pipeline.begin(head, sink)
            if !sink.isDone { sink.request = request }
        }
        finishIfDone()
    }

    /// The next one begins when this one's end is through.
    private func ended(_ sink: PreloadSink) {
        sinks[ObjectIdentifier(sink)] = nil
        guard !isListed else { return }
        isListed = true
        loop.inNextTurn(self)
    }

    func turnEnded() {
        isListed = false
        next()
    }

    private func finishIfDone() { if sinks.isEmpty, pages.isEmpty, !isReading { finish() } }

    private func finish() {
        loop.cancel(timer)
        let actions = waiting
        waiting = []
        for action in actions { action() }
    }
}
